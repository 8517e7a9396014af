using EmailTracking.Tracking.Threads;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>Pairs of emails that people parted.</summary>
internal static class StoredAparts
{
    /// <summary>After a "with" that has <c>found</c>, row numbers of emails; $1 is the organization.</summary>
    public const string InConversationsOfFound = """
        select a.one, a.other from apart a
        where a.org = $1 and exists (
            select from email e
            where e.org = $1 and e.key in (a.one, a.other)
              and e.conversation_id in (select x.conversation_id from found join email x on x.id = found.id))
        """;

    public static Apart Read(NpgsqlDataReader reader) => new(Rows.Key(reader, 0), Rows.Key(reader, 1));
}
