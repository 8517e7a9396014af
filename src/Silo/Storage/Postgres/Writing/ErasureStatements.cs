using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>An email of an erasure, and what its copies say from then on.</summary>
internal sealed record ErasedRow(int Org, Guid Erasure, MessageKey Email, string Trace);

/// <summary>What goes with an erased email: whatever can be read of it and of its copies, and raw mail that no other email needs.</summary>
internal static class ErasureStatements
{
    /// <summary>What a dead letter says once its mail was erased.</summary>
    public const string LetterProblem = "It was erased.";

    /// <summary>Appends the emails' own rows.</summary>
    public static void AppendEmails(NpgsqlBatch batch, List<EmailRow> emails)
    {
        var erased = emails.FindAll(row => row.Email.Erases);
        if (erased.Count > 0)
        {
            batch.Add(Blank, Column(erased, NpgsqlDbType.Bigint, row => row.Id));
            batch.Add(Unqueue, Column(erased, NpgsqlDbType.Bigint, row => row.Id));
            batch.Add(ListingWriter.Forget, Column(erased, NpgsqlDbType.Bigint, row => row.Id));
        }
    }

    /// <summary>Appends what is kept of copies, behind all decisions of the batch.</summary>
    public static void AppendCopies(NpgsqlBatch batch, List<ErasedRow> rows)
    {
        if (rows.Count > 0)
        {
            batch.Add(Scrub, Parameters(rows));
            batch.Add(Unname, Column(rows, NpgsqlDbType.Integer, row => row.Org), Keys(rows, row => row.Email));
            batch.Add(Untitle, Column(rows, NpgsqlDbType.Integer, row => row.Org), Keys(rows, row => row.Email));
        }
    }

    /// <summary>The parameters of <see cref="Scrub"/>.</summary>
    public static NpgsqlParameter[] Parameters(List<ErasedRow> rows) =>
    [
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Column(rows, NpgsqlDbType.Uuid, row => row.Erasure),
        Keys(rows, row => row.Email),
        Column(rows, NpgsqlDbType.Text, row => row.Trace),
        Column(ErasedCopies.PlainFolders, NpgsqlDbType.Text, folder => folder),
        Value(LetterProblem),
    ];

    private const string Blank = """
        update email set message_id = null, in_reply_to = null, subject = '', importance = 1, attachment_count = 0, auto_submitted = null,
            owner_id = null, owner_rule = 0
        where id = any($1)
        """;

    // What was said of an address in the email names it.
    private const string Unname = """
        update act set address = null where address is not null and act_id in (
            select n.act_id from unnest($1::int[], $2::bytea[]) as u(org, key)
            cross join lateral (select x.act_id from act_email x where x.email_key = u.key and x.org = u.org offset 0) n)
        """;

    // A record that a rule made of it bears its subject.
    private const string Untitle = """
        update record r set name = '(erased)' from unnest($1::int[], $2::bytea[]) as u(org, key)
        cross join lateral (
            select x.org, x.logical_name, x.id from created_record x where x.email_key = u.key and x.org = u.org offset 0
        ) c
        where r.org = c.org and r.logical_name = c.logical_name and r.id = c.id
        """;

    private const string Unqueue = "delete from queue_item where email_id = any($1)";

    /// <summary>The digest of a folder's name, as the rules make it.</summary>
    public const string Folder = """
        case when l.folder = any($5) or l.folder like 'sha256:%' then l.folder
            else 'sha256:' || encode(sha256(convert_to(l.folder, 'UTF8')), 'hex') end
        """;

    // All parts see the tables as they were before: the copies are told by their places, and raw mail by who needed it.
    public const string Scrub = $"""
        with erased as materialized (
            select distinct u.org, u.erasure, u.key, u.trace
            from unnest($1::int[], $2::uuid[], $3::bytea[], $4::text[]) as u(org, erasure, key, trace)
        ),
        copy as materialized (
            select i.erasure, i.trace, s.* from erased i
            cross join lateral (
                select x.mailbox_id, x.folder, x.item, x.org, x.content_hash, x.reason from sighting x
                where x.email_key = i.key and x.org = i.org offset 0
            ) s
        ),
        raw as materialized (
            select c.erasure, c.org, c.content_hash as hash from copy c
            union
            select i.erasure, i.org, e.content_hash from erased i
            cross join lateral (select x.content_hash from email x where x.key = i.key and x.org = i.org offset 0) e
        ),
        free as materialized (
            select distinct on (r.org, r.hash) r.erasure, r.org, r.hash from raw r
            where not exists (
                select from (
                    select x.email_key, x.reason from sighting x where x.content_hash = r.hash and x.org = r.org offset 0
                ) s
                where s.reason <> 109 and not exists (select from erased i where i.key = s.email_key and i.org = r.org))
            order by r.org, r.hash, r.erasure
        ),
        gone as (
            delete from content c using free f where c.hash = f.hash and c.org = f.org returning f.erasure, c.size
        ),
        letter as (
            update dead_letter l set content_hash = null, reason = 109, problem = $6, folder = {Folder}
            from free f where l.content_hash = f.hash and l.org = f.org
        ),
        message as materialized (
            select c.mailbox_id, c.folder, {PostgresMailboxSync.ItemParts} as parts from copy c
        ),
        placed as (
            update mailbox_item i set place_folder = {Folder}
            from message l
            where i.mailbox_id = l.mailbox_id and i.folder = l.parts[1] and i.validity = l.parts[2] and i.number = l.parts[3]
        ),
        unheard as (
            delete from heard h using copy c where h.mailbox_id = c.mailbox_id and h.folder = c.folder and h.item = c.item
        ),
        unwoken as (
            delete from outbox o using copy c where o.mailbox_id = c.mailbox_id and o.folder = c.folder and o.item = c.item
        ),
        scrubbed as (
            update sighting l set folder = {Folder}, outcome = 2, reason = 109, trace = c.trace
            from copy c
            where l.mailbox_id = c.mailbox_id and l.folder = c.folder and l.item = c.item and c.reason <> 109
            returning c.erasure
        ),
        done as (
            update erasure_email d set is_done = true from erased i
            where d.erasure_id = i.erasure and d.email_key = i.key and not d.is_done
            returning d.erasure_id
        )
        update erasure e set
            emails = e.emails + (select count(*) from done d where d.erasure_id = e.id),
            copies = e.copies + (select count(*) from scrubbed s where s.erasure = e.id),
            bytes = e.bytes + (select coalesce(sum(g.size), 0) from gone g where g.erasure = e.id)
        from (select distinct i.erasure from erased i) u where e.id = u.erasure
        """;
}
