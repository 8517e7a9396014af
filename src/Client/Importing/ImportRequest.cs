using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Importing;

/// <summary>What to import, and where to.</summary>
internal sealed record ImportRequest
{
    public const int InFlightCeiling = 4_096;

    public required ImmutableArray<string> Paths { get; init; }

    public required EmailAddress Mailbox { get; init; }

    public string Folder { get; init; } = "Inbox";

    /// <summary>Whether the mailbox is asked to be a queue's.</summary>
    public bool IsQueue { get; init; }

    /// <summary>The filter that is asked for; null: all mail, for a mailbox that is created.</summary>
    public FilterMethod? Filter { get; init; }

    /// <summary>How many deliveries are under way at once.</summary>
    public int InFlightMax { get; init; } = 64;

    /// <summary>Whether a remembered position is passed over.</summary>
    public bool Restarts { get; init; }
}

/// <summary>How an import ended.</summary>
/// <param name="Counts">How many came to what.</param>
/// <param name="Problems">What a person should look at.</param>
/// <param name="Mailbox">The mailbox as it stands.</param>
/// <param name="IsMailboxCreated">Whether the import created it.</param>
/// <param name="Resumed">Where files were gone on with.</param>
/// <param name="IsInterrupted">Whether it was stopped before its end.</param>
/// <param name="Failure">Why it could not go on; null when it could.</param>
internal sealed record ImportResult(
    ImportCounts Counts,
    ImmutableArray<ImportProblem> Problems,
    MailboxFacts Mailbox,
    bool IsMailboxCreated,
    ImmutableArray<string> Resumed,
    bool IsInterrupted,
    ClusterUnreachableException? Failure);
