using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>An answer that waits, and the mail that it waits for, decided at once: neither misses the other.</summary>
/// <remarks>
/// Both write the row of the id. Whoever comes second waits for the first, and then either finds that what it waits for has come,
/// and decides again, or finds who waits, and wakes it.
/// </remarks>
internal static class HeardStatements
{
    /// <summary>Appends what waits.</summary>
    public static void Append(NpgsqlBatch batch, List<DecisionRow> decisions)
    {
        var rows = decisions
            .SelectMany(row => row.Decision.Heard.Select(claim => new HeardRow(row, claim)))
            .OrderBy(row => row.Claim.Key)
            .ToList();
        if (rows.Count == 0)
        {
            return;
        }

        var (orgs, keys) = (Column(rows, NpgsqlDbType.Integer, row => row.Row.Org), Keys(rows, row => row.Claim.Key));
        var byIndex = Column(rows, NpgsqlDbType.Boolean, row => row.Claim.Kind == ClaimKind.ThreadIndex);
        batch.Add(
            Wait,
            orgs.Clone(),
            keys.Clone(),
            Column(rows, NpgsqlDbType.Bigint, row => row.Row.Mailbox),
            Column(rows, NpgsqlDbType.Text, row => row.Row.Place.Folder),
            Column(rows, NpgsqlDbType.Text, row => row.Row.Place.Item),
            byIndex.Clone());
        AppendFence(batch, orgs, keys, byIndex);
    }

    /// <summary>Appends that the mail of some ids is not known, and will not be before this is committed.</summary>
    private static void AppendFence(NpgsqlBatch batch, NpgsqlParameter orgs, NpgsqlParameter keys, NpgsqlParameter byIndex)
    {
        AppendTouch(batch, orgs, keys);
        batch.Add(StillUnseen, orgs.Clone(), keys.Clone(), byIndex);
    }

    /// <summary>Appends that the rows of some ids are written, so that whoever else writes one of them waits for this to be committed.</summary>
    public static void AppendTouch(NpgsqlBatch batch, NpgsqlParameter orgs, NpgsqlParameter keys)
    {
        batch.Add(Know, orgs, keys);
        batch.Add(Hear, orgs.Clone(), keys.Clone());
    }

    /// <summary>Appends, as the last statement, the waking of those who wait for what has come. Its rows: change, sightings woken.</summary>
    public static void AppendWaking(NpgsqlBatch batch, List<KeyRow> keys, DateTimeOffset now)
    {
        var rows = keys
            .Select(row => new ComeRow(
                row,
                IsBorne: row.Key.After.IsBorne && row.Key.Before is not { IsBorne: true },
                IsHeld: row.Key.After.Holder is not null && row.Key.Before?.Holder is null))
            .Where(row => row.IsBorne || row.IsHeld)
            .ToArray();
        if (rows.Length > 0)
        {
            batch.Add(
                Wake,
                Column(rows, NpgsqlDbType.Integer, row => row.Row.Change),
                Column(rows, NpgsqlDbType.Integer, row => row.Row.Org),
                Keys(rows, row => row.Row.Key.After.Key),
                Column(rows, NpgsqlDbType.Boolean, row => row.IsBorne),
                Column(rows, NpgsqlDbType.Boolean, row => row.IsHeld),
                Value(now.UtcDateTime));
        }
    }

    private const string Know = """
        insert into thread_key (org, key, holder, is_borne, is_near_claimed, is_contested, heard)
        select distinct u.org, u.key, null::bigint, false, false, false, 0
        from unnest($1::int[], $2::bytea[]) as u(org, key)
        where not exists (select from thread_key t where t.org = u.org and t.key = u.key)
        """;

    private const string Wait = """
        insert into heard (org, key, mailbox_id, folder, item, by_index)
        select * from unnest($1::int[], $2::bytea[], $3::bigint[], $4::text[], $5::text[], $6::boolean[])
        """;

    // Counting is what makes it wait for whoever is about to bear the id.
    private const string Hear = """
        update thread_key t set heard = t.heard + 1
        from unnest($1::int[], $2::bytea[]) as u(org, key)
        where t.org = u.org and t.key = u.key
        """;

    // A new statement sees what the writer that was waited for has committed.
    private const string StillUnseen = """
        select case when exists (
            select from unnest($1::int[], $2::bytea[], $3::boolean[]) as u(org, key, by_index)
            cross join lateral (select x.* from thread_key x where x.org = u.org and x.key = u.key offset 0) t
            where case when u.by_index then t.holder is not null else t.is_borne end
        ) then raise_conflict('heard') end
        """;

    private const string Wake = """
        with woken as materialized (
            select min(u.change) as change, h.org, h.mailbox_id, h.folder, h.item
            from unnest($1::int[], $2::int[], $3::bytea[], $4::boolean[], $5::boolean[]) as u(change, org, key, is_borne, is_held)
            cross join lateral (select x.* from heard x where x.org = u.org and x.key = u.key offset 0) h
            where case when h.by_index then u.is_held else u.is_borne end
              and not exists (
                select from outbox o where o.mailbox_id = h.mailbox_id and o.folder = h.folder and o.item = h.item)
            group by h.org, h.mailbox_id, h.folder, h.item
        ),
        put as (
            insert into outbox (mailbox_id, folder, item, org, due_on, attempts)
            select w.mailbox_id, w.folder, w.item, w.org, $6, 0 from woken w
        )
        select w.change, count(*)::int from woken w group by w.change
        """;

    private readonly record struct HeardRow(DecisionRow Row, Claim Claim);

    private readonly record struct ComeRow(KeyRow Row, bool IsBorne, bool IsHeld);
}
