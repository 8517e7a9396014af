using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>The records of addresses: a merged one is its master, a deleted one and one of a table that takes no activities nobody.</summary>
internal static class ResolvedRecords
{
    private const string Directory = """
        select a.address, r.logical_name, coalesce(m.id, r.id) as resolved,
            coalesce(m.is_active, r.is_active), case when m.id is null then r.owner_id else m.owner_id end,
            coalesce(m.created_on, r.created_on), max(a.is_chosen), max(a.is_own)
        from json_each($2) k
        cross join record_address a on a.org = $1 and a.address = k.value
        cross join record r on r.org = $1 and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        left join record m on m.org = $1 and m.logical_name = r.successor_table and m.logical_name = r.logical_name
            and m.id = r.successor_id and m.deleted_on is null
        where (m.id is not null or r.successor_table is not r.logical_name)
            and not exists (
                select 1 from crm_table t where t.org = $1 and t.logical_name = a.logical_name and t.is_activity_enabled = 0)
        group by 1, 2, 3, 4, 5, 6
        order by 1, 2, 3
        """;

    public static Dictionary<EmailAddress, ImmutableArray<RecordFacts>> Read(
        SqliteSession session, long org, IEnumerable<string> addresses) => session
        .Query(Directory, row => (Address: row.Address(0), Record: row.RecordFacts(1) with { IsChosen = row.Flag(6), IsByChoiceAlone = !row.Flag(7) }), org, Values.Many(addresses))
        .GroupBy(row => row.Address, row => row.Record)
        .ToDictionary(group => group.Key, group => group.ToImmutableArray());
}
