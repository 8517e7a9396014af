using System.Collections.Immutable;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Queries;

/// <summary>Reads, and puts traces into words.</summary>
[GrainType("query")]
[StatelessWorker]
[Reentrant]
public sealed class QueryGrain(
    ITrackingQueries queries, EmailNames emails, IDirectory directory, IContentStore contents, TimeProvider time)
    : Grain, IQueryGrain
{
    private const int QueueMax = 1_000;
    private static readonly TimeSpan LeftOutFor = TimeSpan.FromDays(30);

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ListAsync(EmailFilter filter, CancellationToken cancellationToken) =>
        queries.ListAsync(Organization, filter, cancellationToken);

    /// <inheritdoc/>
    public async Task<Explanation?> ExplainAsync(string email, CancellationToken cancellationToken)
    {
        if (await emails.FindAsync(Organization, email, cancellationToken) is not { } row)
        {
            return null;
        }

        var decisions = await queries.ReadDecisionsAsync(Organization, row.Key, cancellationToken);
        var trace = await queries.ReadTraceAsync(Organization, row.Key, cancellationToken);
        var parties = row.Activity is null ? [] : await queries.ReadPartiesAsync(Organization, row.Key, cancellationToken);
        var partyTrace = row.Activity is null ? [] : await queries.ReadPartyTraceAsync(Organization, row.Key, cancellationToken);
        var queues = row.Activity is null ? [] : await queries.ReadQueuesOfAsync(Organization, row.Key, cancellationToken);
        ImmutableArray<TraceEntry> told = [.. trace, .. partyTrace];
        var names = await TraceNames.ReadAsync(
            [.. told, .. decisions.SelectMany(decision => decision.Trace)],
            key => queries.FindAsync(Organization, key, cancellationToken),
            records => directory.ReadRecordsAsync(Organization, records, cancellationToken),
            row.Activity);
        var sentences = TraceWords.Of(row, decisions, told, names);
        var work = await WorkWords.ReadAsync(
            row.Activity?.Owner ?? default, queues, records => directory.ReadRecordsAsync(Organization, records, cancellationToken));
        var choices = await ReadChoicesAsync(row.Key, parties, cancellationToken);
        return new Explanation(row, [.. sentences, .. choices, .. work], decisions, trace, parties);
    }

    private async Task<ImmutableArray<string>> ReadChoicesAsync(
        MessageKey email, ImmutableArray<ActivityParty> parties, CancellationToken cancellationToken)
    {
        if (parties.IsEmpty)
        {
            return [];
        }

        var hand = new ActLog(await queries.ReadActsAsync(Organization, [email], cancellationToken)).Of(email);
        ImmutableArray<EmailAddress> addresses = [.. parties.Select(party => party.Participant.Address).OfType<EmailAddress>().Distinct()];
        var choices = await directory.ReadChoicesAsync(Organization, addresses, cancellationToken);
        return await ChoiceWords.ReadAsync(
            hand, addresses, choices, records => directory.ReadRecordsAsync(Organization, records, cancellationToken));
    }

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
