using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>Queues and what is in them.</content>
internal sealed partial class PostgresTrackingQueries
{
    private const string InQueue = """
        select e.key, q.entered_on from queue_item q join email e on e.id = q.email_id and e.left_out is null
        where q.queue_id = $2 and q.org = $1 order by q.entered_on desc, e.key limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(
        string organization, Guid queueId, int countMax, CancellationToken cancellationToken = default)
    {
        var items = await AllAsync(
            organization, InQueue, row => (Key: Rows.Key(row, 0), EnteredOn: Rows.Time(row, 1)), cancellationToken, Value(queueId), Value(countMax));
        var emails = (await EmailRowsReader.ReadAsync(
            sources.Edits,
            organization,
            await names.OrganizationAsync(organization, cancellationToken),
            [.. items.Select(item => item.Key)],
            cancellationToken)).ToDictionary(email => email.Key);
        return [.. items.Where(item => emails.ContainsKey(item.Key)).Select(item => new QueueItemRow(item.EnteredOn, emails[item.Key]))];
    }

    private const string Queues = """
        select q.queue_id from email e join queue_item q on q.email_id = e.id where e.key = $2 and e.org = $1 order by q.queue_id
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<Guid>> ReadQueuesOfAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        [.. await AllAsync(organization, Queues, row => row.GetGuid(0), cancellationToken, Value(email.ToBytes()))];
}
