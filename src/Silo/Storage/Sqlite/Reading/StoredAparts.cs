using EmailTracking.Tracking.Threads;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Pairs of emails that people parted.</summary>
internal static class StoredAparts
{
    private const string InConversations = """
        select a.one, a.other from apart a
        where a.org = $1 and exists (
            select 1 from email e
            where e.org = $1 and e.key in (a.one, a.other) and e.conversation_id in (select value from json_each($2)))
        """;

    /// <summary>Those in the conversations of some emails.</summary>
    public static List<Apart> Read(SqliteSession session, long org, IReadOnlyCollection<StoredEmail> emails) => emails.Count == 0
        ? []
        : session.Query(
            InConversations,
            row => new Apart(row.Key(0), row.Key(1)),
            org,
            Values.Many(emails.Select(email => email.Conversation).Distinct()));
}
