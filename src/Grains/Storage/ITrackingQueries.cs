using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>What people ask of the store. Reading only; never on an email's path.</summary>
public interface ITrackingQueries
{
    /// <summary>Emails by subject, address, date and outcome, newest first.</summary>
    Task<ImmutableArray<EmailRow>> ListAsync(string organization, EmailFilter filter, CancellationToken cancellationToken = default);

    /// <summary>One email, tracked or not, by its key; null when it was never seen.</summary>
    Task<EmailRow?> FindAsync(string organization, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>The key of the email with an activity id; null when there is none.</summary>
    Task<MessageKey?> FindKeyAsync(string organization, Guid activityId, CancellationToken cancellationToken = default);

    /// <summary>The id under which a conversation lives today; null when no conversation ever had the id.</summary>
    Task<Guid?> ResolveConversationAsync(string organization, Guid conversationId, CancellationToken cancellationToken = default);

    /// <summary>The emails of a conversation, by (sent date, key), at most 10,000.</summary>
    Task<ImmutableArray<EmailRow>> ReadConversationAsync(
        string organization, Guid conversationId, CancellationToken cancellationToken = default);

    /// <summary>The decisions on every sighting of an email, by mailbox, folder and item.</summary>
    Task<ImmutableArray<DecisionRow>> ReadDecisionsAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>What was looked at to find an email's place; empty for an untracked one.</summary>
    Task<ImmutableArray<TraceEntry>> ReadTraceAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>The participants of an email and their records, in order.</summary>
    Task<ImmutableArray<ActivityParty>> ReadPartiesAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>How the participants of an email were resolved, as far as that is not plain: what was linked later.</summary>
    Task<ImmutableArray<TraceEntry>> ReadPartyTraceAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>The emails that a change of a record may show otherwise: with a participant of its addresses, or about it.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="record">The record. What was merged or converted into it counts as it. Null for addresses alone.</param>
    /// <param name="addresses">Addresses that it is to have besides those that it has.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<TouchedEmails> ReadTouchedAsync(
        string organization,
        RecordReference? record,
        ImmutableArray<EmailAddress> addresses,
        CancellationToken cancellationToken = default);

    /// <summary>An act by its id; null when there is none.</summary>
    Task<Act?> FindActAsync(string organization, Guid act, CancellationToken cancellationToken = default);

    /// <summary>What people did with some emails, in order of time.</summary>
    Task<ImmutableArray<Act>> ReadActsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken = default);

    /// <summary>The latest acts, newest first.</summary>
    Task<ImmutableArray<Act>> ReadLatestActsAsync(
        string organization, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Every email that was ever seen, one row each, by key: pages of at most 1,000.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<EmailRow>> ExportAsync(
        string organization, MessageKey? after, CancellationToken cancellationToken = default);

    /// <summary>The dead letters, newest first.</summary>
    Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(
        string organization, int countMax, CancellationToken cancellationToken = default);

    /// <summary>The dead letter of a place; null when there is none.</summary>
    Task<DeadLetter?> FindDeadLetterAsync(
        string organization, SightingPlace place, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ids that nobody has shown us and that mail of more than 20 domains names: somebody may be tying threads together. Most domains
    /// first.
    /// </summary>
    Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(
        string organization, int countMax, CancellationToken cancellationToken = default);

    /// <summary>The emails in a queue, newest first; those that people keep out are left out.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="queueId">The queue.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(
        string organization, Guid queueId, int countMax, CancellationToken cancellationToken = default);

    /// <summary>The queues that an email is in, in the order of their ids.</summary>
    Task<ImmutableArray<Guid>> ReadQueuesOfAsync(string organization, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>How many emails a mailbox left out since a moment only because its filter does not take all mail.</summary>
    Task<long> CountLeftOutAsync(
        string organization, EmailAddress mailbox, DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>What waits to be done, counted up to <see cref="Backlog.CountedMax"/>.</summary>
    Task<Backlog> ReadBacklogAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>How much there is: emails, conversations, decisions by outcome, outbox, dead letters.</summary>
    Task<TrackingCounts> CountAsync(string organization, CancellationToken cancellationToken = default);
}

/// <summary>Which emails to list; every condition that is given must hold.</summary>
[GenerateSerializer, Immutable, Alias("EmailFilter")]
public sealed record EmailFilter
{
    /// <summary>Part of the subject, without case.</summary>
    [Id(0)]
    public string? Subject { get; init; }

    /// <summary>The address of a participant.</summary>
    [Id(1)]
    public EmailAddress? Address { get; init; }

    /// <summary>Sent on or after; UTC.</summary>
    [Id(2)]
    public DateTimeOffset? From { get; init; }

    /// <summary>Sent before; UTC.</summary>
    [Id(3)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Emails with this outcome; null: any.</summary>
    [Id(4)]
    public Outcome? Outcome { get; init; }

    /// <summary>How many at most. Default: 50; at most 1,000.</summary>
    [Id(5)]
    public int CountMax { get; init; } = 50;

    /// <summary>What they are about; also when they say so of a record that became this one, or that this one became.</summary>
    [Id(6)]
    public RecordReference? Regarding { get; init; }
}

/// <summary>Emails that a change of a record touches.</summary>
/// <param name="Count">How many.</param>
/// <param name="Latest">The latest 10 of them, newest first.</param>
[GenerateSerializer, Immutable, Alias("TouchedEmails")]
public sealed record TouchedEmails([property: Id(0)] long Count, [property: Id(1)] ImmutableArray<EmailRow> Latest)
{
    /// <summary>How many are shown.</summary>
    public const int LatestMax = 10;
}

/// <summary>What became of the record that an email was decided to be about.</summary>
/// <param name="Successor">The record that it is today, merged or converted; null when it is itself.</param>
/// <param name="DeletedOn">When what it is today was deleted; UTC; null when it is there.</param>
[GenerateSerializer, Immutable, Alias("RegardingFate")]
public sealed record RegardingFate([property: Id(0)] RecordReference? Successor, [property: Id(1)] DateTimeOffset? DeletedOn);

/// <summary>One email as it is shown: tracked, or known by its decisions only.</summary>
[GenerateSerializer, Immutable, Alias("EmailRow")]
public sealed record EmailRow
{
    /// <summary>What it is known by.</summary>
    [Id(0)]
    public required MessageKey Key { get; init; }

    /// <summary>Tracked when any sighting is; else the outcome of its sighting with the smallest outcome number.</summary>
    [Id(1)]
    public required Outcome Outcome { get; init; }

    /// <summary>
    /// The reason of a sighting with that outcome: that of the accepting mailbox for a tracked email, else the smallest number.
    /// </summary>
    [Id(2)]
    public required ReasonCode Reason { get; init; }

    /// <summary>The mailboxes where it was seen, in order of address.</summary>
    [Id(3)]
    public required ImmutableArray<EmailAddress> Mailboxes { get; init; }

    /// <summary>The rest, for a tracked email; null for any other: of untracked mail no content is kept.</summary>
    [Id(4)]
    public ActivityRow? Activity { get; init; }
}

/// <summary>A tracked email's activity as it is shown. Names follow Dataverse's table <c>email</c>.</summary>
[GenerateSerializer, Immutable, Alias("ActivityRow")]
public sealed record ActivityRow
{
    /// <summary>activityid.</summary>
    [Id(0)]
    public required Guid ActivityId { get; init; }

    /// <summary>The Message-ID without brackets; null when it has none.</summary>
    [Id(1)]
    public string? MessageId { get; init; }

    /// <summary>The decoded subject.</summary>
    [Id(2)]
    public required string Subject { get; init; }

    /// <summary>The From address.</summary>
    [Id(3)]
    public EmailAddress? Sender { get; init; }

    /// <summary>The Date header; UTC.</summary>
    [Id(4)]
    public DateTimeOffset? SentOn { get; init; }

    /// <summary>What was decided of it.</summary>
    [Id(5)]
    public required EmailState State { get; init; }

    /// <summary>The correlated email's activity id; null when it answers nothing.</summary>
    [Id(6)]
    public Guid? CorrelatedActivityId { get; init; }

    /// <summary>The same, when that email is the parent.</summary>
    [Id(7)]
    public Guid? ParentActivityId { get; init; }

    /// <summary>The raw mail that stands for it.</summary>
    [Id(8)]
    public required string ContentHash { get; init; }

    /// <summary>The mailbox where it was first accepted (Dataverse column <c>receivingmailboxid</c>).</summary>
    [Id(9)]
    public required EmailAddress ReceivingMailbox { get; init; }

    /// <summary>The tracking token in the subject of mail of our side; else null.</summary>
    [Id(10)]
    public string? TrackingToken { get; init; }

    /// <summary>What became of the record that it was decided to be about; null when that is there as it was.</summary>
    [Id(11)]
    public RegardingFate? RegardingFate { get; init; }

    /// <summary>Whose email it is, and why.</summary>
    [Id(12)]
    public EmailOwner Owner { get; init; }

    /// <summary>regardingobjectid as it is today; null when it is about nothing, or about what was deleted.</summary>
    public RecordReference? Regarding => RegardingFate is { DeletedOn: not null } ? null : RegardingFate?.Successor ?? State.Regarding?.Record;
}

/// <summary>An email in a queue as it is shown.</summary>
/// <param name="EnteredOn">When it came into the queue; UTC.</param>
/// <param name="Email">The email.</param>
[GenerateSerializer, Immutable, Alias("QueueItemRow")]
public sealed record QueueItemRow([property: Id(0)] DateTimeOffset EnteredOn, [property: Id(1)] EmailRow Email);

/// <summary>A decision as it is shown.</summary>
[GenerateSerializer, Immutable, Alias("DecisionRow")]
public sealed record DecisionRow(
    [property: Id(0)] SightingPlace Place,
    [property: Id(1)] FolderKind FolderKind,
    [property: Id(2)] Outcome Outcome,
    [property: Id(3)] ReasonCode Reason,
    [property: Id(4)] long SettingsVersion,
    [property: Id(5)] DateTimeOffset ReceivedOn,
    [property: Id(6)] string ContentHash,
    [property: Id(7)] ImmutableArray<TraceEntry> Trace);

/// <summary>An id that nobody has shown us, and that mail of many domains names.</summary>
/// <param name="Key">The id's key.</param>
/// <param name="Domains">How many domains the senders are of who name it.</param>
/// <param name="Emails">How many emails name it.</param>
/// <param name="First">The earliest of them.</param>
[GenerateSerializer, Immutable, Alias("CrowdedId")]
public sealed record CrowdedId(
    [property: Id(0)] MessageKey Key, [property: Id(1)] int Domains, [property: Id(2)] int Emails, [property: Id(3)] MessageKey First)
{
    /// <summary>As many domains may name an id before it is listed.</summary>
    public const int DomainsMax = 20;
}

/// <summary>How much there is.</summary>
[GenerateSerializer, Immutable, Alias("TrackingCounts")]
public sealed record TrackingCounts(
    [property: Id(0)] long Emails,
    [property: Id(1)] long Conversations,
    [property: Id(2)] ImmutableDictionary<Outcome, long> Decisions,
    [property: Id(3)] long Outbox,
    [property: Id(4)] long DeadLetters);

/// <summary>What waits to be done.</summary>
/// <param name="Waiting">How many copies wait to be decided again.</param>
/// <param name="NextDueOn">When the first of them is due; UTC; null when none waits.</param>
/// <param name="DeadLetters">How many messages could not be decided, and wait for somebody.</param>
[GenerateSerializer, Immutable, Alias("Backlog")]
public sealed record Backlog([property: Id(0)] long Waiting, [property: Id(1)] DateTimeOffset? NextDueOn, [property: Id(2)] long DeadLetters)
{
    /// <summary>More are not counted.</summary>
    public const int CountedMax = 10_000;
}
