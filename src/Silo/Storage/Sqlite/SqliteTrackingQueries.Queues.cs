using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>Queues and what is in them.</content>
internal sealed partial class SqliteTrackingQueries
{
    private const string InQueue = """
        select e.key, q.entered_on from queue_item q cross join email e on e.id = q.email_id and e.left_out is null
        where q.org = $1 and q.queue_id = $2 order by q.entered_on desc, e.key limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(
        string organization, Guid queueId, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var items = session.Query(InQueue, row => (Key: row.Key(0), EnteredOn: row.Time(1)), org, queueId, countMax);
            var emails = EmailRowsReader.Read(session, organization, org, [.. items.Select(item => item.Key)]).ToDictionary(email => email.Key);
            return items.Where(item => emails.ContainsKey(item.Key))
                .Select(item => new QueueItemRow(item.EnteredOn, emails[item.Key]))
                .ToImmutableArray();
        },
        cancellationToken);

    private const string Queues = """
        select q.queue_id from email e cross join queue_item q on q.email_id = e.id where e.org = $1 and e.key = $2 order by q.queue_id
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Guid>> ReadQueuesOfAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(Queues, row => row.Id(0), names.Read(session, organization), email).ToImmutableArray(), cancellationToken);
}
