using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Records that unknown senders became. Their ids are computed from the addresses.</summary>
internal static class NewRecordWrites
{
    // Whoever finds it there is content; one that was deleted is there again.
    private const string Insert = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on) values ($1, $2, $3, $4, 1, $5, $6)
        on conflict (org, logical_name, id) do update set deleted_on = null, is_active = successor_table is not logical_name
        where deleted_on is not null
        """;

    private const string Address = """
        insert into record_address (org, logical_name, id, address) values ($1, $2, $3, $4)
        on conflict (org, address, logical_name, id) do update set is_own = 1
        """;

    // Whoever resolves to nobody does not count as having the address, as when the mail was decided (ResolvedRecords).
    private const string Holders = """
        select r.logical_name, r.id from record_address a
        cross join record r on r.org = $1 and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        left join record m on m.org = $1 and m.logical_name = r.successor_table and m.logical_name = r.logical_name
            and m.id = r.successor_id and m.deleted_on is null
        where a.org = $1 and a.address = $2 and (m.id is not null or r.successor_table is not r.logical_name)
            and not exists (
                select 1 from crm_table t where t.org = $1 and t.logical_name = a.logical_name and t.is_activity_enabled = 0)
        """;

    private const string Addresses = "select a.address from record_address a where a.org = $1 and a.logical_name = $2 and a.id = $3";

    /// <summary>Writes records.</summary>
    /// <returns>The addresses that may stand for another record now, or not for the one that was asked for.</returns>
    public static IReadOnlyCollection<string> Write(SqliteSession session, long org, IEnumerable<NewRecord> records, DateTimeOffset now)
    {
        var concerned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var (table, id) = record.Reference;
            var holders = session.Query(Holders, row => row.Record(0)!.Value, org, record.Address);
            if (holders.Contains(record.Reference))
            {
                continue;
            }

            // Somebody loaded a record with the address meanwhile, or took the address from the one that was made: the mail that asked
            // for it is resolved anew.
            concerned.Add(record.Address.Value);
            if (holders.Count == 0 && session.Execute(Insert, org, table, id, record.Name, record.OwnerId, now) == 1)
            {
                session.Execute(Address, org, table, id, record.Address);
                concerned.UnionWith(session.Query(Addresses, row => row.GetString(0), org, table, id));
            }
        }

        return concerned;
    }
}
