using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Queue items of emails that are written before, or stand.</summary>
internal static class QueueStatements
{
    public static void Append(NpgsqlBatch batch, List<(int Org, QueueItem Item)> rows, DateTimeOffset now)
    {
        if (rows.Count > 0)
        {
            batch.Add(
                Insert,
                Column(rows, NpgsqlDbType.Integer, row => row.Org),
                Keys(rows, row => row.Item.Email),
                Column(rows, NpgsqlDbType.Uuid, row => row.Item.QueueId),
                Value(now.UtcDateTime));
        }
    }

    // Two copies reach one queue at once: one item is there, whoever wrote it, and nothing was decided on its absence.
    private const string Insert = """
        insert into queue_item (org, queue_id, email_id, entered_on)
        select u.org, u.queue_id, e.id, $4 from unnest($1::int[], $2::bytea[], $3::uuid[]) as u(org, key, queue_id)
        cross join lateral (select x.id from email x where x.org = u.org and x.key = u.key offset 0) e
        on conflict do nothing
        """;
}
