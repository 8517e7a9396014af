using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>What goes with an erased email: whatever can be read of it and of its copies, and raw mail that no other email needs.</summary>
internal static class ErasureWrites
{
    /// <summary>What a dead letter says once its mail was erased.</summary>
    public const string LetterProblem = "It was erased.";

    private const string Blank = """
        update email set message_id = null, in_reply_to = null, subject = '', importance = 1, attachment_count = 0, auto_submitted = null,
            owner_id = null, owner_rule = 0
        where id = $1
        """;

    // What was said of an address in the email names it.
    private const string Unname = """
        update act set address = null where address is not null and act_id in (
            select n.act_id from act_email n where n.org = $1 and n.email_key = $2)
        """;

    // A record that a rule made of it bears its subject.
    private const string Untitle = """
        update record set name = '(erased)' where (org, logical_name, id) in (
            select c.org, c.logical_name, c.id from created_record c where c.org = $1 and c.email_key = $2)
        """;

    private const string Unqueue = "delete from queue_item where email_id = $1";

    private const string Copies = """
        select s.mailbox_id, s.folder, s.item, s.content_hash, s.reason from sighting s where s.org = $1 and s.email_key = $2
        """;

    private const string Own = "select e.content_hash from email e where e.org = $1 and e.key = $2";

    // What was skipped needs no raw mail: only other copies are asked, for which there is an index.
    private const string Needed = """
        select 1 from sighting s
        where s.org = $1 and s.content_hash = $2 and s.outcome in (1, 3, 4) and s.email_key <> $3 and s.reason <> 109 limit 1
        """;

    private const string Size = "select size from content where org = $1 and hash = $2";

    private const string Remove = "delete from content where org = $1 and hash = $2";

    private const string Letters = """
        select l.id, l.folder from dead_letter l where l.org = $1 and l.content_hash = $2
        """;

    private const string Letter = "update dead_letter set content_hash = null, reason = 109, problem = $2, folder = $3 where id = $1";

    private const string Unwait = "delete from heard where mailbox_id = $1 and folder = $2 and item = $3";

    private const string Unwake = "delete from outbox where mailbox_id = $1 and folder = $2 and item = $3";

    private const string Scrub = """
        update sighting set folder = $4, outcome = 2, reason = 109, trace = $5 where mailbox_id = $1 and folder = $2 and item = $3
        """;

    private const string Place = """
        update mailbox_item set place_folder = $5 where mailbox_id = $1 and folder = $2 and validity = $3 and number = $4
        """;

    private const string Done = "update erasure_email set is_done = 1 where erasure_id = $1 and email_key = $2 and is_done = 0";

    private const string Count = "update erasure set emails = emails + $2, copies = copies + $3, bytes = bytes + $4 where id = $1";

    /// <summary>Removes what an email's own row says.</summary>
    public static void Email(SqliteSession session, long row, EmailChange email)
    {
        if (email.Erases)
        {
            session.Execute(Blank, row);
            session.Execute(Unqueue, row);
            ListingWrites.Forget(session, row);
        }
    }

    /// <summary>Removes what is kept of the copies of emails, behind all decisions of the change, and counts it.</summary>
    public static void Write(SqliteSession session, long org, Guid erasure, IEnumerable<MessageKey> emails, string trace)
    {
        foreach (var email in emails)
        {
            var copies = session.Query(
                Copies,
                row => (Mailbox: row.GetInt64(0), Folder: row.GetString(1), Item: row.GetString(2), Hash: row.Bytes(3), Reason: (ReasonCode)row.GetInt32(4)),
                org,
                email);
            var bytes = copies.Select(copy => copy.Hash)
                .Concat(session.Query(Own, row => row.Bytes(0), org, email))
                .DistinctBy(Convert.ToHexStringLower)
                .Where(hash => session.Number(Needed, org, hash, email) is null)
                .Sum(hash => Forget(session, org, hash));
            var scrubbed = 0;
            foreach (var (mailbox, folder, item, _, reason) in copies)
            {
                session.Execute(Unwait, mailbox, folder, item);
                session.Execute(Unwake, mailbox, folder, item);
                if (KnownItem.Parse(item) is { } known)
                {
                    session.Execute(
                        Place, mailbox, known.Folder, known.Id.Validity, known.Id.Number, ErasedCopies.FolderOf(folder));
                }

                scrubbed += reason == ReasonCode.Erased
                    ? 0
                    : session.Execute(Scrub, mailbox, folder, item, ErasedCopies.FolderOf(folder), trace);
            }

            session.Execute(Unname, org, email);
            session.Execute(Untitle, org, email);
            session.Execute(Count, erasure, session.Execute(Done, erasure, email), scrubbed, bytes);
        }
    }

    /// <summary>Removes raw mail, also of dead letters.</summary>
    /// <returns>How many bytes it had.</returns>
    public static long Forget(SqliteSession session, long org, byte[] hash)
    {
        foreach (var (id, folder) in session.Query(Letters, row => (row.GetInt64(0), row.GetString(1)), org, hash))
        {
            session.Execute(Letter, id, LetterProblem, ErasedCopies.FolderOf(folder));
        }

        var size = session.Number(Size, org, hash) ?? 0;
        session.Execute(Remove, org, hash);
        return size;
    }
}
