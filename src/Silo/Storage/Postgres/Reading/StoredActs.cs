using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>What people did.</summary>
internal static class StoredActs
{
    /// <summary>For <c>act a</c>. A merged record is its master, a deleted one, a disabled user and one of a table that takes no activities nobody.</summary>
    public const string Columns = """
        a.act_id, a.kind, a.acted_by, a.acted_on, a.record_table, a.record_id, a.for_this_mail_only, a.undoes,
        (select array_agg(n.email_key order by n.side, n.ordinal) from act_email n where n.act_id = a.act_id),
        (select array_agg(n.side order by n.side, n.ordinal) from act_email n where n.act_id = a.act_id),
        a.address,
        (
            select coalesce(m.id, r.id) from record r
            left join record m on m.org = r.org and m.logical_name = r.successor_table and m.logical_name = r.logical_name
                and m.id = r.successor_id and m.deleted_on is null
            where a.address is not null and r.org = a.org and r.logical_name = a.record_table and r.id = a.record_id
                and r.deleted_on is null and (m.id is not null or r.successor_table is distinct from r.logical_name)
                and (r.logical_name <> 'systemuser' or coalesce(m.is_active, r.is_active))
                and not exists (
                    select from crm_table t where t.org = a.org and t.logical_name = a.record_table and not t.is_activity_enabled offset 0)
        )
        """;

    public static Act Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Kind = (ActKind)reader.GetInt16(1),
        By = reader.GetString(2),
        On = Rows.Time(reader, 3),
        Record = Rows.Record(reader, 4),
        ForThisMailOnly = reader.GetBoolean(6),
        Undoes = reader.IsDBNull(7) ? null : reader.GetGuid(7),
        Sides = SidesOf(reader.GetFieldValue<byte[][]>(8), reader.GetFieldValue<short[]>(9)),
        Address = Rows.Address(reader, 10),
        Meant = reader.IsDBNull(11) ? null : new RecordReference(reader.GetString(4), reader.GetGuid(11)),
    };

    private static ImmutableArray<ImmutableArray<MessageKey>> SidesOf(byte[][] keys, short[] sides) =>
    [
        .. keys.Zip(sides).GroupBy(one => one.Second).OrderBy(side => side.Key)
            .Select(side => side.Select(one => MessageKey.FromBytes(one.First)).ToImmutableArray()),
    ];
}
