using System.Collections.Immutable;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Queries;

/// <summary>Reads, and puts traces into words.</summary>
[GrainType("query")]
[StatelessWorker]
[Reentrant]
public sealed class QueryGrain(
    ITrackingQueries queries, EmailNames emails, Explainer explainer, IContentStore contents, TimeProvider time)
    : Grain, IQueryGrain
{
    private const int QueueMax = 1_000;
    private static readonly TimeSpan LeftOutFor = TimeSpan.FromDays(30);

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ListAsync(EmailFilter filter, CancellationToken cancellationToken) =>
        queries.ListAsync(Organization, filter, cancellationToken);

    /// <inheritdoc/>
    public async Task<Explanation?> ExplainAsync(string email, CancellationToken cancellationToken) =>
        await emails.FindAsync(Organization, email, cancellationToken) is { } row
            ? await explainer.ExplainAsync(Organization, row, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<ImmutableArray<EmailRow>> ReadConversationAsync(Guid conversationId, CancellationToken cancellationToken) =>
        (await emails.FindConversationAsync(Organization, conversationId.ToString(), cancellationToken))?.Emails ?? [];

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ExportAsync(MessageKey? after, CancellationToken cancellationToken) =>
        queries.ExportAsync(Organization, after, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(int countMax, CancellationToken cancellationToken) =>
        queries.ReadDeadLettersAsync(Organization, countMax, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(int countMax, CancellationToken cancellationToken) =>
        queries.ReadCrowdedIdsAsync(Organization, countMax, cancellationToken);

    /// <inheritdoc/>
    public Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken) => queries.ReadBacklogAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(Guid queueId, int countMax, CancellationToken cancellationToken) =>
        queries.ReadQueueAsync(Organization, queueId, Math.Clamp(countMax, 1, QueueMax), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountLeftOutAsync(EmailAddress mailbox, CancellationToken cancellationToken) =>
        queries.CountLeftOutAsync(Organization, mailbox, time.GetUtcNow() - LeftOutFor, cancellationToken);

    /// <inheritdoc/>
    public Task<TrackingCounts> CountAsync(CancellationToken cancellationToken) =>
        queries.CountAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadRawAsync(Guid activityId, long offset, CancellationToken cancellationToken)
    {
        if (await queries.FindKeyAsync(Organization, activityId, cancellationToken) is not { } key ||
            (await queries.FindAsync(Organization, key, cancellationToken))?.Activity is not { } activity ||
            await contents.GetAsync(Organization, activity.ContentHash, cancellationToken) is not { } content)
        {
            return null;
        }

        var start = (int)Math.Clamp(offset, 0, content.Length);
        return content[start..Math.Min(content.Length, start + IIntakeGrain.PartBytesMax)];
    }
}
