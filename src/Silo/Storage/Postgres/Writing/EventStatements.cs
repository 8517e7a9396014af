using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>What became of emails, numbered in their conversations, and which mailboxes are to label their copies therefore.</summary>
internal static class EventStatements
{
    public static void Append(NpgsqlBatch batch, List<(int Org, EmailEvent Event)> rows, List<DecisionRow> decisions, DateTimeOffset now)
    {
        if (rows.Count == 0)
        {
            return;
        }

        // Whoever reads a mailbox labels what it finds there itself.
        var finders = decisions.FindAll(row => !row.Decision.Sighting.IsRetry);
        batch.Add(
            Insert,
            Column(rows, NpgsqlDbType.Integer, row => row.Org),
            Column(rows, NpgsqlDbType.Uuid, row => row.Event.ConversationId),
            Keys(rows, row => row.Event.Email),
            Numbers(rows, row => (int)row.Event.Kind),
            Value(now.UtcDateTime),
            Column(finders, NpgsqlDbType.Bigint, row => row.Mailbox),
            Keys(finders, row => row.Decision.Email));
    }

    // The conversation's row is locked by this transaction since its version was advanced: nobody else numbers its events meanwhile.
    private const string Insert = """
        with sent as materialized (
            select * from unnest($1::int[], $2::uuid[], $3::bytea[], $4::smallint[])
                with ordinality as u(org, conversation_id, email_key, kind, position)
        ),
        counted as (
            update conversation c set event_count = c.event_count + u.n
            from (select s.conversation_id, count(*) as n from sent s group by s.conversation_id) u
            where c.conversation_id = u.conversation_id
            returning c.conversation_id, c.event_count - u.n as before
        ),
        numbered as materialized (
            select s.org, s.conversation_id, s.email_key, s.kind,
                c.before + row_number() over (partition by s.conversation_id order by s.position) as number
            from sent s join counted c on c.conversation_id = s.conversation_id
        ),
        told as (
            insert into conversation_event (org, conversation_id, number, email_key, kind, occurred_on)
            select n.org, n.conversation_id, n.number, n.email_key, n.kind, $5 from numbered n
        )
        insert into copy_stamp (mailbox_id, conversation_id, number, org, due_on)
        select distinct s.mailbox_id, n.conversation_id, n.number, n.org, $5
        from numbered n
        cross join lateral (
            select x.mailbox_id from sighting x where x.email_key = n.email_key and x.org = n.org offset 0
        ) s
        join mailbox_connection m on m.mailbox_id = s.mailbox_id and m.is_enabled and m.approval = 1
        where not exists (
            select from unnest($6::bigint[], $7::bytea[]) as d(mailbox_id, email_key)
            where d.mailbox_id = s.mailbox_id and d.email_key = n.email_key)
        """;
}
