using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What a person did. The numbers are storage format.</summary>
public enum ActKind
{
    /// <summary>Tracked an email, whatever the filters say.</summary>
    Track = 1,

    /// <summary>Took an email out: it stays known and hidden.</summary>
    Untrack = 2,

    /// <summary>Said what an email, and all that inherit from it, are about.</summary>
    Regarding = 3,

    /// <summary>Stopped a conversation: what is received later stays out.</summary>
    Stop = 4,

    /// <summary>Let a stopped conversation go on.</summary>
    Resume = 5,

    /// <summary>Let a held email speak.</summary>
    Admit = 6,

    /// <summary>Made two conversations one.</summary>
    Merge = 7,

    /// <summary>Made one conversation two.</summary>
    Split = 8,

    /// <summary>Took an act back.</summary>
    Undo = 9,

    /// <summary>Erased emails: only digests of them stay, and nothing brings them back.</summary>
    Erase = 10,

    /// <summary>Said which record an address stands for in one email.</summary>
    Resolve = 11,
}

/// <summary>One thing that a person did: a fact like a mail, and never changed. To undo it is an act of its own.</summary>
[GenerateSerializer, Immutable, Alias("Act")]
public sealed record Act
{
    /// <summary>The caller's name for it: the same id again changes nothing.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>What was done.</summary>
    [Id(1)]
    public required ActKind Kind { get; init; }

    /// <summary>Who did it: 1 to 200 characters.</summary>
    [Id(2)]
    public required string By { get; init; }

    /// <summary>When it was done, which may be before we learned it; UTC.</summary>
    [Id(3)]
    public required DateTimeOffset On { get; init; }

    /// <summary>
    /// The keys of the emails that are meant. One side for most; for a merge the two conversations as they were, for a split those that
    /// left and those that stayed; an undo has the sides of what it undoes, but that of a track, see <see cref="TakesOut"/>.
    /// </summary>
    [Id(4)]
    public required ImmutableArray<ImmutableArray<MessageKey>> Sides { get; init; }

    /// <summary>
    /// What the emails are about, for <see cref="ActKind.Regarding"/> and, if given, <see cref="ActKind.Track"/>; for
    /// <see cref="ActKind.Resolve"/> the record that <see cref="Address"/> stands for.
    /// </summary>
    [Id(5)]
    public RecordReference? Record { get; init; }

    /// <summary>
    /// For a regarding: whether nobody inherits it. For an undo of a track: whether no filter wants the emails of the first side.
    /// </summary>
    [Id(6)]
    public bool ForThisMailOnly { get; init; }

    /// <summary>For an undo: the act that it takes back.</summary>
    [Id(7)]
    public Guid? Undoes { get; init; }

    /// <summary>For a resolve: the address of a party of the emails; null for any other act.</summary>
    [Id(8)]
    public EmailAddress? Address { get; init; }

    /// <summary>
    /// For a resolve: what <see cref="Record"/> is when the act is read, the record that it was merged into; null when it is
    /// deleted, a disabled user, or of a table that takes no activities: then the directory says again whom the address stands for.
    /// Never stored.
    /// </summary>
    [Id(9)]
    public RecordReference? Meant { get; init; }

    /// <summary>Whether it takes an email out: said in a word, or by taking back the track without which no mailbox would have it.</summary>
    public bool TakesOut(MessageKey email) =>
        Kind == ActKind.Untrack || (Kind == ActKind.Undo && ForThisMailOnly && Sides[0].Contains(email));

    /// <summary>Every email that is meant.</summary>
    public IEnumerable<MessageKey> Emails => Sides.SelectMany(side => side);

    /// <summary>Earliest first; the id breaks ties, so that replays agree.</summary>
    public static IComparer<Act> ByTime { get; } = Comparer<Act>.Create((one, other) =>
        one.On != other.On ? one.On.CompareTo(other.On) : one.Id.CompareTo(other.Id));
}
