using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>What people do, and mail that comes at the same moment: whoever is written second finds the other, and decides again.</summary>
internal static class ActWrites
{
    private const string Insert = """
        insert into act (act_id, org, kind, acted_by, acted_on, recorded_on, record_table, record_id, for_this_mail_only, undoes, address)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    private const string InsertEmail = "insert into act_email (org, email_key, act_id, side, ordinal) values ($1, $2, $3, $4, $5)";

    private const string Known = "select 1 from email e where e.org = $1 and e.key = $2";

    private const string Count = "select count(*) from act_email n where n.org = $1 and n.email_key = $2";

    // What was read by its headers alone lies in its mailbox, and is fetched there.
    private const string PutAgain = """
        insert into outbox (mailbox_id, folder, item, org, due_on, attempts)
        select s.mailbox_id, s.folder, s.item, s.org, $3, 0 from sighting s
        where s.org = $1 and s.email_key = $2
          and (s.content_hash = zeroblob(32) or exists (select 1 from content c where c.org = s.org and c.hash = s.content_hash))
          and not exists (select 1 from outbox o where o.mailbox_id = s.mailbox_id and o.folder = s.folder and o.item = s.item)
        """;

    /// <summary>Writes acts.</summary>
    /// <param name="session">The writer's connection.</param>
    /// <param name="org">The organization.</param>
    /// <param name="acts">The acts.</param>
    /// <param name="unknown">The emails that they mean and that must not be known yet.</param>
    /// <param name="now">The time.</param>
    public static void Write(
        SqliteSession session, long org, ImmutableArray<Act> acts, ImmutableArray<MessageKey> unknown, DateTimeOffset now)
    {
        foreach (var key in unknown)
        {
            if (session.Number(Known, org, key) is not null)
            {
                throw new LostRaceException("email");
            }
        }

        foreach (var act in acts)
        {
            session.Execute(
                Insert,
                act.Id,
                org,
                act.Kind,
                act.By,
                act.On,
                now,
                act.Record?.LogicalName,
                act.Record?.Id,
                act.ForThisMailOnly,
                act.Undoes,
                act.Address);
            foreach (var (number, side) in act.Sides.Index())
            {
                foreach (var (ordinal, email) in side.Index())
                {
                    session.Execute(InsertEmail, org, email, act.Id, number, ordinal);
                }
            }
        }
    }

    /// <summary>Nobody did more with new emails than was known when they were decided.</summary>
    public static void Check(SqliteSession session, long org, ImmutableArray<EmailChange> emails)
    {
        foreach (var email in emails.Where(email => email.Before is null))
        {
            if (session.Number(Count, org, email.After.Facts.Key) != email.ActsSeen)
            {
                throw new LostRaceException("act");
            }
        }
    }

    /// <summary>Puts the copies of emails into the outbox, as far as their raw mail is kept.</summary>
    /// <returns>How many.</returns>
    public static int Again(SqliteSession session, long org, ImmutableArray<MessageKey> again, DateTimeOffset now) =>
        again.Sum(key => session.Execute(PutAgain, org, key, now));
}
