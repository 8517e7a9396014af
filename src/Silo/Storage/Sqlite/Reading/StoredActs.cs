using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>What people did.</summary>
internal static class StoredActs
{
    /// <summary>For <c>act a</c>. A merged record is its master, a deleted one, a disabled user and one of a table that takes no activities nobody.</summary>
    public const string Columns = """
        a.act_id, a.kind, a.acted_by, a.acted_on, a.record_table, a.record_id, a.for_this_mail_only, a.undoes, a.address,
        (
            select coalesce(m.id, r.id) from record r
            left join record m on m.org = r.org and m.logical_name = r.successor_table and m.logical_name = r.logical_name
                and m.id = r.successor_id and m.deleted_on is null
            where a.address is not null and r.org = a.org and r.logical_name = a.record_table and r.id = a.record_id
                and r.deleted_on is null and (m.id is not null or r.successor_table is not r.logical_name)
                and (r.logical_name <> 'systemuser' or coalesce(m.is_active, r.is_active))
                and not exists (
                    select 1 from crm_table t where t.org = a.org and t.logical_name = a.record_table and t.is_activity_enabled = 0)
        )
        """;

    private const string OfEmails = $"""
        select {Columns} from act a where a.act_id in (
            select n.act_id from json_each($2) k cross join act_email n on n.org = $1 and n.email_key = unhex(k.value))
        """;

    private const string Emails = """
        select n.act_id, n.side, n.email_key from json_each($1) k cross join act_email n on n.act_id = unhex(k.value)
        order by n.act_id, n.side, n.ordinal
        """;

    /// <summary>Everything that people did with some emails.</summary>
    public static ImmutableArray<Act> Read(SqliteSession session, long org, IEnumerable<MessageKey> emails) =>
        WithEmails(session, session.Query(OfEmails, Act, org, Values.Many(emails)));

    /// <summary>The acts of a query of <see cref="Columns"/>, with the emails that they mean.</summary>
    public static ImmutableArray<Act> WithEmails(SqliteSession session, IReadOnlyCollection<Act> acts)
    {
        if (acts.Count == 0)
        {
            return [];
        }

        var emails = session.Query(
            Emails,
            row => (Act: row.Id(0), Side: row.GetInt32(1), Email: row.Key(2)),
            Values.Many(acts.Select(act => act.Id)))
            .ToLookup(row => row.Act);
        return
        [
            .. acts.Select(act => act with
            {
                Sides = [.. emails[act.Id].GroupBy(row => row.Side).Select(side => side.Select(row => row.Email).ToImmutableArray())],
            }),
        ];
    }

    /// <summary>An act without its emails.</summary>
    public static Act Act(SqliteDataReader row) => new()
    {
        Id = row.Id(0),
        Kind = (ActKind)row.GetInt32(1),
        By = row.GetString(2),
        On = row.Time(3),
        Record = row.Record(4),
        ForThisMailOnly = row.Flag(6),
        Undoes = row.IsDBNull(7) ? null : row.Id(7),
        Address = row.AddressOrNull(8),
        Meant = row.IsDBNull(9) ? null : new RecordReference(row.GetString(4), row.Id(9)),
        Sides = [],
    };
}
