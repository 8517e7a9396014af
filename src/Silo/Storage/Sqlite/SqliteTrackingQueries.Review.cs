using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>What people did, and what they should look at.</content>
internal sealed partial class SqliteTrackingQueries
{
    private const string FindActs = $"select {StoredActs.Columns} from act a where a.org = $1 and a.act_id = $2";

    /// <inheritdoc/>
    public async Task<Act?> FindActAsync(string organization, Guid act, CancellationToken cancellationToken = default) =>
        (await ActsAsync(organization, FindActs, cancellationToken, act)).FirstOrDefault();

    private const string ActsOf = $"""
        select {StoredActs.Columns} from act a
        where a.org = $1 and a.act_id in (
            select n.act_id from json_each($2) k cross join act_email n on n.org = $1 and n.email_key = unhex(k.value))
        order by a.acted_on, a.act_id
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Act>> ReadActsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken = default) =>
        ActsAsync(organization, ActsOf, cancellationToken, Values.Many(emails));

    private const string LatestActs = $"""
        select {StoredActs.Columns} from act a where a.org = $1 and a.kind <> 10 order by a.acted_on desc, a.act_id desc limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Act>> ReadLatestActsAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) =>
        ActsAsync(organization, LatestActs, cancellationToken, Math.Clamp(countMax, 0, ListedMax));

    // 0, 1, 3: the kinds of claims that name a Message-ID.
    private static readonly string Crowded = $"""
        select t.key, count(distinct substr(e.sender, instr(e.sender, '@') + 1)) as domains, count(distinct e.id), h.key
        from thread_key t
        join claim n on n.key = t.key and n.kind in (0, 1, 3)
        join email e on e.id = n.email_id and e.org = t.org
        join email h on h.id = t.holder
        where t.org = $1 and not t.is_borne
        group by t.key, h.key
        having domains > {CrowdedId.DomainsMax}
        order by domains desc, t.key limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(
            organization,
            Crowded,
            row => new CrowdedId(row.Key(0), row.GetInt32(1), row.GetInt32(2), row.Key(3)),
            cancellationToken,
            Math.Clamp(countMax, 0, ListedMax));

    private const string Waiting = """
        select count(*), min(w.due_on) from (select o.due_on from outbox o where o.org = $1 order by o.due_on limit $2) w
        """;

    private const string Unread = "select count(*) from (select 1 from dead_letter l where l.org = $1 limit $2)";

    /// <inheritdoc/>
    public Task<Backlog> ReadBacklogAsync(string organization, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var (waiting, due) = session.Query(Waiting, row => (row.GetInt64(0), row.TimeOrNull(1)), org, Backlog.CountedMax)[0];
            return new Backlog(waiting, due, session.Number(Unread, org, Backlog.CountedMax)!.Value);
        },
        cancellationToken);

    private Task<ImmutableArray<Act>> ActsAsync(
        string organization, string sql, CancellationToken cancellationToken, params object?[] values) => readers.ReadAsync(
        session => StoredActs.WithEmails(
            session, session.Query(sql, StoredActs.Act, [names.Read(session, organization), .. values])),
        cancellationToken);
}
