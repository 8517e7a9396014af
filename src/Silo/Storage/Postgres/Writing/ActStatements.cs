using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>What people do, and mail that comes at the same moment: neither misses the other.</summary>
/// <remarks>
/// An act on a known email is fenced by its conversation. An act on any other email writes the id row of the email's key, as the email
/// itself does when it becomes known, whatever id it bears (a sent copy, other mail under an id that is taken): whoever comes second
/// waits for the first, and then finds it.
/// </remarks>
internal static class ActStatements
{
    /// <summary>Appends the acts.</summary>
    public static void Append(NpgsqlBatch batch, List<ActRow> acts, List<(int Org, MessageKey Key)> unknown, DateTimeOffset now)
    {
        if (unknown.Count > 0)
        {
            var (orgs, keys) = (Column(unknown, NpgsqlDbType.Integer, row => row.Org), Keys(unknown, row => row.Key));
            HeardStatements.AppendTouch(batch, orgs, keys);
            batch.Add(StillUnknown, orgs.Clone(), keys.Clone());
        }

        if (acts.Count > 0)
        {
            InsertRows(batch, acts, now);
        }
    }

    /// <summary>Appends, behind the rows of ids, that nobody did more with the new emails than was known.</summary>
    public static void AppendFence(NpgsqlBatch batch, List<EmailRow> emails, List<KeyRow> ids)
    {
        var added = emails.FindAll(row => row.IsNew);
        if (added.Count > 0)
        {
            // Most emails have written it by now: their key is the id that nobody bore.
            var written = ids.Select(row => (row.Org, row.Key.After.Key)).ToHashSet();
            var apart = added.FindAll(row => !written.Contains((row.Org, row.After.Facts.Key)));
            if (apart.Count > 0)
            {
                HeardStatements.AppendTouch(
                    batch, Column(apart, NpgsqlDbType.Integer, row => row.Org), Keys(apart, row => row.After.Facts.Key));
            }

            batch.Add(
                NoMore,
                Column(added, NpgsqlDbType.Integer, row => row.Org),
                Keys(added, row => row.After.Facts.Key),
                Column(added, NpgsqlDbType.Integer, row => row.Email.ActsSeen));
        }
    }

    /// <summary>Appends what is decided again from raw mail. Its rows: change, sightings.</summary>
    public static void AppendAgain(NpgsqlBatch batch, List<(int Change, int Org, MessageKey Key)> again, DateTimeOffset now)
    {
        if (again.Count > 0)
        {
            batch.Add(
                Again,
                Column(again, NpgsqlDbType.Integer, row => row.Change),
                Column(again, NpgsqlDbType.Integer, row => row.Org),
                Keys(again, row => row.Key),
                Value(now.UtcDateTime));
        }
    }

    private const string Insert = """
        insert into act (act_id, org, kind, acted_by, acted_on, recorded_on, record_table, record_id, for_this_mail_only, undoes, address)
        select u.act_id, u.org, u.kind, u.acted_by, u.acted_on, $10, u.record_table, u.record_id, u.for_this_mail_only, u.undoes, u.address
        from unnest(
            $1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::timestamptz[], $6::text[], $7::uuid[], $8::boolean[], $9::uuid[], $11::text[])
            as u(act_id, org, kind, acted_by, acted_on, record_table, record_id, for_this_mail_only, undoes, address)
        """;

    private const string InsertEmails = """
        insert into act_email (org, email_key, act_id, side, ordinal)
        select * from unnest($1::int[], $2::bytea[], $3::uuid[], $4::smallint[], $5::int[])
        """;

    private static void InsertRows(NpgsqlBatch batch, List<ActRow> acts, DateTimeOffset now)
    {
        batch.Add(
            Insert,
            Column(acts, NpgsqlDbType.Uuid, row => row.Act.Id),
            Column(acts, NpgsqlDbType.Integer, row => row.Org),
            Numbers(acts, row => (int)row.Act.Kind),
            Column(acts, NpgsqlDbType.Text, row => row.Act.By),
            Column(acts, NpgsqlDbType.TimestampTz, row => row.Act.On.UtcDateTime),
            Column(acts, NpgsqlDbType.Text, row => row.Act.Record?.LogicalName),
            Column(acts, NpgsqlDbType.Uuid, row => row.Act.Record?.Id),
            Column(acts, NpgsqlDbType.Boolean, row => row.Act.ForThisMailOnly),
            Column(acts, NpgsqlDbType.Uuid, row => row.Act.Undoes),
            Value(now.UtcDateTime),
            Column(acts, NpgsqlDbType.Text, row => row.Act.Address?.Value));
        var emails = acts
            .SelectMany(row => row.Act.Sides.SelectMany((side, number) => side.Select((email, ordinal) =>
                (row.Org, Email: email, row.Act.Id, Side: number, Ordinal: ordinal))))
            .OrderBy(row => row.Email)
            .ToArray();
        batch.Add(
            InsertEmails,
            Column(emails, NpgsqlDbType.Integer, row => row.Org),
            Keys(emails, row => row.Email),
            Column(emails, NpgsqlDbType.Uuid, row => row.Id),
            Numbers(emails, row => row.Side),
            Column(emails, NpgsqlDbType.Integer, row => row.Ordinal));
    }

    // A new statement sees what the writer that was waited for has committed.
    private const string StillUnknown = """
        select case when exists (
            select from unnest($1::int[], $2::bytea[]) as u(org, key) join email e on e.org = u.org and e.key = u.key
        ) then raise_conflict('email') end
        """;

    private const string NoMore = """
        select case when exists (
            select from unnest($1::int[], $2::bytea[], $3::int[]) as u(org, key, seen)
            where u.seen <> (select count(*) from act_email n where n.org = u.org and n.email_key = u.key)
        ) then raise_conflict('act') end
        """;

    // What was read by its headers alone lies in its mailbox, and is fetched there.
    private const string Again = """
        with again as materialized (
            select min(u.change) as change, s.org, s.mailbox_id, s.folder, s.item
            from unnest($1::int[], $2::int[], $3::bytea[]) as u(change, org, key)
            cross join lateral (select x.* from sighting x where x.org = u.org and x.email_key = u.key offset 0) s
            where (s.content_hash = decode(repeat('00', 32), 'hex')
                or exists (select from content c where c.org = s.org and c.hash = s.content_hash))
              and not exists (
                select from outbox o where o.mailbox_id = s.mailbox_id and o.folder = s.folder and o.item = s.item)
            group by s.org, s.mailbox_id, s.folder, s.item
        ),
        put as (
            insert into outbox (mailbox_id, folder, item, org, due_on, attempts)
            select a.mailbox_id, a.folder, a.item, a.org, $4, 0 from again a
        )
        select a.change, count(*)::int from again a group by a.change
        """;
}
