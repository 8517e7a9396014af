using EmailTracking.Tracking.Mail;

namespace EmailTracking.Connectors;

/// <summary>What a folder is for, as the server says (RFC 6154) or its name does. The numbers are storage format.</summary>
public enum FolderRole
{
    /// <summary>Any folder that people make.</summary>
    None = 0,

    /// <summary>Where mail arrives.</summary>
    Inbox = 1,

    /// <summary>Mail that the owner sent.</summary>
    Sent = 2,

    /// <summary>Unfinished, unwanted or thrown away mail, and views of all mail: never followed.</summary>
    Aside = 3,
}

/// <summary>A folder as the server shows it.</summary>
/// <param name="Path">How the server calls it.</param>
/// <param name="Name">How people call it: its path from the top with <c>/</c> between, at most 256 characters; the Inbox is <c>Inbox</c>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="IsUnderInbox">Whether it lies below the Inbox, at any depth.</param>
/// <param name="Id">What stays the same when it is renamed or moved (RFC 8474 MAILBOXID); null when the server has none.</param>
/// <param name="Validity">What a folder that is deleted and made again under its name differs in (RFC 3501 UIDVALIDITY); 0 when not asked yet.</param>
public sealed record ServerFolder(string Path, string Name, FolderRole Role, bool IsUnderInbox, string? Id, uint Validity)
{
    /// <summary>How many folders of a mailbox are looked at.</summary>
    public const int CountMax = 10_000;

    /// <summary>The name of the Inbox.</summary>
    public const string InboxName = "Inbox";

    /// <summary>What its mail is.</summary>
    public FolderKind Kind => Role switch
    {
        FolderRole.Inbox => FolderKind.Inbox,
        FolderRole.Sent => FolderKind.SentItems,
        _ => FolderKind.Filed,
    };
}

/// <summary>How far a folder was read. Three marks, so that none passes what another still needs.</summary>
/// <param name="Validity">The numbering that the others count in (RFC 3501 UIDVALIDITY); opaque to callers but for equality.</param>
/// <param name="Next">The first message number that was not read (RFC 3501 UIDNEXT).</param>
/// <param name="Change">
/// The last change that was read (RFC 7162 HIGHESTMODSEQ); 0 when the server counts none. Arrivals leave it where it is, except that the
/// first page sets it, and that one the server has not reached becomes 0.
/// </param>
[GenerateSerializer, Immutable, Alias("FolderMark")]
public sealed record FolderMark([property: Id(0)] uint Validity, [property: Id(1)] uint Next, [property: Id(2)] ulong Change);

/// <summary>A message in its folder: the folder's numbering, and the number.</summary>
[GenerateSerializer, Immutable, Alias("ItemId")]
public readonly record struct ItemId([property: Id(0)] uint Validity, [property: Id(1)] uint Number)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Validity}.{Number}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>Null when it is none.</returns>
    public static ItemId? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 &&
            uint.TryParse(text.AsSpan(0, point), System.Globalization.CultureInfo.InvariantCulture, out var validity) &&
            uint.TryParse(text.AsSpan(point + 1), System.Globalization.CultureInfo.InvariantCulture, out var number)
                ? new ItemId(validity, number)
                : null;
    }
}

/// <summary>A message that came into a folder.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Headers">Its header block, at most 1 MB; null when it cannot be read: <see cref="Problem"/> says why.</param>
/// <param name="Size">Its size in bytes, as the server says.</param>
/// <param name="ReceivedOn">When the server received it (RFC 3501 INTERNALDATE); null when it does not say.</param>
/// <param name="Labels">Its labels (RFC 3501 keywords).</param>
/// <param name="Problem">Why it cannot be read, in a sentence; null when it can.</param>
public sealed record ArrivedItem(
    ItemId Id,
    ReadOnlyMemory<byte>? Headers,
    long Size,
    DateTimeOffset? ReceivedOn,
    IReadOnlyList<string> Labels,
    string? Problem);

/// <summary>What came into a folder.</summary>
/// <param name="Items">The messages, oldest first.</param>
/// <param name="Mark">Where to go on once they are dealt with.</param>
/// <param name="IsRenumbered">Whether the mark that was given means nothing any more: they are from the beginning.</param>
/// <param name="HasMore">Whether more is there already.</param>
public sealed record FolderArrivals(IReadOnlyList<ArrivedItem> Items, FolderMark Mark, bool IsRenumbered, bool HasMore)
{
    /// <summary>
    /// The number of the next message to arrive, when the folder was opened (RFC 3501 UIDNEXT); null when the server does not say.
    /// </summary>
    public uint? Next { get; init; }
}

/// <summary>A message and its labels.</summary>
public sealed record ItemState(ItemId Id, IReadOnlyList<string> Labels);

/// <summary>What changed in a folder since a mark.</summary>
/// <param name="Labelled">Messages whose labels may have changed.</param>
/// <param name="Gone">Messages that are gone; null when the server cannot tell them.</param>
/// <param name="Change">The mark of the last change (<see cref="FolderMark.Change"/>).</param>
public sealed record FolderChanges(IReadOnlyList<ItemState> Labelled, IReadOnlyList<ItemId>? Gone, ulong Change);

/// <summary>What a server can do.</summary>
/// <param name="Names">Its own words for that (RFC 3501 CAPABILITY), for people; at most 100.</param>
/// <param name="Pushes">Whether it tells of changes by itself (RFC 2177).</param>
/// <param name="CountsChanges">Whether it tells what changed since a mark (RFC 7162 CONDSTORE).</param>
/// <param name="TellsGone">Whether it tells what is gone since a mark (RFC 7162 QRESYNC).</param>
/// <param name="KeepsLabels">Whether people can make labels of their own (RFC 3501 PERMANENTFLAGS <c>\*</c>).</param>
/// <param name="HasFolderIds">Whether folders have ids that outlive a new name (RFC 8474).</param>
/// <param name="PushesFolders">Whether it tells of changes in several folders at once (RFC 5465), those of labels too.</param>
[GenerateSerializer, Immutable, Alias("ServerAbilities")]
public sealed record ServerAbilities(
    [property: Id(0)] System.Collections.Immutable.ImmutableArray<string> Names,
    [property: Id(1)] bool Pushes,
    [property: Id(2)] bool CountsChanges,
    [property: Id(3)] bool TellsGone,
    [property: Id(4)] bool KeepsLabels,
    [property: Id(5)] bool HasFolderIds,
    [property: Id(6)] bool PushesFolders);
