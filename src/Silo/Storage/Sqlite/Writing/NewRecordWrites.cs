using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Records that unknown senders became. Their ids are computed from the addresses.</summary>
internal static class NewRecordWrites
{
    // Whoever finds it there is content; one that was deleted is there again.
    private const string Insert = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on) values ($1, $2, $3, $4, 1, $5, $6)
        on conflict (org, logical_name, id) do update set deleted_on = null, is_active = 1 where deleted_on is not null
        """;

    private const string Address = """
        insert into record_address (org, logical_name, id, address) values ($1, $2, $3, $4)
        on conflict (org, address, logical_name, id) do update set is_own = 1
        """;

    /// <summary>Writes records.</summary>
    /// <returns>The addresses that stand for a record now which they did not before.</returns>
    public static IReadOnlyList<string> Write(SqliteSession session, long org, IEnumerable<NewRecord> records, DateTimeOffset now)
    {
        var addresses = new List<string>();
        foreach (var record in records)
        {
            var (table, id) = record.Reference;
            if (session.Execute(Insert, org, table, id, record.Name, record.OwnerId, now) == 1)
            {
                session.Execute(Address, org, table, id, record.Address);
                addresses.Add(record.Address.Value);
            }
        }

        return addresses;
    }
}
