using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EmailTracking.Outbox;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client;

/// <content>Questions. All of them only read.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IQueryGrain.ListAsync"/>
    public Task<ImmutableArray<EmailRow>> ListAsync(EmailFilter filter, CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ListAsync(filter, token), cancellationToken);

    /// <inheritdoc cref="IQueryGrain.ExplainAsync"/>
    public Task<Explanation?> ExplainAsync(string email, CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ExplainAsync(email, token), cancellationToken);

    /// <inheritdoc cref="IQueryGrain.ReadConversationAsync"/>
    public Task<ImmutableArray<EmailRow>> ReadConversationAsync(Guid conversationId, CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ReadConversationAsync(conversationId, token), cancellationToken);

    /// <summary>Every email that was ever seen, one row each, in the order of their keys.</summary>
    /// <remarks>Read page by page: what arrives meanwhile is in it or not, each email at most once.</remarks>
    public async IAsyncEnumerable<EmailRow> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        MessageKey? after = null;
        while (true)
        {
            var last = after;
            var page = await AskAsync((query, token) => query.ExportAsync(last, token), cancellationToken);
            if (page.IsEmpty)
            {
                yield break;
            }

            foreach (var row in page)
            {
                yield return row;
            }

            after = page[^1].Key;
        }
    }

    /// <summary>The emails in a queue, newest first.</summary>
    /// <param name="queueId">The queue.</param>
    /// <param name="countMax">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(
        Guid queueId, int countMax = 50, CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ReadQueueAsync(queueId, countMax, token), cancellationToken);

    /// <summary>The dead letters, newest first.</summary>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(int countMax = 100, CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ReadDeadLettersAsync(countMax, token), cancellationToken);

    /// <inheritdoc cref="IDeadLetterGrain.FindAsync"/>
    public Task<DeadLetter?> FindDeadLetterAsync(SightingPlace place, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IDeadLetterGrain>().FindAsync(place, token), cancellationToken);

    /// <inheritdoc cref="IDeadLetterGrain.RetryAsync"/>
    public Task<RetriedLetter?> RetryDeadLetterAsync(SightingPlace place, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IDeadLetterGrain>().RetryAsync(place, token), cancellationToken);

    /// <inheritdoc cref="IQueryGrain.ReadCrowdedIdsAsync"/>
    public Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(int countMax = 100, CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ReadCrowdedIdsAsync(countMax, token), cancellationToken);

    /// <inheritdoc cref="IQueryGrain.ReadBacklogAsync"/>
    public Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.ReadBacklogAsync(token), cancellationToken);

    /// <inheritdoc cref="IQueryGrain.CountAsync"/>
    public Task<TrackingCounts> CountAsync(CancellationToken cancellationToken = default) =>
        AskAsync((query, token) => query.CountAsync(token), cancellationToken);

    /// <summary>Opens the raw mail of a tracked email, byte for byte; it is fetched as it is read.</summary>
    /// <param name="activityId">Its activity id.</param>
    /// <param name="cancellationToken">Stops the first read.</param>
    /// <returns>Null when there is no such activity.</returns>
    public async Task<Stream?> OpenRawAsync(Guid activityId, CancellationToken cancellationToken = default)
    {
        Task<ReadOnlyMemory<byte>?> Part(long offset, CancellationToken token) =>
            AskAsync((query, inner) => query.ReadRawAsync(activityId, offset, inner), token);

        return await Part(0, cancellationToken) is { } first ? new RawMailStream(first, Part) : null;
    }

    private Task<T> AskAsync<T>(Func<IQueryGrain, CancellationToken, Task<T>> question, CancellationToken cancellationToken) =>
        _patience.TryAsync(token => question(Service<IQueryGrain>(), token), cancellationToken);
}
