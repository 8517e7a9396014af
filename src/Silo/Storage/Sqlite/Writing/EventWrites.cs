using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>What became of emails, numbered in their conversations, and which mailboxes are to label their copies therefore.</summary>
internal static class EventWrites
{
    private const string Count = "update conversation set event_count = event_count + 1 where conversation_id = $1 returning event_count";

    private const string Insert = """
        insert into conversation_event (conversation_id, number, org, email_key, kind, occurred_on) values ($1, $2, $3, $4, $5, $6)
        """;

    // Whoever reads a mailbox labels what it finds there itself.
    private const string Stamp = """
        insert into copy_stamp (mailbox_id, conversation_id, number, org, due_on)
        select distinct s.mailbox_id, $1, $2, $3, $5 from sighting s
        join mailbox_connection m on m.mailbox_id = s.mailbox_id and m.is_enabled and m.approval = 1
        where s.org = $3 and s.email_key = $4 and s.mailbox_id not in (select value from json_each($6))
        """;

    public static void Write(
        SqliteSession session,
        long org,
        IEnumerable<EmailEvent> events,
        IReadOnlyCollection<(long Mailbox, SightingDecision Decision)> places,
        DateTimeOffset now)
    {
        foreach (var one in events)
        {
            foreach (var number in session.Query(Count, row => row.GetInt64(0), one.ConversationId))
            {
                session.Execute(Insert, one.ConversationId, number, org, one.Email, one.Kind, now);
                session.Execute(Stamp, one.ConversationId, number, org, one.Email, now, FindersOf(one.Email, places));
            }
        }
    }

    private static string FindersOf(MessageKey email, IEnumerable<(long Mailbox, SightingDecision Decision)> places) =>
        $"[{string.Join(',', places.Where(place => place.Decision.Email == email && !place.Decision.Sighting.IsRetry).Select(place => place.Mailbox))}]";
}
