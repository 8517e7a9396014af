using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>For the records of senders: their account, and the newest open cases and opportunities of both.</summary>
internal static class RelatedRecords
{
    private const string Senders = """
        select distinct r.logical_name, coalesce(m.id, r.id),
            case when m.id is null then r.customer_table else m.customer_table end,
            case when m.id is null then r.customer_id else m.customer_id end
        from json_each($2) k
        cross join record_address a on a.org = $1 and a.address = k.value
        cross join record r on r.org = $1 and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        left join record m on m.org = $1 and m.logical_name = r.successor_table and m.logical_name = r.logical_name
            and m.id = r.successor_id and m.deleted_on is null
        where r.logical_name in ('contact', 'account', 'lead')
        """;

    private const string Open = """
        select x.logical_name, x.id from record x
        where x.org = $1 and x.customer_id = $3 and x.customer_table = $2 and x.is_active and x.logical_name in ('incident', 'opportunity')
            and x.deleted_on is null
        order by x.created_on desc, x.id limit 10
        """;

    // An account that is gone or inactive is proposed to nobody; a merged one is its master.
    private const string Account = """
        select coalesce(m.logical_name, r.logical_name), coalesce(m.id, r.id) from record r
        left join record m on m.org = $1 and m.logical_name = r.successor_table and m.logical_name = r.logical_name
            and m.id = r.successor_id and m.deleted_on is null
        where r.org = $1 and r.logical_name = 'account' and r.id = $2 and r.deleted_on is null and coalesce(m.is_active, r.is_active)
        """;

    public static Dictionary<RecordReference, ImmutableArray<RecordReference>> Read(
        SqliteSession session, long org, IReadOnlyCollection<string> senders)
    {
        var related = new Dictionary<RecordReference, ImmutableArray<RecordReference>>();
        if (senders.Count == 0)
        {
            return related;
        }

        foreach (var (sender, customer) in session.Query(
            Senders, row => (Sender: row.Record(0)!.Value, Customer: row.Record(2)), org, Values.Many(senders)))
        {
            RecordReference[] account = customer is { LogicalName: Tables.Account } one
                ? [.. session.Query(Account, row => row.Record(0)!.Value, org, one.Id)]
                : [];
            var open = account.Append(sender)
                .SelectMany(owner => session.Query(Open, row => row.Record(0)!.Value, org, owner.LogicalName, owner.Id));
            related[sender] = [.. open.Concat(account).Distinct()];
        }

        return related;
    }
}
