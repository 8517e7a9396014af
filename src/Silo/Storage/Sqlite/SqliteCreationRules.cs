using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The creation rules of queues in the database file.</summary>
internal sealed class SqliteCreationRules(SqliteReaders readers, SqliteNames names, SqliteWriter writer) : ICreationRules
{
    // Two people save at once: the version that both have read lets one in, and the other reads again.
    private const string Save = """
        insert into creation_rule (org, queue, version, body, changed_by, changed_on, why)
        select $1, $2, $3, $4, $5, $6, $7
        where $3 = 1 + (select coalesce(max(v.version), 0) from creation_rule v where v.org = $1 and v.queue = $2)
        """;

    private const string Mark = "update organization set has_rules = 1 where id = $1";

    /// <inheritdoc/>
    public Task<bool> SaveRuleAsync(string organization, RuleVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                session.Execute(Mark, org);
                return session.Execute(
                    Save,
                    org,
                    version.Queue,
                    version.Version,
                    RuleJson.Write(version.Rule),
                    version.ChangedBy,
                    version.ChangedOn,
                    version.Why) == 1;
            },
            cancellationToken);
    }

    private const string Rules = $"""
        select {StoredRules.Columns} from creation_rule v where v.org = $1 and v.version = (
            select max(x.version) from creation_rule x where x.org = v.org and x.queue = v.queue)
        order by v.queue
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<RuleVersion>> ReadRulesAsync(string organization, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session => session.Query(Rules, StoredRules.Version, names.Read(session, organization)).ToImmutableArray(), cancellationToken);

    private const string History = $"""
        select {StoredRules.Columns} from creation_rule v where v.org = $1 and v.queue = $2 order by v.version desc limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(
        string organization, EmailAddress queue, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(History, StoredRules.Version, names.Read(session, organization), queue, countMax).ToImmutableArray(),
        cancellationToken);
}
