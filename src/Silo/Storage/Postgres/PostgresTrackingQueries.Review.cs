using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>What people did, and what they should look at.</content>
internal sealed partial class PostgresTrackingQueries
{
    private const string FindActs = $"select {StoredActs.Columns} from act a where a.org = $1 and a.act_id = $2";

    /// <inheritdoc/>
    public async Task<Act?> FindActAsync(string organization, Guid act, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, FindActs, StoredActs.Read, cancellationToken, Value(act))).FirstOrDefault();

    private const string ActsOf = $"""
        select {StoredActs.Columns} from act a
        where a.org = $1 and a.act_id in (select n.act_id from act_email n where n.org = $1 and n.email_key = any($2))
        order by a.acted_on, a.act_id
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Act>> ReadActsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken = default) =>
        AllAsync(organization, ActsOf, StoredActs.Read, cancellationToken, Keys(emails, key => key));

    private const string LatestActs = $"""
        select {StoredActs.Columns} from act a where a.org = $1 and a.kind <> 10 order by a.acted_on desc, a.act_id desc limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Act>> ReadLatestActsAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, LatestActs, StoredActs.Read, cancellationToken, Value(Math.Clamp(countMax, 0, ListedMax)));

    // 0, 1, 3: the kinds of claims that name a Message-ID.
    private static readonly string Crowded = $"""
        select t.key, count(distinct split_part(e.sender, '@', 2))::int, count(distinct e.id)::int, h.key
        from thread_key t
        join claim n on n.key = t.key and n.kind in (0, 1, 3)
        join email e on e.id = n.email_id and e.org = t.org
        join email h on h.id = t.holder
        where t.org = $1 and not t.is_borne
        group by t.key, h.key
        having count(distinct split_part(e.sender, '@', 2)) > {CrowdedId.DomainsMax}
        order by 2 desc, t.key limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(
            organization,
            Crowded,
            row => new CrowdedId(Rows.Key(row, 0), row.GetInt32(1), row.GetInt32(2), Rows.Key(row, 3)),
            cancellationToken,
            Value(Math.Clamp(countMax, 0, ListedMax)));

    private const string Waiting = """
        select count(*), min(w.due_on), (select count(*) from (select 1 from dead_letter l where l.org = $1 limit $2) d)
        from (select o.due_on from outbox o where o.org = $1 order by o.due_on limit $2) w
        """;

    /// <inheritdoc/>
    public async Task<Backlog> ReadBacklogAsync(string organization, CancellationToken cancellationToken = default) => (await AllAsync(
        organization,
        Waiting,
        row => new Backlog(row.GetInt64(0), row.IsDBNull(1) ? null : Rows.Time(row, 1), row.GetInt64(2)),
        cancellationToken,
        Value(Backlog.CountedMax)))[0];
}
