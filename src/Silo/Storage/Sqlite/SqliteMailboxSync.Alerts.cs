using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>Alerts.</content>
internal sealed partial class SqliteMailboxSync
{
    private const string Raise = """
        insert into alert (org, subject, level, cause, next_step, raised_on) values ($1, $2, $3, $4, $5, $6)
        on conflict (org, subject) do update set
            level = excluded.level, cause = excluded.cause, next_step = excluded.next_step, cleared_on = null,
            raised_on = case when alert.cleared_on is null and alert.cause = excluded.cause then alert.raised_on else excluded.raised_on end
        """;

    /// <inheritdoc/>
    public Task RaiseAsync(string organization, Alert alert, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return WriteAsync(
            organization, Raise, cancellationToken, alert.Subject, alert.Level, alert.Cause, alert.NextStep, alert.RaisedOn);
    }

    private const string Clear = "update alert set cleared_on = $3 where org = $1 and subject = $2 and cleared_on is null";

    /// <inheritdoc/>
    public Task ClearAsync(
        string organization, string subject, DateTimeOffset clearedOn, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, Clear, cancellationToken, subject, clearedOn);

    private const string AlertColumns = "a.subject, a.level, a.cause, a.next_step, a.raised_on, a.cleared_on";

    private const string Standing = $"""
        select {AlertColumns} from alert a where a.org = $1 and a.cleared_on is null order by a.raised_on desc, a.subject limit $2
        """;

    private const string Cleared = $"""
        select {AlertColumns} from alert a where a.org = $1 and a.cleared_on is not null order by a.raised_on desc, a.subject limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Alert>> ReadAlertsAsync(
        string organization, bool onlyStanding, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var alerts = session.Query(Standing, AlertOf, org, countMax).ToImmutableArray();
            return onlyStanding || alerts.Length == countMax
                ? alerts
                : alerts.AddRange(session.Query(Cleared, AlertOf, org, countMax - alerts.Length));
        },
        cancellationToken);

    private static Alert AlertOf(SqliteDataReader row) => new(
        row.GetString(0), (AlertLevel)row.GetInt32(1), row.GetString(2), row.GetString(3), row.Time(4), row.TimeOrNull(5));
}
