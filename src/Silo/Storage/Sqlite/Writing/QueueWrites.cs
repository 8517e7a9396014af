using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Queue items of emails that are written before, or stand.</summary>
internal static class QueueWrites
{
    private const string Insert = """
        insert into queue_item (org, queue_id, email_id, entered_on)
        select $1, $3, e.id, $4 from email e where e.org = $1 and e.key = $2
        on conflict do nothing
        """;

    public static void Write(SqliteSession session, long org, IEnumerable<QueueItem> items, DateTimeOffset now)
    {
        foreach (var item in items)
        {
            session.Execute(Insert, org, item.Email, item.QueueId, now);
        }
    }
}
