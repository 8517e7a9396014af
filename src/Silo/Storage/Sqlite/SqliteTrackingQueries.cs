using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>What people ask, answered from the database file.</summary>
internal sealed partial class SqliteTrackingQueries(SqliteReaders readers, SqliteNames names) : ITrackingQueries
{
    private const int ListedMax = 1_000;
    private const int ConversationMax = 10_000;

    // Tracked mail by what it says; $6: whether tracked mail is wanted at all.
    private const string ListTracked = """
        select e.key as key, coalesce(e.sent_on, e.received_on) as at from email e
        where e.org = $1 and $6 and e.left_out is null
          and ($2 is null or has_text(e.subject, $2))
          and ($3 is null or exists (select 1 from activity_party p where p.email_id = e.id and p.address = $3))
          and ($4 is null or e.sent_on >= $4)
          and ($5 is null or e.sent_on < $5)
          and ($10 is null or exists (
            select 1 from json_each($10) w where w.value = e.regarding_table || '/' || lower(hex(e.regarding_id))))
        order by at desc, e.key limit $9
        """;

    // Of other mail only decisions are known, so it answers to no condition on what it says. Each by its latest copy.
    private const string ListUntracked = """
        select s.email_key as key, s.received_on as at from sighting s
        where s.org = $1 and s.outcome <> 1 and $7
          and not exists (select 1 from email e where e.org = s.org and e.key = s.email_key)
          and not exists (
            select 1 from sighting n where n.org = s.org and n.email_key = s.email_key
              and (n.received_on, n.rowid) > (s.received_on, s.rowid))
          and ($8 is null
            or $8 = (select min(n.outcome) from sighting n where n.org = s.org and n.email_key = s.email_key))
        order by s.received_on desc, s.email_key limit $9
        """;

    // What people left out: it is shown as skipped, and answers to no condition either.
    private const string ListLeftOut = """
        select e.key as key, e.received_on as at from email e
        where e.org = $1 and e.left_out is not null and $7 and ($8 is null or $8 = 2)
        order by e.received_on desc, e.key limit $9
        """;

    private const string List = $"""
        select l.key from (
            select * from ({ListTracked}) union all select * from ({ListUntracked}) union all select * from ({ListLeftOut})) l
        order by l.at desc, l.key limit $9
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ListAsync(
        string organization, EmailFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var asksContent = filter.Subject is not null || filter.Address is not null || filter.From is not null || filter.Until is not null ||
            filter.Regarding is not null;
        return readers.ReadAsync(
            session =>
            {
                var org = names.Read(session, organization);
                var about = filter.Regarding is { } record
                    ? Values.Many(Aliases(session, org, record).Select(one => $"{one.LogicalName}/{one.Id:N}"))
                    : null;
                var keys = session.Query(
                    List,
                    row => row.Key(0),
                    org,
                    filter.Subject,
                    filter.Address,
                    filter.From,
                    filter.Until,
                    filter.Outcome is null or Outcome.Tracked,
                    !asksContent && filter.Outcome is not Outcome.Tracked,
                    filter.Outcome,
                    Math.Clamp(filter.CountMax, 0, ListedMax),
                    about);
                return EmailRowsReader.Read(session, organization, org, keys);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EmailRow?> FindAsync(string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session => EmailRowsReader.Read(session, organization, names.Read(session, organization), [email]).FirstOrDefault(),
            cancellationToken);

    private const string FindKey = "select e.key from email e where e.org = $1 and e.activity_id = $2";

    /// <inheritdoc/>
    public async Task<MessageKey?> FindKeyAsync(string organization, Guid activityId, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, FindKey, row => (MessageKey?)row.Key(0), cancellationToken, activityId)).FirstOrDefault();

    private const string Resolve = """
        select coalesce(w.conversation_id, c.conversation_id)
        from conversation c left join conversation w on w.id = c.merged_into
        where c.org = $1 and c.conversation_id = $2
        """;

    /// <inheritdoc/>
    public async Task<Guid?> ResolveConversationAsync(
        string organization, Guid conversationId, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, Resolve, row => (Guid?)row.Id(0), cancellationToken, conversationId)).FirstOrDefault();

    private const string Conversation = """
        select e.key from conversation c join email e on e.conversation_id = coalesce(c.merged_into, c.id)
        where c.org = $1 and c.conversation_id = $2
        order by e.sent_on nulls last, e.key limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ReadConversationAsync(
        string organization, Guid conversationId, CancellationToken cancellationToken = default) =>
        RowsAsync(organization, Conversation, cancellationToken, conversationId, ConversationMax);

    private const string Decisions = """
        select m.address, s.folder, s.item, s.folder_kind, s.outcome, s.reason, s.settings_version, s.received_on,
            s.content_hash, s.trace
        from sighting s join mailbox m on m.id = s.mailbox_id
        where s.org = $1 and s.email_key = $2
        order by m.address, s.folder, s.item
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<DecisionRow>> ReadDecisionsAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Decisions, Decision, cancellationToken, email);

    private const string Trace = "select e.trace from email e where e.org = $1 and e.key = $2";

    /// <inheritdoc/>
    public async Task<ImmutableArray<TraceEntry>> ReadTraceAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        [
            .. (await AllAsync(organization, Trace, row => TraceJson.Read(row.GetString(0)), cancellationToken, email))
                .SelectMany(trace => trace),
        ];

    private const string Parties = """
        select p.participation, p.address, p.name, p.record_table, p.record_id
        from email e join activity_party p on p.email_id = e.id
        where e.org = $1 and e.key = $2 order by p.ordinal
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ActivityParty>> ReadPartiesAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        AllAsync(
            organization,
            Parties,
            row => new ActivityParty(
                new Participant((ParticipationType)row.GetInt32(0), row.AddressOrNull(1), row.GetString(2)), row.Record(3)),
            cancellationToken,
            email);

    private const string Export = """
        select distinct s.email_key from sighting s where s.org = $1 and s.email_key > $2 order by s.email_key limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailRow>> ExportAsync(
        string organization, MessageKey? after, CancellationToken cancellationToken = default) =>
        RowsAsync(organization, Export, cancellationToken, after?.ToBytes() ?? [], ListedMax);

    private const string Letters = """
        select l.mailbox, l.folder, l.item, l.step, l.reason, l.problem, l.content_hash, l.failed_on,
            l.received_on, l.is_backfill
        from dead_letter l where l.org = $1 order by l.failed_on desc, l.id desc limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Letters, LetterOf, cancellationToken, countMax);

    private const string Letter = """
        select l.mailbox, l.folder, l.item, l.step, l.reason, l.problem, l.content_hash, l.failed_on,
            l.received_on, l.is_backfill
        from dead_letter l where l.org = $1 and l.mailbox = $2 and l.folder = $3 and l.item = $4
        """;

    /// <inheritdoc/>
    public async Task<DeadLetter?> FindDeadLetterAsync(
        string organization, SightingPlace place, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, Letter, LetterOf, cancellationToken, place.Mailbox, place.Folder, place.Item)).FirstOrDefault();

    private static DeadLetter LetterOf(SqliteDataReader row) => new(
        row.Place(0),
        row.GetString(3),
        (ReasonCode)row.GetInt32(4),
        row.GetString(5),
        row.IsDBNull(6) ? null : row.Hash(6),
        row.Time(7))
    {
        ReceivedOn = row.TimeOrNull(8),
        IsBackfill = row.Flag(9),
    };

    // Emails, not copies; by the mailbox's own rows, which its key leads to.
    private const string LeftOut = """
        select count(distinct s.email_key) from mailbox m
        join sighting s on s.mailbox_id = m.id and s.outcome <> 1 and s.received_on >= $3
            and s.reason in (select r.value from json_each($4) r)
        where m.org = $1 and m.address = $2
            and not exists (select 1 from email e where e.org = $1 and e.key = s.email_key)
        """;

    /// <inheritdoc/>
    public Task<long> CountLeftOutAsync(
        string organization, EmailAddress mailbox, DateTimeOffset since, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Number(
            LeftOut,
            names.Read(session, organization),
            mailbox,
            since,
            Values.Many(FilterReasons.Narrow.Select(reason => (long)reason)))!.Value,
        cancellationToken);

    private const string Emails = "select count(*) from email where org = $1 and left_out is null";

    private const string Conversations = "select count(*) from conversation where org = $1 and merged_into is null";

    private const string Outboxes = "select count(*) from outbox where org = $1";

    private const string Dead = "select count(*) from dead_letter where org = $1";

    private const string Outcomes = "select outcome, count(*) from sighting where org = $1 group by outcome";

    /// <inheritdoc/>
    public Task<TrackingCounts> CountAsync(string organization, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session =>
            {
                var org = names.Read(session, organization);
                return new TrackingCounts(
                    session.Number(Emails, org)!.Value,
                    session.Number(Conversations, org)!.Value,
                    session.Query(Outcomes, row => (Outcome: (Outcome)row.GetInt32(0), Count: row.GetInt64(1)), org)
                        .ToImmutableDictionary(row => row.Outcome, row => row.Count),
                    session.Number(Outboxes, org)!.Value,
                    session.Number(Dead, org)!.Value);
            },
            cancellationToken);

    private static DecisionRow Decision(SqliteDataReader row) => new(
        row.Place(0),
        (FolderKind)row.GetInt32(3),
        (Outcome)row.GetInt32(4),
        (ReasonCode)row.GetInt32(5),
        row.GetInt64(6),
        row.Time(7),
        row.Hash(8),
        TraceJson.Read(row.GetString(9)));

    // The keys first, then what is shown of them. $1 is the organization in every statement.
    private Task<ImmutableArray<EmailRow>> RowsAsync(
        string organization, string sql, CancellationToken cancellationToken, params object?[] values) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            return EmailRowsReader.Read(session, organization, org, session.Query(sql, row => row.Key(0), [org, .. values]));
        },
        cancellationToken);

    private Task<ImmutableArray<T>> AllAsync<T>(
        string organization,
        string sql,
        Func<SqliteDataReader, T> row,
        CancellationToken cancellationToken,
        params object?[] values) => readers.ReadAsync(
        session => session.Query(sql, row, [names.Read(session, organization), .. values]).ToImmutableArray(), cancellationToken);
}
