using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>What people ask, answered from PostgreSQL.</summary>
internal sealed partial class PostgresTrackingQueries(PostgresSources sources, PostgresNames names) : ITrackingQueries
{
    private const int ListedMax = 1_000;
    private const int ConversationMax = 10_000;

    // Tracked mail by what it says; $8: whether tracked mail is wanted at all.
    private const string ListTracked = """
        select e.key, coalesce(e.sent_on, e.received_on) as at from email e
        where e.org = $1 and $8 and e.left_out is null
          and ($2::text is null or position(lower($2) in lower(e.subject)) > 0)
          and ($3::text is null or exists (select from activity_party p where p.email_id = e.id and p.address = $3))
          and ($4::timestamptz is null or e.sent_on >= $4)
          and ($5::timestamptz is null or e.sent_on < $5)
          and ($10::uuid[] is null or (e.regarding_id = any($10) and exists (
            select from unnest($10::uuid[], $11::text[]) w(id, logical_name)
            where w.id = e.regarding_id and w.logical_name = e.regarding_table)))
        order by e.sent_on desc nulls first, e.key limit $7
        """;

    // Of other mail only decisions are known, so it answers to no condition on what it says. Each by its latest copy.
    private const string ListUntracked = """
        select s.email_key, s.received_on as at from sighting s
        where s.org = $1 and s.outcome <> 1 and $9
          and not exists (select from email e where e.org = s.org and e.key = s.email_key)
          and not exists (
            select from sighting n where n.org = s.org and n.email_key = s.email_key
              and (n.received_on, n.mailbox_id, n.folder, n.item) > (s.received_on, s.mailbox_id, s.folder, s.item))
          and ($6::smallint is null
            or $6 = (select min(n.outcome) from sighting n where n.org = s.org and n.email_key = s.email_key))
        order by s.received_on desc, s.email_key limit $7
        """;

    // What people left out: it is shown as skipped, and answers to no condition either.
    private const string ListLeftOut = """
        select e.key, e.received_on as at from email e
        where e.org = $1 and e.left_out is not null and $9 and ($6::smallint is null or $6 = 2)
        order by e.received_on desc, e.key limit $7
        """;

    private const string List = $"""
        select l.key from (({ListTracked}) union all ({ListUntracked}) union all ({ListLeftOut})) l order by l.at desc, l.key limit $7
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<EmailRow>> ListAsync(
        string organization, EmailFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var asksContent = filter.Subject is not null || filter.Address is not null || filter.From is not null || filter.Until is not null ||
            filter.Regarding is not null;
        RecordReference[]? about = filter.Regarding is { } record
            ? [.. await AliasesAsync(organization, record, cancellationToken)]
            : null;
        return await RowsAsync(organization, List, cancellationToken,
            Value(filter.Subject, NpgsqlDbType.Text),
            Value(filter.Address?.Value, NpgsqlDbType.Text),
            Value(filter.From?.UtcDateTime, NpgsqlDbType.TimestampTz),
            Value(filter.Until?.UtcDateTime, NpgsqlDbType.TimestampTz),
            Value((short?)filter.Outcome, NpgsqlDbType.Smallint),
            Value(Math.Clamp(filter.CountMax, 0, ListedMax)),
            Value(filter.Outcome is null or Outcome.Tracked),
            Value(!asksContent && filter.Outcome is not Outcome.Tracked),
            Value(about?.Select(one => one.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            Value(about?.Select(one => one.LogicalName).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
    }

    /// <inheritdoc/>
    public async Task<EmailRow?> FindAsync(string organization, MessageKey email, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        return (await EmailRowsReader.ReadAsync(sources.Reads, organization, org, [email], cancellationToken)).FirstOrDefault();
    }

    private const string FindKey = "select e.key from email e where e.org = $1 and e.activity_id = $2";

    /// <inheritdoc/>
    public async Task<MessageKey?> FindKeyAsync(string organization, Guid activityId, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, FindKey, row => Rows.Key(row, 0), cancellationToken, Value(activityId)))
        .Select(key => (MessageKey?)key).FirstOrDefault();

    private const string Resolve = """
        select coalesce(w.conversation_id, c.conversation_id)
        from conversation c left join conversation w on w.id = c.merged_into
        where c.org = $1 and c.conversation_id = $2
        """;

    /// <inheritdoc/>
    public async Task<Guid?> ResolveConversationAsync(
        string organization, Guid conversationId, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, Resolve, row => row.GetGuid(0), cancellationToken, Value(conversationId)))
        .Select(id => (Guid?)id).FirstOrDefault();

    private const string Conversation = """
        select e.key from conversation c join email e on e.conversation_id = coalesce(c.merged_into, c.id)
        where c.org = $1 and c.conversation_id = $2
        order by e.sent_on nulls last, e.key limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ReadConversationAsync(
        string organization, Guid conversationId, CancellationToken cancellationToken = default) =>
        RowsAsync(organization, Conversation, cancellationToken, Value(conversationId), Value(ConversationMax));

    private const string Decisions = """
        select m.address, s.folder, s.item, s.folder_kind, s.outcome, s.reason, s.settings_version, s.received_on,
            s.content_hash, s.trace
        from sighting s join mailbox m on m.id = s.mailbox_id
        where s.org = $1 and s.email_key = $2
        order by m.address collate "C", s.folder collate "C", s.item collate "C"
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<DecisionRow>> ReadDecisionsAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        await AllAsync(organization, Decisions, Decision, cancellationToken, Value(email.ToBytes()));

    private const string Trace = "select e.trace from email e where e.org = $1 and e.key = $2";

    /// <inheritdoc/>
    public async Task<ImmutableArray<TraceEntry>> ReadTraceAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        [
            .. (await AllAsync(organization, Trace, row => TraceJson.Read(row.GetString(0)), cancellationToken, Value(email.ToBytes())))
                .SelectMany(trace => trace),
        ];

    private const string Parties = """
        select p.participation, p.address, p.name, p.record_table, p.record_id
        from email e join activity_party p on p.email_id = e.id
        where e.org = $1 and e.key = $2 order by p.ordinal
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ActivityParty>> ReadPartiesAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        await AllAsync(
            organization,
            Parties,
            row => new ActivityParty(
                new Participant((ParticipationType)row.GetInt16(0), Rows.Address(row, 1), row.GetString(2)), Rows.Record(row, 3)),
            cancellationToken,
            Value(email.ToBytes()));

    private const string Export = """
        select distinct s.email_key from sighting s where s.org = $1 and s.email_key > $2 order by s.email_key limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ExportAsync(
        string organization, MessageKey? after, CancellationToken cancellationToken = default) =>
        RowsAsync(organization, Export, cancellationToken, Value(after?.ToBytes() ?? []), Value(ListedMax));

    private const string Letters = """
        select l.mailbox, l.folder, l.item, l.step, l.reason, l.problem, l.content_hash, l.failed_on,
            l.received_on, l.is_backfill
        from dead_letter l where l.org = $1 order by l.failed_on desc, l.id desc limit $2
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) =>
        await AllAsync(organization, Letters, LetterOf, cancellationToken, Value(countMax));

    private const string Letter = """
        select l.mailbox, l.folder, l.item, l.step, l.reason, l.problem, l.content_hash, l.failed_on,
            l.received_on, l.is_backfill
        from dead_letter l where l.org = $1 and l.mailbox = $2 and l.folder = $3 and l.item = $4
        """;

    /// <inheritdoc/>
    public async Task<DeadLetter?> FindDeadLetterAsync(
        string organization, SightingPlace place, CancellationToken cancellationToken = default) =>
        (await AllAsync(
            organization, Letter, LetterOf, cancellationToken, Value(place.Mailbox.Value), Value(place.Folder), Value(place.Item)))
        .FirstOrDefault();

    private static DeadLetter LetterOf(NpgsqlDataReader row) => new(
        Rows.Place(row, 0),
        row.GetString(3),
        (ReasonCode)row.GetInt16(4),
        row.GetString(5),
        row.IsDBNull(6) ? null : Rows.Hash(row, 6),
        Rows.Time(row, 7))
    {
        ReceivedOn = Rows.TimeOrNull(row, 8),
        IsBackfill = row.GetBoolean(9),
    };

    // Emails, not copies; by the mailbox's own rows, which its key leads to.
    private const string LeftOut = """
        select count(distinct s.email_key) from mailbox m
        join sighting s on s.mailbox_id = m.id and s.outcome <> 1 and s.received_on >= $3 and s.reason = any($4)
        where m.org = $1 and m.address = $2
            and not exists (select from email e where e.key = s.email_key and e.org = $1)
        """;

    /// <inheritdoc/>
    public async Task<long> CountLeftOutAsync(
        string organization, EmailAddress mailbox, DateTimeOffset since, CancellationToken cancellationToken = default) => (await AllAsync(
            organization,
            LeftOut,
            row => row.GetInt64(0),
            cancellationToken,
            Value(mailbox.Value),
            Value(since.UtcDateTime),
            Numbers(FilterReasons.Narrow, reason => (int)reason)))[0];

    private const string Counts = """
        select 'email', (select count(*) from email e where e.org = $1 and e.left_out is null)
        union all select 'conversation', (select count(*) from conversation c where c.org = $1 and c.merged_into is null)
        union all select 'outbox', (select count(*) from outbox o where o.org = $1)
        union all select 'dead', (select count(*) from dead_letter l where l.org = $1)
        union all select s.outcome::text, count(*) from sighting s where s.org = $1 group by s.outcome
        """;

    /// <inheritdoc/>
    public async Task<TrackingCounts> CountAsync(string organization, CancellationToken cancellationToken = default)
    {
        var counts = (await AllAsync(organization, Counts, row => (Of: row.GetString(0), Count: row.GetInt64(1)), cancellationToken))
            .ToDictionary(row => row.Of, row => row.Count);
        return new TrackingCounts(
            counts["email"],
            counts["conversation"],
            counts.Where(count => char.IsAsciiDigit(count.Key[0])).ToImmutableDictionary(
                count => (Outcome)int.Parse(count.Key, System.Globalization.CultureInfo.InvariantCulture), count => count.Value),
            counts["outbox"],
            counts["dead"]);
    }

    private static DecisionRow Decision(NpgsqlDataReader reader) => new(
        Rows.Place(reader, 0),
        (FolderKind)reader.GetInt16(3),
        (Outcome)reader.GetInt16(4),
        (ReasonCode)reader.GetInt16(5),
        reader.GetInt64(6),
        Rows.Time(reader, 7),
        Rows.Hash(reader, 8),
        TraceJson.Read(reader.GetString(9)));

    // The keys first, then what is shown of them.
    private async Task<ImmutableArray<EmailRow>> RowsAsync(
        string organization, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var keys = await AllAsync(organization, sql, row => Rows.Key(row, 0), cancellationToken, parameters);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        return await EmailRowsReader.ReadAsync(sources.Reads, organization, org, keys, cancellationToken);
    }

    // $1 is the organization in every statement. Planned for what is asked: these are not on an email's path.
    private async Task<ImmutableArray<T>> AllAsync<T>(
        string organization,
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(sql, [Value(org), .. parameters]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, row).ToListAsync(cancellationToken)];
    }
}
