using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using Npgsql;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>Alerts.</content>
internal sealed partial class PostgresMailboxSync
{
    private const string Raise = """
        insert into alert (org, subject, level, cause, next_step, raised_on) values ($1, $2, $3, $4, $5, $6)
        on conflict (subject, org) do update set
            level = excluded.level, cause = excluded.cause, next_step = excluded.next_step, cleared_on = null,
            raised_on = case when alert.cleared_on is null and alert.cause = excluded.cause then alert.raised_on else excluded.raised_on end
        """;

    /// <inheritdoc/>
    public Task RaiseAsync(string organization, Alert alert, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return WriteAsync(
            organization,
            Raise,
            cancellationToken,
            Value(alert.Subject),
            Value((short)alert.Level),
            Value(alert.Cause),
            Value(alert.NextStep),
            Value(alert.RaisedOn.UtcDateTime));
    }

    private const string Clear = "update alert set cleared_on = $3 where org = $1 and subject = $2 and cleared_on is null";

    /// <inheritdoc/>
    public Task ClearAsync(
        string organization, string subject, DateTimeOffset clearedOn, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, Clear, cancellationToken, Value(subject), Value(clearedOn.UtcDateTime));

    private const string AlertColumns = "a.subject, a.level, a.cause, a.next_step, a.raised_on, a.cleared_on";

    private const string Standing = $"""
        select {AlertColumns} from alert a where a.org = $1 and a.cleared_on is null order by a.raised_on desc, a.subject limit $2
        """;

    private const string Cleared = $"""
        select {AlertColumns} from alert a where a.org = $1 and a.cleared_on is not null order by a.raised_on desc, a.subject limit $2
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<Alert>> ReadAlertsAsync(
        string organization, bool onlyStanding, int countMax, CancellationToken cancellationToken = default)
    {
        var standing = await ReadAsync(Standing, countMax);
        return onlyStanding || standing.Length == countMax ? standing : standing.AddRange(await ReadAsync(Cleared, countMax - standing.Length));

        Task<ImmutableArray<Alert>> ReadAsync(string sql, int count) =>
            AllAsync(sources.Edits, organization, sql, AlertOf, cancellationToken, Value(count));
    }

    private static Alert AlertOf(NpgsqlDataReader row) => new(
        row.GetString(0), (AlertLevel)row.GetInt16(1), row.GetString(2), row.GetString(3), Rows.Time(row, 4), Rows.TimeOrNull(row, 5));
}
