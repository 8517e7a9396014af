using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Queries;

/// <summary>Answers what people ask of the store. Reads only. Key: organization/o:.</summary>
[GrainInterfaceType("query")]
public interface IQueryGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="ITrackingQueries.ListAsync"/>
    [Alias("List")]
    Task<ImmutableArray<EmailRow>> ListAsync(EmailFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Everything that is known of one email, with the words for why.</summary>
    /// <param name="email">A Message-ID, with or without brackets; an activity id; or a message key.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when no such email was ever seen.</returns>
    [Alias("Explain")]
    Task<Explanation?> ExplainAsync(string email, CancellationToken cancellationToken = default);

    /// <summary>The emails of a conversation, by (sent date, key).</summary>
    /// <param name="conversationId">Its id, today's or an older one.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Empty when no conversation ever had the id.</returns>
    [Alias("ReadConversation")]
    Task<ImmutableArray<EmailRow>> ReadConversationAsync(Guid conversationId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.ExportAsync"/>
    [Alias("Export")]
    Task<ImmutableArray<EmailRow>> ExportAsync(MessageKey? after, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.ReadDeadLettersAsync"/>
    [Alias("ReadDeadLetters")]
    Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(int countMax, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.ReadCrowdedIdsAsync"/>
    [Alias("ReadCrowdedIds")]
    Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(int countMax, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.CountAsync"/>
    [Alias("Count")]
    Task<TrackingCounts> CountAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.ReadBacklogAsync"/>
    [Alias("ReadBacklog")]
    Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.ReadQueueAsync"/>
    [Alias("ReadQueue")]
    Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(Guid queueId, int countMax, CancellationToken cancellationToken = default);

    /// <summary>How many emails of the last 30 days a mailbox left out that it would have tracked by filter 0.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("CountLeftOut")]
    Task<long> CountLeftOutAsync(EmailAddress mailbox, CancellationToken cancellationToken = default);

    /// <summary>The raw mail of a tracked email, byte for byte.</summary>
    /// <param name="activityId">Its activity id.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>At most 1 MB; empty behind the end; null when there is no such activity.</returns>
    [Alias("ReadRaw")]
    Task<ReadOnlyMemory<byte>?> ReadRawAsync(Guid activityId, long offset, CancellationToken cancellationToken = default);
}

/// <summary>Why an email is tracked, linked or left out.</summary>
/// <param name="Email">The email.</param>
/// <param name="Sentences">The reasons in words, the outcome first.</param>
/// <param name="Decisions">The decision on each sighting.</param>
/// <param name="Trace">What was looked at to find its place.</param>
/// <param name="Parties">Its participants and their records; empty for an untracked email.</param>
[GenerateSerializer, Immutable, Alias("Explanation")]
public sealed record Explanation(
    [property: Id(0)] EmailRow Email,
    [property: Id(1)] ImmutableArray<string> Sentences,
    [property: Id(2)] ImmutableArray<DecisionRow> Decisions,
    [property: Id(3)] ImmutableArray<TraceEntry> Trace,
    [property: Id(4)] ImmutableArray<ActivityParty> Parties);
