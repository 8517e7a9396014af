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

/// <summary>A mailbox that is to label its copies anew because of an event: an email of it is tracked now, or is not any more.</summary>
/// <param name="Mailbox">The mailbox: it is read from a server, and holds a copy.</param>
/// <param name="ConversationId">The event's conversation.</param>
/// <param name="Number">The event's number in it.</param>
/// <param name="Attempts">How often it was tried.</param>
[GenerateSerializer, Immutable, Alias("CopyStamp")]
public sealed record CopyStamp(
    [property: Id(0)] EmailAddress Mailbox,
    [property: Id(1)] Guid ConversationId,
    [property: Id(2)] long Number,
    [property: Id(3)] int Attempts);

/// <summary>An event of a conversation as it is stored.</summary>
/// <param name="Number">Its number in its conversation: 1, 2, 3 and so on, without gaps, in the order of the commits.</param>
/// <param name="Event">What became of which email.</param>
/// <param name="OccurredOn">When it was stored; UTC.</param>
[GenerateSerializer, Immutable, Alias("NumberedEvent")]
public sealed record NumberedEvent(
    [property: Id(0)] long Number, [property: Id(1)] EmailEvent Event, [property: Id(2)] DateTimeOffset OccurredOn);

/// <summary>Mailboxes whose outbox items are being worked at: no others of them are taken meanwhile.</summary>
/// <param name="WithContent">Those that decide items again from raw mail that is kept.</param>
/// <param name="FromServer">Those that read items from their server.</param>
[GenerateSerializer, Immutable, Alias("BusyMailboxes")]
public sealed record BusyMailboxes(
    [property: Id(0)] ImmutableArray<EmailAddress> WithContent, [property: Id(1)] ImmutableArray<EmailAddress> FromServer)
{
    /// <summary>No mailbox.</summary>
    public static BusyMailboxes None { get; } = new([], []);
}

/// <summary>What is to be done after a commit. Drained by state: a row is there until its work is durable.</summary>
public interface IOutbox
{
    /// <summary>The items that are due, earliest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="countMax">How many to return at most.</param>
    /// <param name="busy">Mailboxes whose items are left out, so that a slow one does not take the place of the others; null: none.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, BusyMailboxes? busy = null, CancellationToken cancellationToken = default);

    /// <summary>When the next item or stamp is due; null when there is none.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="after">Only later than this moment; UTC. Null: any.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<DateTimeOffset?> NextDueAsync(string organization, DateTimeOffset? after = null, CancellationToken cancellationToken = default);

    /// <summary>The mailboxes that are due to label their copies, earliest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="busy">Mailboxes that are left out: they are labelling.</param>
    /// <param name="countMax">How many stamps to return at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<CopyStamp>> ReadStampsAsync(
        string organization, DateTimeOffset now, ImmutableArray<EmailAddress> busy, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Removes stamps that are done. Safe to repeat.</summary>
    Task RemoveStampsAsync(string organization, ImmutableArray<CopyStamp> stamps, CancellationToken cancellationToken = default);

    /// <summary>Moves stamps to a later time, one attempt more.</summary>
    Task PostponeStampsAsync(
        string organization, ImmutableArray<CopyStamp> stamps, DateTimeOffset dueOn, CancellationToken cancellationToken = default);

    /// <summary>The events of a conversation, by number.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="conversation">The conversation; one that was merged into another keeps the events that it had.</param>
    /// <param name="after">Those after this number; 0: from the first.</param>
    /// <param name="countMax">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<NumberedEvent>> ReadEventsAsync(
        string organization, Guid conversation, long after, int countMax, CancellationToken cancellationToken = default);

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
