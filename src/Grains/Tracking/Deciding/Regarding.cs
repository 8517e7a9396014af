using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Where a claim for an email's regarding comes from; the smallest <see cref="Regarding.Rank"/> wins. The numbers are storage format.</summary>
public enum RegardingSource
{
    /// <summary>A person, for this email alone: nobody inherits it.</summary>
    ByHandHere = 0,

    /// <summary>A person, for the email and all that inherit from it.</summary>
    ByHand = 1,

    /// <summary>The conversation of a mail sent from the CRM, or of a believed token.</summary>
    Token = 2,

    /// <summary>The tracked folder where the mail lies or last lay.</summary>
    Folder = 3,

    /// <summary>The conversation of any other correlated mail.</summary>
    Correlated = 4,

    /// <summary>A rule.</summary>
    Rule = 5,

    /// <summary>The sender's only open case or opportunity, else its account: of mail that answers nothing.</summary>
    Sender = 6,

    /// <summary>The rule of a queue that the email still goes to: it goes before what the email answers.</summary>
    QueueRule = 7,
}

/// <summary>One claim that an email is about a record.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Record">The record.</param>
/// <param name="Mailbox">For a folder: its mailbox.</param>
/// <param name="Folder">For a folder: its name in the places of what was seen there, whatever it is called later.</param>
/// <param name="Position">For a folder: the mailbox's place among the recipients; <see cref="int.MaxValue"/> when it has none.</param>
[GenerateSerializer, Immutable, Alias("RegardingClaim")]
public sealed record RegardingClaim(
    [property: Id(0)] RegardingSource Source,
    [property: Id(1)] RecordReference Record,
    [property: Id(2)] EmailAddress? Mailbox,
    [property: Id(3)] string? Folder,
    [property: Id(4)] int Position)
{
    /// <summary>Whether a rule made it.</summary>
    public bool IsByRule => Source is RegardingSource.Rule or RegardingSource.QueueRule;

    /// <summary>Whether a person made it.</summary>
    public bool IsByHand => Source is RegardingSource.ByHand or RegardingSource.ByHandHere;

    /// <summary>The order in which an email's claims are kept.</summary>
    public static IComparer<RegardingClaim> Stored { get; } = Comparer<RegardingClaim>.Create((one, other) =>
    {
        var order = one.Source.CompareTo(other.Source);
        order = order != 0 ? order : string.CompareOrdinal(one.Mailbox?.Value, other.Mailbox?.Value);
        order = order != 0 ? order : string.CompareOrdinal(one.Folder, other.Folder);
        return order != 0 ? order : one.Record.Id.CompareTo(other.Record.Id);
    });

    /// <summary>A person's claim.</summary>
    /// <param name="record">The record.</param>
    /// <param name="forThisMailOnly">Whether nobody inherits it.</param>
    public static RegardingClaim ByHand(RecordReference record, bool forThisMailOnly) =>
        new(forThisMailOnly ? RegardingSource.ByHandHere : RegardingSource.ByHand, record, null, null, int.MaxValue);
}

/// <summary>What an email is about (Dataverse column <c>regardingobjectid</c>), and why.</summary>
/// <param name="Source">The kind of claim that won.</param>
/// <param name="Record">The record.</param>
/// <param name="Email">The email that the record was inherited from; null for a claim of the email's own.</param>
[GenerateSerializer, Immutable, Alias("RegardingLink")]
public sealed record RegardingLink(
    [property: Id(0)] RegardingSource Source, [property: Id(1)] RecordReference Record, [property: Id(2)] MessageKey? Email);

/// <summary>The strongest claim wins; a mail inherits from the mail it correlates to, never from its answers.</summary>
public static class Regarding
{
    /// <summary>Where a source stands; the smallest wins. What a queue's rule said of this very email goes before what it inherits.</summary>
    /// <param name="source">The source.</param>
    /// <param name="foldersFirst"><see cref="AcceptanceSettings.PutsFoldersFirst"/>.</param>
    public static int Rank(RegardingSource source, bool foldersFirst) =>
        source == RegardingSource.QueueRule ? 3
        : source == RegardingSource.Folder && foldersFirst ? -1
        : 2 * (int)source;

    /// <summary>What one email is about.</summary>
    /// <param name="claims">The email's own claims.</param>
    /// <param name="accepting">The mailbox that stands for all that accepted it.</param>
    /// <param name="correlation">What it answers.</param>
    /// <param name="inherited">What the email that it answers is about; null when nothing.</param>
    /// <param name="foldersFirst"><see cref="AcceptanceSettings.PutsFoldersFirst"/>.</param>
    /// <returns>Null when nothing claims it.</returns>
    public static RegardingLink? Decide(
        ImmutableArray<RegardingClaim> claims, EmailAddress? accepting, Correlation correlation, RegardingLink? inherited, bool foldersFirst)
    {
        ArgumentNullException.ThrowIfNull(correlation);
        // Who its sender is says nothing of a mail that answers another.
        var own = claims
            .Where(claim => claim.Source != RegardingSource.Sender || correlation.Email is null)
            .OrderBy(claim => Rank(claim.Source, foldersFirst))
            .ThenBy(claim => claim.Mailbox != accepting && !claim.IsByRule)
            .ThenBy(claim => claim.Position)
            .ThenBy(claim => claim.Mailbox?.Value, StringComparer.Ordinal)
            .ThenBy(claim => claim.Folder, StringComparer.Ordinal)
            .ThenBy(claim => claim.Record.Id)
            .FirstOrDefault();
        var source = correlation.Method == CorrelationMethod.TrackingToken ? RegardingSource.Token : RegardingSource.Correlated;
        var inherits = inherited is not null && correlation.Grounded;
        if (own is not null && !(inherits && Rank(source, foldersFirst) < Rank(own.Source, foldersFirst)))
        {
            return new RegardingLink(own.Source, own.Record, null);
        }

        return inherits ? new RegardingLink(source, inherited!.Record, correlation.Email) : null;
    }
}
