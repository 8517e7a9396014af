using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>What widens a snapshot.</summary>
/// <param name="Emails">Members, and whoever else is wanted.</param>
/// <param name="Keys">Rows of ids.</param>
/// <param name="Conversations">Their versions.</param>
/// <param name="Acts">What people did with them.</param>
internal sealed record MembersRead(
    IReadOnlyList<KnownEmail> Emails, IReadOnlyList<KeyFacts> Keys, IReadOnlyList<ConversationFacts> Conversations, IReadOnlyList<Act> Acts);

/// <summary>Reads whole conversations: four statements of one snapshot, in one round trip.</summary>
internal sealed class MembersReader(PostgresSources sources, PostgresNames names, CommitMetrics metrics)
{
    // $1 organization, $2 conversations, $3 ids that are wanted as if they were contested.
    private const string Contested = """
        member as materialized (
            select e.* from unnest($2::uuid[]) k(id)
            cross join lateral (select x.id from conversation x where x.org = $1 and x.conversation_id = k.id offset 0) c
            cross join lateral (
                select x.id, x.id_key, x.key from email x where x.conversation_id = c.id offset 0
            ) e
        ),
        contested as materialized (
            select k.key from unnest($3::bytea[]) k(key)
            union select t.key from (
                select member.id_key as key from member
                union select n.key from member
                cross join lateral (select x.key from claim x where x.email_id = member.id offset 0) n
            ) i
            cross join lateral (
                select x.key from thread_key x where x.org = $1 and x.key = i.key and x.is_contested offset 0
            ) t
        )
        """;

    // What people did with the members, and with emails that are asked for by their keys.
    private const string Ruled = $"""
        {Contested},
        ruled as materialized (
            select distinct n.act_id from (select member.key from member union select k.key from unnest($3::bytea[]) k(key)) i
            cross join lateral (select x.act_id from act_email x where x.org = $1 and x.email_key = i.key offset 0) n
        )
        """;

    private const string Found = $"""
        {Ruled},
        found as materialized (
            select member.id from member
            union select e.id from contested k
            cross join lateral (select x.id from email x where x.org = $1 and x.key = k.key offset 0) e
            union select e.id from contested k
            cross join lateral (
                select x.id from email x where x.org = $1 and x.id_key = k.key and x.id_key <> x.key offset 0
            ) e
            union select n.email_id from contested k
            cross join lateral (select x.email_id from claim x where x.key = k.key offset 0) n
            union select e.id from ruled r
            cross join lateral (select x.email_key from act_email x where x.act_id = r.act_id offset 0) n
            cross join lateral (select x.id from email x where x.org = $1 and x.key = n.email_key offset 0) e
        )
        """;

    internal const string Emails = $"""
        with {Found}
        select {StoredEmails.Columns} from found
        cross join lateral (select x.* from email x where x.id = found.id and x.org = $1 offset 0) e
        {StoredEmails.Joins}
        """;

    internal const string Keys = $"""
        with {Contested}
        select t.key, e.key, t.is_borne, t.is_near_claimed, t.is_contested from contested
        cross join lateral (select x.* from thread_key x where x.org = $1 and x.key = contested.key offset 0) t
        left join lateral (select x.key from email x where x.id = t.holder offset 0) e on true
        """;

    // A conversation that was emptied is used again when its founder leaves the one that it was merged into.
    internal const string Conversations = """
        with asked as materialized (
            select c.* from unnest($2::uuid[]) k(id)
            cross join lateral (select x.id from conversation x where x.org = $1 and x.conversation_id = k.id offset 0) c
        )
        select c.conversation_id, c.version, c.stops from (
            select asked.id from asked
            union select e.founded_id from asked
            cross join lateral (
                select x.founded_id from email x where x.conversation_id = asked.id and x.founded_id is not null offset 0
            ) e
        ) i
        cross join lateral (select x.conversation_id, x.version, x.stops from conversation x where x.id = i.id offset 0) c
        """;

    internal const string Acts = $"""
        with {Ruled}
        select {StoredActs.Columns} from ruled r
        cross join lateral (select x.* from act x where x.act_id = r.act_id offset 0) a
        """;

    /// <summary>Reads what widens snapshots by these conversations and ids; how is for the caller to say.</summary>
    public async Task<MembersRead> ReadAsync(
        string organization,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Emails, Asked());
        batch.Add(Keys, Asked());
        batch.Add(Conversations, Asked().AsSpan(0, 2));
        batch.Add(Acts, Asked());
        metrics.Statements(batch.BatchCommands.Count);

        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        var emails = await Rows.AllAsync(reader, StoredEmails.Read).ToArrayAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var contested = await Rows.AllAsync(reader, Rows.KeyFacts).ToArrayAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var versions = await Rows.AllAsync(reader, ConversationOf).ToArrayAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var acts = await Rows.AllAsync(reader, StoredActs.Read).ToArrayAsync(cancellationToken);
        return new MembersRead(
            [.. emails.Select(email => email.Email)],
            contested,
            [.. versions.Concat(emails.Select(email => email.Conversation))],
            acts);

        NpgsqlParameter[] Asked() =>
        [
            Value(org),
            Column(conversations, NpgsqlDbType.Uuid, id => id),
            Statements.Keys(keys, key => key),
        ];
    }

    private static ConversationFacts ConversationOf(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetInt64(1), IsComplete: false, StopsJson.Read(Rows.Text(row, 2)));
}
