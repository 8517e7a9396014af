using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The creation rules of queues in PostgreSQL.</summary>
internal sealed class PostgresCreationRules(PostgresSources sources, PostgresNames names) : ICreationRules
{
    // Two people save at once: the version that both have read lets one in, and the other reads again.
    private const string Save = """
        with saved as (
            insert into creation_rule (org, queue, version, body, changed_by, changed_on, why)
            select $1, $2, $3, $4, $5, $6, $7
            where $3 = 1 + (select coalesce(max(v.version), 0) from creation_rule v where v.org = $1 and v.queue = $2)
            returning 1
        ),
        marked as (
            update organization set has_rules = true where id = $1 and not has_rules and exists (select from saved)
        )
        select count(*) from saved
        """;

    /// <inheritdoc/>
    public async Task<bool> SaveRuleAsync(string organization, RuleVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        try
        {
            await using var command = sources.Edits.Command(
                Save,
                Value(org),
                Value(version.Queue.Value),
                Value(version.Version),
                Value(RuleJson.Write(version.Rule), NpgsqlDbType.Text),
                Value(version.ChangedBy),
                Value(version.ChangedOn.UtcDateTime),
                Value(version.Why, NpgsqlDbType.Text));
            return (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    private const string Rules = $"""
        select distinct on (v.queue collate "C") {RuleReader.Columns} from creation_rule v where v.org = $1
        order by v.queue collate "C", v.version desc
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<RuleVersion>> ReadRulesAsync(string organization, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Rules, Value(org));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, RuleReader.Version).ToListAsync(cancellationToken)];
    }

    private const string History = $"""
        select {RuleReader.Columns} from creation_rule v where v.org = $1 and v.queue = $2 order by v.version desc limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(
        string organization, EmailAddress queue, int countMax, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(History, Value(org), Value(queue.Value), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, RuleReader.Version).ToListAsync(cancellationToken)];
    }
}
