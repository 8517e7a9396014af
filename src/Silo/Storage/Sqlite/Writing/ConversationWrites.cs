using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Conversations first: their versions are the fence for everything that hangs on them.</summary>
internal static class ConversationWrites
{
    // The first mails of one conversation, decided twice at once: the unique id lets one in, the other decides again.
    private const string Insert = "insert into conversation (org, conversation_id, version, stops) values ($1, $2, 1, $3)";

    // One conversation, decided twice on the same version: one update counts, the other finds no row.
    private const string Advance = """
        update conversation
        set version = version + 1, merged_into = (select w.id from conversation w where w.conversation_id = $3), stops = $4
        where conversation_id = $1 and version = $2
        """;

    // What was merged into a conversation that is merged itself follows it, so that an old id is one step from its emails.
    private const string Follow = """
        update conversation as c set merged_into = w.id
        from conversation l, conversation w
        where l.conversation_id = $1 and w.conversation_id = $2 and c.merged_into = l.id and c.id <> w.id
        """;

    public static void Write(SqliteSession session, long org, ImmutableArray<ConversationChange> conversations)
    {
        foreach (var conversation in conversations.Where(conversation => conversation.SeenVersion == 0))
        {
            session.Execute(Insert, org, conversation.Id, StopsJson.Write(conversation.Stops));
        }

        foreach (var conversation in conversations.Where(conversation => conversation.SeenVersion != 0))
        {
            var stops = StopsJson.Write(conversation.Stops);
            if (session.Execute(Advance, conversation.Id, conversation.SeenVersion, conversation.MergedInto, stops) != 1)
            {
                throw new LostRaceException("conversation");
            }
        }

        foreach (var conversation in conversations.Where(conversation => conversation.MergedInto is not null))
        {
            session.Execute(Follow, conversation.Id, conversation.MergedInto);
        }
    }
}
