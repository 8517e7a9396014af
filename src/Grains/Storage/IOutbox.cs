using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>A sighting that is to be decided again: what it waits for has come, or others won every commit.</summary>
/// <param name="Place">Where the copy was seen.</param>
/// <param name="ContentHash">Its raw mail; <see cref="Sighting.NoContent"/> when that lies in its mailbox.</param>
/// <param name="FolderKind">Whether the folder holds sent mail.</param>
/// <param name="ReceivedOn">When the mailbox received it; UTC.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="IsBackfill">Whether an import brought it.</param>
[GenerateSerializer, Immutable, Alias("OutboxItem")]
public sealed record OutboxItem(
    [property: Id(0)] SightingPlace Place,
    [property: Id(1)] string ContentHash,
    [property: Id(2)] FolderKind FolderKind,
    [property: Id(3)] DateTimeOffset ReceivedOn,
    [property: Id(4)] int Attempts,
    [property: Id(5)] bool IsBackfill = false)
{
    /// <summary>Whether its raw mail is kept, or lies in its mailbox.</summary>
    public bool HasContent => ContentHash != Sighting.NoContent;
}

/// <summary>What is to be done after a commit. Drained by state: a row is there until its work is durable.</summary>
public interface IOutbox
{
    /// <summary>The items that are due, earliest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="countMax">How many to return at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, CancellationToken cancellationToken = default);

    /// <summary>When the next item is due; null when there is none.</summary>
    Task<DateTimeOffset?> NextDueAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Records that sightings could not be decided now, as deferred, and when they are tried next.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="sightings">The sightings.</param>
    /// <param name="dueOn">When they are tried next; UTC.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    Task DeferAsync(
        string organization, ImmutableArray<Sighting> sightings, DateTimeOffset dueOn, CancellationToken cancellationToken = default);

    /// <summary>Moves items to a later time, one attempt more.</summary>
    Task PostponeAsync(
        string organization, ImmutableArray<SightingPlace> places, DateTimeOffset dueOn, CancellationToken cancellationToken = default);

    /// <summary>Keeps a message that cannot become a sighting, with the step that failed.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="letter">What failed.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    Task BuryAsync(string organization, DeadLetter letter, CancellationToken cancellationToken = default);

    /// <summary>Removes a dead letter that was decided after all, unless it failed again since it was read. Safe to repeat.</summary>
    Task RemoveDeadLetterAsync(string organization, DeadLetter letter, CancellationToken cancellationToken = default);
}

/// <summary>A message that could not be decided. It is kept, listed, and does not stop those behind it.</summary>
/// <param name="Place">Where it was seen.</param>
/// <param name="Step">The step that failed: parse, decide, commit.</param>
/// <param name="Reason">Why.</param>
/// <param name="Problem">What was said, at most 2,000 characters.</param>
/// <param name="ContentHash">Its raw mail; null when that lies in a mailbox.</param>
/// <param name="FailedOn">When; UTC.</param>
[GenerateSerializer, Immutable, Alias("DeadLetter")]
public sealed record DeadLetter(
    [property: Id(0)] SightingPlace Place,
    [property: Id(1)] string Step,
    [property: Id(2)] ReasonCode Reason,
    [property: Id(3)] string Problem,
    [property: Id(4)] string? ContentHash,
    [property: Id(5)] DateTimeOffset FailedOn)
{
    /// <summary>When the mailbox received it; UTC; null when that is not known.</summary>
    [Id(6)]
    public DateTimeOffset? ReceivedOn { get; init; }

    /// <summary>Whether it is old mail that a back-fill or an import brought.</summary>
    [Id(7)]
    public bool IsBackfill { get; init; }
}
