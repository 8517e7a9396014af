using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Which changes of a batch that failed rest on what has changed: the others go again without them.</summary>
internal static class OutdatedChanges
{
    public static async Task<IReadOnlySet<int>> FindAsync(
        NpgsqlConnection connection, BatchRows rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddConversations(batch, rows.Conversations);
        AddEmails(batch, rows.Emails.FindAll(row => row.IsNew));
        AddKeys(batch, rows.Keys);
        AddSightings(batch, rows.Decisions);
        AddActs(batch, rows);
        AddHeard(batch, [.. rows.Decisions.SelectMany(row => row.Decision.Heard.Select(claim => (row, claim)))]);

        var found = new HashSet<int>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(reader.GetInt32(0));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        return found;
    }

    private const string Conversations = """
        select u.change from unnest($1::int[], $2::uuid[], $3::bigint[]) as u(change, conversation_id, seen)
        where u.seen <> coalesce((select c.version from conversation c where c.conversation_id = u.conversation_id), 0)
        """;

    private static void AddConversations(NpgsqlBatch batch, List<ConversationRow> rows) => batch.Add(
        Conversations,
        Column(rows, NpgsqlDbType.Integer, row => row.Change),
        Column(rows, NpgsqlDbType.Uuid, row => row.Conversation.Id),
        Column(rows, NpgsqlDbType.Bigint, row => row.Conversation.SeenVersion));

    private const string Emails = """
        select u.change from unnest($1::int[], $2::int[], $3::bytea[]) as u(change, org, key)
        where exists (select from email e where e.org = u.org and e.key = u.key)
        """;

    private static void AddEmails(NpgsqlBatch batch, List<EmailRow> rows) => batch.Add(
        Emails,
        Column(rows, NpgsqlDbType.Integer, row => row.Change),
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.After.Facts.Key));

    private const string KeyRows = """
        select u.change
        from unnest($1::int[], $2::int[], $3::bytea[], $4::boolean[], $5::boolean[], $6::bytea[])
            as u(change, org, key, is_new, was_borne, held_by)
        left join lateral (select x.* from thread_key x where x.org = u.org and x.key = u.key offset 0) t on true
        where case when u.is_new or t.key is null then u.is_new <> (t.key is null)
            else t.is_borne <> u.was_borne
                or t.holder is distinct from (select e.id from email e where e.org = u.org and e.key = u.held_by) end
        """;

    private static void AddKeys(NpgsqlBatch batch, List<KeyRow> rows) => batch.Add(
        KeyRows,
        Column(rows, NpgsqlDbType.Integer, row => row.Change),
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.Key.After.Key),
        Column(rows, NpgsqlDbType.Boolean, row => row.IsNew),
        Column(rows, NpgsqlDbType.Boolean, row => row.Key.Before is { IsBorne: true }),
        Column(rows, NpgsqlDbType.Bytea, row => row.Key.Before?.Holder?.ToBytes()));

    private const string Sightings = """
        select u.change
        from unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::boolean[]) as u(change, mailbox_id, folder, item, replaces)
        where u.replaces <> exists (
            select from sighting s where s.mailbox_id = u.mailbox_id and s.folder = u.folder and s.item = u.item)
        """;

    private static void AddSightings(NpgsqlBatch batch, List<DecisionRow> rows) => batch.Add(
        Sightings,
        Column(rows, NpgsqlDbType.Integer, row => row.Change),
        Column(rows, NpgsqlDbType.Bigint, row => row.Mailbox),
        Column(rows, NpgsqlDbType.Text, row => row.Place.Folder),
        Column(rows, NpgsqlDbType.Text, row => row.Place.Item),
        Column(rows, NpgsqlDbType.Boolean, row => row.Decision.Replaces));

    private const string Acts = """
        select u.change from unnest($1::int[], $2::int[], $3::bytea[], $4::int[]) as u(change, org, key, seen)
        where u.seen <> (select count(*) from act_email n where n.org = u.org and n.email_key = u.key)
        """;

    private const string ActIds = """
        select u.change from unnest($1::int[], $2::uuid[]) as u(change, act_id)
        where exists (select from act a where a.act_id = u.act_id)
        """;

    private static void AddActs(NpgsqlBatch batch, BatchRows rows)
    {
        var emails = rows.Emails.FindAll(row => row.IsNew);
        batch.Add(
            Acts,
            Column(emails, NpgsqlDbType.Integer, row => row.Change),
            Column(emails, NpgsqlDbType.Integer, row => row.Org),
            Keys(emails, row => row.After.Facts.Key),
            Column(emails, NpgsqlDbType.Integer, row => row.Email.ActsSeen));
        batch.Add(
            Emails,
            Column(rows.Unknown, NpgsqlDbType.Integer, row => row.Change),
            Column(rows.Unknown, NpgsqlDbType.Integer, row => row.Org),
            Keys(rows.Unknown, row => row.Key));
        batch.Add(
            ActIds,
            Column(rows.Acts, NpgsqlDbType.Integer, row => row.Change),
            Column(rows.Acts, NpgsqlDbType.Uuid, row => row.Act.Id));
    }

    private const string Heard = """
        select u.change
        from unnest($1::int[], $2::int[], $3::bytea[], $4::boolean[]) as u(change, org, key, by_index)
        cross join lateral (select x.* from thread_key x where x.org = u.org and x.key = u.key offset 0) t
        where case when u.by_index then t.holder is not null else t.is_borne end
        """;

    private static void AddHeard(NpgsqlBatch batch, List<(DecisionRow Row, Claim Claim)> rows) => batch.Add(
        Heard,
        Column(rows, NpgsqlDbType.Integer, row => row.Row.Change),
        Column(rows, NpgsqlDbType.Integer, row => row.Row.Org),
        Keys(rows, row => row.Claim.Key),
        Column(rows, NpgsqlDbType.Boolean, row => row.Claim.Kind == ClaimKind.ThreadIndex));
}
