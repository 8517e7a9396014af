using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Servers, how mailboxes are read, and how far they were read, in PostgreSQL.</summary>
internal sealed partial class PostgresMailboxSync(PostgresSources sources, PostgresNames names) : IMailboxSync
{
    private const string Profiles = """
        select p.body from server_profile p where p.org = $1 order by p.name collate "C"
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(string organization, CancellationToken cancellationToken = default) =>
        AllAsync(sources.Edits, organization, Profiles, row => ServerProfileJson.Read(row.GetString(0)), cancellationToken);

    private const string SaveProfile = """
        insert into server_profile (org, name, body) values ($1, $2, $3)
        on conflict (name, org) do update set body = excluded.body
        """;

    /// <inheritdoc/>
    public Task SaveProfileAsync(string organization, ServerProfile profile, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return WriteAsync(organization, SaveProfile, cancellationToken, Value(profile.Name), Value(ServerProfileJson.Write(profile)));
    }

    // A mailbox is given a profile on one silo while that is removed on another: whoever locks its row second sees what the first did.
    private const string HoldProfile = "select 1 from server_profile p where p.org = $1 and p.name = $2 for key share";

    private const string TakeProfile = "select 1 from server_profile p where p.org = $1 and p.name = $2 for update";

    private const string DropProfile = """
        delete from server_profile p where p.org = $1 and p.name = $2
            and not exists (select from mailbox_connection c where c.profile = $2 and c.org = $1)
        """;

    private const string ProfileUses = "select count(*)::int from mailbox_connection c where c.profile = $2 and c.org = $1";

    /// <inheritdoc/>
    public async Task<int> RemoveProfileAsync(string organization, string name, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var batch = sources.Edits.CreateBatch();
        batch.Add(TakeProfile, Value(org), Value(name));
        batch.Add(DropProfile, Value(org), Value(name));
        batch.Add(ProfileUses, Value(org), Value(name));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt32(0);
    }

    private const string Columns = """
        c.profile, c.user_name, c.secret, c.starts_on, c.approval, c.is_enabled, c.deletes_processed, c.approved_by,
        c.state, c.since, c.last_read_on, c.problem_kind, c.problem, c.next_step, c.failures, c.retry_on
        """;

    private const string Connections = $"""
        select m.address, {Columns} from mailbox m join mailbox_connection c on c.mailbox_id = m.id
        where m.org = $1 order by m.address collate "C"
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<(MailboxConnection Connection, MailboxHealth Health)>> ReadConnectionsAsync(
        string organization, CancellationToken cancellationToken = default) => AllAsync(
        sources.Edits, organization, Connections, row => (ConnectionOf(row, Rows.Address(row, 0)!.Value, 1), HealthOf(row, 1)), cancellationToken);

    internal const string Connection = $"""
        select {StoredMailboxes.Columns}, {Columns} from mailbox m join mailbox_connection c on c.mailbox_id = m.id
        where m.org = $1 and m.address = $2
        """;

    /// <inheritdoc/>
    public async Task<(MailboxConnection Connection, MailboxHealth Health, MailboxFacts Mailbox)?> ReadConnectionAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default)
    {
        var found = await AllAsync(
            sources.Reads,
            organization,
            Connection,
            row => (ConnectionOf(row, mailbox, StoredMailboxes.Count), HealthOf(row, StoredMailboxes.Count), StoredMailboxes.Read(row).Mailbox),
            cancellationToken,
            Value(mailbox.Value));
        return found.IsEmpty ? null : found[0];
    }

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
    public async Task SaveConnectionAsync(
        string organization, MailboxConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var mailbox = await MailboxAsync(org, connection.Mailbox, cancellationToken);
        await using var batch = sources.Edits.CreateBatch();
        batch.Add(HoldProfile, Value(org), Value(connection.Profile));
        batch.Add(
            SaveConnection,
            Value(org),
            Value(mailbox),
            Value(connection.Profile),
            Value(connection.UserName),
            Value(connection.Secret, NpgsqlDbType.Text),
            Value(connection.StartsOn),
            Value((short)connection.Approval),
            Value(connection.IsEnabled),
            Value(connection.DeletesProcessed),
            Value(connection.ApprovedBy, NpgsqlDbType.Text));
        await batch.ExecuteNonQueryAsync(cancellationToken);
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
            Value(mailbox.Value),
            Value((short)health.State),
            Value(health.Since?.UtcDateTime, NpgsqlDbType.TimestampTz),
            Value(health.LastReadOn?.UtcDateTime, NpgsqlDbType.TimestampTz),
            Value((short?)health.Kind, NpgsqlDbType.Smallint),
            Value(health.Problem, NpgsqlDbType.Text),
            Value(health.NextStep, NpgsqlDbType.Text),
            Value(health.Failures),
            Value(health.RetryOn?.UtcDateTime, NpgsqlDbType.TimestampTz));
    }

    private static MailboxConnection ConnectionOf(NpgsqlDataReader row, EmailAddress mailbox, int column) => new()
    {
        Mailbox = mailbox,
        Profile = row.GetString(column),
        UserName = row.GetString(column + 1),
        Secret = Rows.Text(row, column + 2),
        StartsOn = row.GetFieldValue<DateOnly>(column + 3),
        Approval = (AccessApproval)row.GetInt16(column + 4),
        IsEnabled = row.GetBoolean(column + 5),
        DeletesProcessed = row.GetBoolean(column + 6),
        ApprovedBy = Rows.Text(row, column + 7),
    };

    private static MailboxHealth HealthOf(NpgsqlDataReader row, int column) => new()
    {
        State = (MailboxState)row.GetInt16(column + 8),
        Since = Rows.TimeOrNull(row, column + 9),
        LastReadOn = Rows.TimeOrNull(row, column + 10),
        Kind = row.IsDBNull(column + 11) ? null : (ServerProblemKind)row.GetInt16(column + 11),
        Problem = Rows.Text(row, column + 12),
        NextStep = Rows.Text(row, column + 13),
        Failures = row.GetInt32(column + 14),
        RetryOn = Rows.TimeOrNull(row, column + 15),
    };

    /// <exception cref="InvalidMailboxException">There is no such mailbox.</exception>
    private async ValueTask<long> MailboxAsync(int org, EmailAddress mailbox, CancellationToken cancellationToken)
    {
        await names.LearnAsync(org, [mailbox], cancellationToken);
        return names.Mailbox(org, mailbox);
    }

    private async Task<int> WriteAsync(string organization, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(sql, [Value(org), .. more]);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<ImmutableArray<T>> AllAsync<T>(
        NpgsqlDataSource source,
        string organization,
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] more)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = source.Command(sql, [Value(org), .. more]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, row).ToListAsync(cancellationToken)];
    }
}
