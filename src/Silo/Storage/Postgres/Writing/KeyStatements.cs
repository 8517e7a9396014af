using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Ids that mails bear or name.</summary>
internal static class KeyStatements
{
    public static void Append(NpgsqlBatch batch, List<KeyRow> rows, List<(int Org, MessageKey Key)> contested)
    {
        var inserted = rows.FindAll(row => row.IsNew);
        if (inserted.Count > 0)
        {
            InsertRows(batch, inserted);
        }

        var updated = rows.FindAll(row => !row.IsNew);
        if (updated.Count > 0)
        {
            UpdateRows(batch, updated);
        }

        if (contested.Count > 0)
        {
            ContestRows(batch, contested);
        }
    }

    // A parent and its answer are decided at once, each without knowing the other: both write the parent's id, and the primary
    // key lets one of them in. The other decides again, and sees it.
    private const string Insert = """
        insert into thread_key (org, key, holder, is_borne, is_near_claimed, is_contested, heard)
        select u.org, u.key, u.holder, u.is_borne, u.is_near_claimed, false, 0
        from unnest($1::int[], $2::bytea[], $3::bigint[], $4::boolean[], $5::boolean[])
            as u(org, key, holder, is_borne, is_near_claimed)
        """;

    private static void InsertRows(NpgsqlBatch batch, List<KeyRow> rows) => batch.Add(
        Insert,
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.Key.After.Key),
        Column(rows, NpgsqlDbType.Bigint, row => row.Holder),
        Column(rows, NpgsqlDbType.Boolean, row => row.Key.After.IsBorne),
        Column(rows, NpgsqlDbType.Boolean, row => row.Key.After.IsNearClaimed));

    // The same race for an id that is known already: whoever bears or holds it must be who was read, else fewer rows are updated
    // than were sent.
    private const string Update = """
        with updated as (
            update thread_key t
            set holder = coalesce(u.holder, t.holder), is_borne = u.is_borne,
                is_near_claimed = t.is_near_claimed or u.is_near_claimed
            from unnest($1::int[], $2::bytea[], $3::bigint[], $4::boolean[], $5::boolean[], $6::boolean[], $7::bytea[])
                as u(org, key, holder, is_borne, is_near_claimed, was_borne, held_by)
            where t.org = u.org and t.key = u.key and t.is_borne = u.was_borne
              and t.holder is not distinct from (select e.id from email e where e.org = u.org and e.key = u.held_by)
            returning 1
        )
        select case when count(*) <> cardinality($1::int[]) then raise_conflict('key') end from updated
        """;

    private static void UpdateRows(NpgsqlBatch batch, List<KeyRow> rows) => batch.Add(
        Update,
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.Key.After.Key),
        Column(rows, NpgsqlDbType.Bigint, row => row.Holder),
        Column(rows, NpgsqlDbType.Boolean, row => row.Key.After.IsBorne),
        Column(rows, NpgsqlDbType.Boolean, row => row.Key.After.IsNearClaimed),
        Column(rows, NpgsqlDbType.Boolean, row => row.Key.Before!.IsBorne),
        Column(rows, NpgsqlDbType.Bytea, row => row.Key.Before!.Holder?.ToBytes()));

    // Contested once, contested for ever: it only makes more conversations be looked at together.
    private const string Contest = """
        update thread_key t set is_contested = true
        from unnest($1::int[], $2::bytea[]) as u(org, key)
        where t.org = u.org and t.key = u.key
        """;

    private static void ContestRows(NpgsqlBatch batch, List<(int Org, MessageKey Key)> rows) => batch.Add(
        Contest,
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.Key));
}
