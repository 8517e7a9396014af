using System.Text.Json;
using EmailTracking.Listing;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Which emails are due to be listed anew, and where emails stand and by what they are found.</summary>
internal static class ListingWrites
{
    private const string Written = "insert into listing_due (org, email_id) values ($1, $2)";

    private const string Touched = "insert into listing_due (org, email_id) select $1, e.id from email e where e.org = $1 and e.key = $2";

    private const string Done = "delete from listing_due where id = $1";

    private const string Standing = "select x.position, x.lists from listed_email x where x.email_id = $1";

    private const string Leave = "delete from listing where list_id = $1 and position = $2";

    private const string Remove = "delete from listed_email where email_id = $1";

    private const string Unfind = "delete from email_terms where rowid = $1";

    private const string Place = """
        insert into listed_email (email_id, org, position, lists) values ($1, $2, $3, $4) on conflict (position) do nothing
        """;

    private const string Enter = "insert into listing (list_id, position, email_id) values ($1, $2, $3)";

    private const string Find = "insert into email_terms (rowid, terms) values ($1, $2)";

    // Otherwise what is deleted stays in the index, marked, until its segments are merged.
    private const string Thorough = "insert into email_terms (email_terms, rank) values ('secure-delete', $1)";

    /// <summary>Notes the emails that a change writes, or that are seen in one more place or come into a queue by it.</summary>
    public static void Note(SqliteSession session, long org, Dictionary<MessageKey, long> written, TrackingChange change)
    {
        foreach (var row in written.Values)
        {
            session.Execute(Written, org, row);
        }

        foreach (var email in change.Decisions.Where(decision => decision.Outcome == Outcome.Tracked).Select(decision => decision.Email)
            .Concat(change.QueueItems.Select(item => item.Email))
            .Where(email => !written.ContainsKey(email))
            .Distinct())
        {
            session.Execute(Touched, org, email);
        }
    }

    /// <summary>Takes the notes that asked for it, and writes where their emails stand.</summary>
    /// <remarks>
    /// Two may list at once. Whoever took all notes of an email had read no less than they were asked for; what another read before
    /// that, and writes after it, may be older, so it is left.
    /// </remarks>
    public static void Write(SqliteSession session, long org, IEnumerable<ListedEmail> emails, IEnumerable<(long Id, long Email)> notes)
    {
        var due = notes.Where(note => session.Execute(Done, note.Id) > 0).Select(note => note.Email).ToHashSet();
        foreach (var email in emails.Where(email => due.Contains(email.Facts.Row)).OrderBy(email => email.Position))
        {
            Take(session, email.Facts.Row);
            if (!email.Lists.IsEmpty)
            {
                Put(session, org, email);
            }
        }
    }

    /// <summary>An erased email leaves all lists, with what it was found by.</summary>
    public static void Forget(SqliteSession session, long row)
    {
        session.Execute(Thorough, 1);
        Take(session, row);
        session.Execute(Thorough, 0);
    }

    private static void Take(SqliteSession session, long row)
    {
        foreach (var (position, lists) in session.Query(Standing, one => (one.GetInt64(0), one.GetString(1)), row))
        {
            foreach (var list in JsonSerializer.Deserialize<Guid[]>(lists)!)
            {
                session.Execute(Leave, list, position);
            }

            session.Execute(Unfind, position);
            session.Execute(Remove, row);
        }
    }

    private static void Put(SqliteSession session, long org, ListedEmail email)
    {
        // Two emails of one second whose rows end alike: each tries the next place.
        var position = email.Position;
        while (session.Execute(Place, email.Facts.Row, org, position, JsonSerializer.Serialize(email.Lists)) == 0)
        {
            position++;
        }

        foreach (var list in email.Lists)
        {
            session.Execute(Enter, list, position, email.Facts.Row);
        }

        session.Execute(Find, position, string.Join(' ', email.Terms));
    }
}
