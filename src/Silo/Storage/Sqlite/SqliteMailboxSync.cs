using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Servers, how mailboxes are read, and how far they were read, in the database file.</summary>
internal sealed partial class SqliteMailboxSync(SqliteReaders readers, SqliteNames names, SqliteWriter writer) : IMailboxSync
{
    private const string Profiles = "select p.body from server_profile p where p.org = $1 order by p.name";

    /// <inheritdoc/>
    public Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(string organization, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Profiles, row => ServerProfileJson.Read(row.GetString(0)), cancellationToken);

    private const string SaveProfile = """
        insert into server_profile (org, name, body) values ($1, $2, $3)
        on conflict (org, name) do update set body = excluded.body
        """;

    /// <inheritdoc/>
    public Task SaveProfileAsync(string organization, ServerProfile profile, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return WriteAsync(organization, SaveProfile, cancellationToken, profile.Name, ServerProfileJson.Write(profile));
    }

    private const string ProfileUses = "select count(*) from mailbox_connection c where c.org = $1 and c.profile = $2";

    private const string DropProfile = "delete from server_profile where org = $1 and name = $2";

    /// <inheritdoc/>
    public Task<int> RemoveProfileAsync(string organization, string name, CancellationToken cancellationToken = default) => writer.EditAsync(
        session =>
        {
            var org = names.Ensure(session, organization);
            var uses = (int)session.Number(ProfileUses, org, name)!.Value;
            if (uses == 0)
            {
                session.Execute(DropProfile, org, name);
            }

            return uses;
        },
        cancellationToken);

    private const string Columns = """
        c.profile, c.user_name, c.secret, c.starts_on, c.approval, c.is_enabled, c.deletes_processed, c.approved_by,
        c.state, c.since, c.last_read_on, c.problem_kind, c.problem, c.next_step, c.failures, c.retry_on
        """;

    private const string Connections = $"""
        select m.address, {Columns} from mailbox m cross join mailbox_connection c on c.mailbox_id = m.id
        where m.org = $1 order by m.address
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<(MailboxConnection Connection, MailboxHealth Health)>> ReadConnectionsAsync(
        string organization, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Connections, row => (ConnectionOf(row), HealthOf(row)), cancellationToken);

    private const string Connection = $"""
        select m.address, {Columns} from mailbox m cross join mailbox_connection c on c.mailbox_id = m.id
        where m.org = $1 and m.address = $2
        """;

    /// <inheritdoc/>
    public Task<(MailboxConnection Connection, MailboxHealth Health, MailboxFacts Mailbox)?> ReadConnectionAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var found = session.Query(Connection, row => (Connection: ConnectionOf(row), Health: HealthOf(row)), org, mailbox);
            return found.Count == 0
                ? default((MailboxConnection, MailboxHealth, MailboxFacts)?)
                : (found[0].Connection, found[0].Health, StoredMailboxes.Read(session, org, [mailbox.Value]).Single());
        },
        cancellationToken);

    private const string SaveConnection = """
        insert into mailbox_connection (
            org, mailbox_id, profile, user_name, secret, starts_on, approval, is_enabled, deletes_processed, approved_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (mailbox_id) do update set
            profile = excluded.profile, user_name = excluded.user_name, secret = excluded.secret, starts_on = excluded.starts_on,
            approval = excluded.approval, is_enabled = excluded.is_enabled, deletes_processed = excluded.deletes_processed,
            approved_by = excluded.approved_by
        """;

    /// <inheritdoc/>
    public Task SaveConnectionAsync(string organization, MailboxConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                return session.Execute(
                    SaveConnection,
                    org,
                    SqliteNames.MailboxOf(session, org, connection.Mailbox),
                    connection.Profile,
                    connection.UserName,
                    connection.Secret,
                    connection.StartsOn,
                    connection.Approval,
                    connection.IsEnabled,
                    connection.DeletesProcessed,
                    connection.ApprovedBy);
            },
            cancellationToken);
    }

    private const string SaveHealth = """
        update mailbox_connection set
            state = $3, since = $4, last_read_on = $5, problem_kind = $6, problem = $7, next_step = $8, failures = $9, retry_on = $10
        where mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = $2)
        """;

    /// <inheritdoc/>
    public Task SaveHealthAsync(
        string organization, EmailAddress mailbox, MailboxHealth health, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(health);
        return WriteAsync(
            organization,
            SaveHealth,
            cancellationToken,
            mailbox,
            health.State,
            health.Since,
            health.LastReadOn,
            health.Kind,
            health.Problem,
            health.NextStep,
            health.Failures,
            health.RetryOn);
    }

    private static MailboxConnection ConnectionOf(SqliteDataReader row) => new()
    {
        Mailbox = row.Address(0),
        Profile = row.GetString(1),
        UserName = row.GetString(2),
        Secret = row.Text(3),
        StartsOn = row.Day(4),
        Approval = (AccessApproval)row.GetInt32(5),
        IsEnabled = row.Flag(6),
        DeletesProcessed = row.Flag(7),
        ApprovedBy = row.Text(8),
    };

    private static MailboxHealth HealthOf(SqliteDataReader row) => new()
    {
        State = (MailboxState)row.GetInt32(9),
        Since = row.TimeOrNull(10),
        LastReadOn = row.TimeOrNull(11),
        Kind = row.IsDBNull(12) ? null : (ServerProblemKind)row.GetInt32(12),
        Problem = row.Text(13),
        NextStep = row.Text(14),
        Failures = row.GetInt32(15),
        RetryOn = row.TimeOrNull(16),
    };

    private Task<int> WriteAsync(string organization, string sql, CancellationToken cancellationToken, params object?[] more) =>
        writer.EditAsync(session => session.Execute(sql, [names.Ensure(session, organization), .. more]), cancellationToken);

    private async Task<ImmutableArray<T>> AllAsync<T>(
        string organization, string sql, Func<SqliteDataReader, T> row, CancellationToken cancellationToken, params object?[] more) =>
        [.. await readers.ReadAsync(session => session.Query(sql, row, [names.Read(session, organization), .. more]), cancellationToken)];
}
