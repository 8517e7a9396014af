using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Records that rules make of emails. Their ids are computed from email and queue.</summary>
internal static class CreatedRecordWrites
{
    // They have no address, so nobody is meant by them: the directory does not change.
    private const string Insert = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on, customer_table, customer_id)
        values ($1, $2, $3, $4, 1, $5, $6, $7, $8) on conflict do nothing
        """;

    private const string Note = """
        insert into created_record (org, email_key, queue, logical_name, id, rule_version, item, created_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
        """;

    public static void Write(SqliteSession session, long org, IEnumerable<CreatedRecord> records, DateTimeOffset now)
    {
        foreach (var record in records)
        {
            var (table, id) = record.Reference;
            session.Execute(
                Insert, org, table, id, record.Name, record.OwnerId, now, record.Customer?.LogicalName, record.Customer?.Id);
            session.Execute(Note, org, record.Email, record.Queue, table, id, record.Version, record.Item, now);
        }
    }
}
