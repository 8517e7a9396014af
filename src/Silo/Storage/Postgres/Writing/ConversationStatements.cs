using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Conversations first: their versions are the fence for everything that hangs on them.</summary>
internal static class ConversationStatements
{
    public static void Append(NpgsqlBatch batch, List<ConversationRow> rows)
    {
        var inserted = rows.FindAll(row => row.IsNew);
        if (inserted.Count > 0)
        {
            InsertRows(batch, inserted);
        }

        var updated = rows.FindAll(row => !row.IsNew);
        if (updated.Count > 0)
        {
            AdvanceRows(batch, updated);
        }

        var merged = rows.FindAll(row => row.Conversation.MergedInto is not null);
        if (merged.Count > 0)
        {
            FollowRows(batch, merged);
        }
    }

    // Two silos see the first mails of one conversation at once: the unique id lets one of them in, the other decides again.
    private const string Insert = """
        insert into conversation (id, org, conversation_id, version, merged_into, stops)
        select u.id, u.org, u.conversation_id, 1, null, u.stops
        from unnest($1::bigint[], $2::int[], $3::uuid[], $4::text[]) as u(id, org, conversation_id, stops)
        """;

    private static void InsertRows(NpgsqlBatch batch, List<ConversationRow> rows) => batch.Add(
        Insert,
        Column(rows, NpgsqlDbType.Bigint, row => row.Id),
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Column(rows, NpgsqlDbType.Uuid, row => row.Conversation.Id),
        Stops(rows));

    // Two silos can hold an activation of one conversation while membership settles. The version in the row lets one update
    // count; the other finds fewer rows than it sent, and what rests on it is decided again.
    private const string Advance = """
        with advanced as (
            update conversation c
            set version = c.version + 1, merged_into = (select w.id from conversation w where w.conversation_id = u.merged_into),
                stops = u.stops
            from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[]) as u(conversation_id, seen, merged_into, stops)
            where c.conversation_id = u.conversation_id and c.version = u.seen
            returning 1
        )
        select case when count(*) <> cardinality($1::uuid[]) then raise_conflict('conversation') end from advanced
        """;

    private static void AdvanceRows(NpgsqlBatch batch, List<ConversationRow> rows) => batch.Add(
        Advance,
        Column(rows, NpgsqlDbType.Uuid, row => row.Conversation.Id),
        Column(rows, NpgsqlDbType.Bigint, row => row.Conversation.SeenVersion),
        Column(rows, NpgsqlDbType.Uuid, row => row.Conversation.MergedInto),
        Stops(rows));

    private static NpgsqlParameter Stops(List<ConversationRow> rows) =>
        Column(rows, NpgsqlDbType.Text, row => StopsJson.Write(row.Conversation.Stops));

    // What was merged into a conversation that is merged itself follows it, so that an old id is one step from its emails. The
    // version of the emptied conversation, advanced above, keeps two such moves apart.
    private const string Follow = """
        update conversation c set merged_into = w.id
        from unnest($1::uuid[], $2::uuid[]) as u(conversation_id, merged_into)
        join conversation l on l.conversation_id = u.conversation_id
        join conversation w on w.conversation_id = u.merged_into
        where c.merged_into = l.id and c.id <> w.id
        """;

    private static void FollowRows(NpgsqlBatch batch, List<ConversationRow> rows) => batch.Add(
        Follow,
        Column(rows, NpgsqlDbType.Uuid, row => row.Conversation.Id),
        Column(rows, NpgsqlDbType.Uuid, row => row.Conversation.MergedInto));
}
