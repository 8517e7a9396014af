using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Outbox;

/// <summary>Messages that could not be decided, and another try at each. Not on an email's path. Key: organization/o:.</summary>
[GrainInterfaceType("dead-letter")]
public interface IDeadLetterGrain : IGrainWithStringKey
{
    /// <summary>The dead letter of a place; null when there is none.</summary>
    [Alias("Find")]
    Task<DeadLetter?> FindAsync(SightingPlace place, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has a message decided again: from its raw mail when that is kept, else from its mailbox on the server. It is no dead letter any
    /// more once something was decided. Safe to repeat.
    /// </summary>
    /// <returns>What came of it; null when there is no such dead letter.</returns>
    [Alias("Retry")]
    [ResponseTimeout("00:10:00")]
    Task<RetriedLetter?> RetryAsync(SightingPlace place, CancellationToken cancellationToken = default);
}

/// <summary>What another try at a dead letter came to.</summary>
/// <param name="Outcome">What was decided; null when it was decided from its mailbox, and when it was not decided.</param>
/// <param name="Reason">Why; null when there is no outcome.</param>
/// <param name="Problem">Why it is still a dead letter, and what to do; null when it is none any more.</param>
[GenerateSerializer, Immutable, Alias("RetriedLetter")]
public sealed record RetriedLetter(
    [property: Id(0)] Outcome? Outcome, [property: Id(1)] ReasonCode? Reason, [property: Id(2)] string? Problem);
