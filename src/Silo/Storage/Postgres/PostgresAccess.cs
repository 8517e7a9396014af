using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Keys, people who sign in, and the audit log in PostgreSQL.</summary>
internal sealed class PostgresAccess(PostgresSources sources, PostgresNames names) : IAccess
{
    private const string AddKey = """
        insert into api_key (org, id, digest, name, role, system_user, scopes, created_by, created_on, expires_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (org, id) do nothing
        """;

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(string organization, ApiKey key, string digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WriteAsync(
            organization,
            AddKey,
            cancellationToken,
            Value(key.Id),
            Value(digest),
            Value(key.Name),
            Value((short)key.Role),
            Value(key.SystemUser, NpgsqlDbType.Uuid),
            Value(AccessLists.Write(key.Scopes)),
            Value(key.CreatedBy),
            Value(key.CreatedOn.UtcDateTime),
            Value(key.ExpiresOn.UtcDateTime));
    }

    private const string KeyColumns =
        "k.id, k.name, k.role, k.system_user, k.scopes, k.created_by, k.created_on, k.expires_on, k.revoked_by, k.revoked_on, k.last_used_on, k.digest";

    private const string FindKey = $"select {KeyColumns} from api_key k where k.org = $1 and k.id = $2";

    /// <inheritdoc/>
    public async Task<StoredKey?> FindKeyAsync(string organization, string id, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, FindKey, row => new StoredKey(KeyOf(row), row.GetString(11)), cancellationToken, Value(id))).FirstOrDefault();

    private const string Keys = $"""select {KeyColumns} from api_key k where k.org = $1 order by k.created_on desc, k.id collate "C" limit $2""";

    /// <inheritdoc/>
    public Task<ImmutableArray<ApiKey>> ReadKeysAsync(string organization, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Keys, KeyOf, cancellationToken, Value(ApiKey.CountMax));

    private const string RevokeKey =
        "update api_key set revoked_on = coalesce(revoked_on, $4), revoked_by = coalesce(revoked_by, $3) where org = $1 and id = $2";

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(
        string organization, string id, string by, DateTimeOffset on, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, RevokeKey, cancellationToken, Value(id), Value(by), Value(on.UtcDateTime));

    private const string NoteUse = "update api_key set last_used_on = $3 where org = $1 and id = $2";

    /// <inheritdoc/>
    public Task NoteUseAsync(string organization, string id, DateTimeOffset on, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, NoteUse, cancellationToken, Value(id), Value(on.UtcDateTime));

    private const string SavePerson = """
        insert into signed_in (org, subject, name, role, system_user, teams, changed_by, changed_on) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (org, subject) do update set
            name = excluded.name, role = excluded.role, system_user = excluded.system_user, teams = excluded.teams,
            changed_by = excluded.changed_by, changed_on = excluded.changed_on
        """;

    /// <inheritdoc/>
    public Task SavePersonAsync(string organization, SignedIn person, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return WriteAsync(
            organization,
            SavePerson,
            cancellationToken,
            Value(person.Subject),
            Value(person.Name),
            Value((short)person.Role),
            Value(person.SystemUser, NpgsqlDbType.Uuid),
            Value(AccessLists.Write(person.Teams)),
            Value(person.ChangedBy),
            Value(person.ChangedOn.UtcDateTime));
    }

    private const string PersonColumns = "p.subject, p.name, p.role, p.system_user, p.teams, p.changed_by, p.changed_on";

    private const string FindPerson = $"select {PersonColumns} from signed_in p where p.org = $1 and p.subject = $2";

    /// <inheritdoc/>
    public async Task<SignedIn?> FindPersonAsync(string organization, string subject, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, FindPerson, PersonOf, cancellationToken, Value(subject))).FirstOrDefault();

    private const string Teams = "select p.teams from signed_in p where p.org = $1 and p.system_user = $2";

    /// <inheritdoc/>
    public async Task<ImmutableArray<Guid>> ReadTeamsAsync(string organization, Guid systemUser, CancellationToken cancellationToken = default) =>
    [
        .. (await AllAsync(organization, Teams, row => AccessLists.ReadIds(row.GetString(0)), cancellationToken, Value(systemUser)))
            .SelectMany(teams => teams).Distinct(),
    ];

    private const string People = $"""select {PersonColumns} from signed_in p where p.org = $1 order by p.subject collate "C" limit $2""";

    /// <inheritdoc/>
    public Task<ImmutableArray<SignedIn>> ReadPeopleAsync(string organization, CancellationToken cancellationToken = default) =>
        AllAsync(organization, People, PersonOf, cancellationToken, Value(SignedIn.CountMax));

    private const string RemovePerson = "delete from signed_in where org = $1 and subject = $2";

    /// <inheritdoc/>
    public Task<bool> RemovePersonAsync(string organization, string subject, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, RemovePerson, cancellationToken, Value(subject));

    private const string AddDelegate = """
        insert into mailbox_delegate (org, mailbox, system_user, added_by, added_on) values ($1, $2, $3, $4, $5)
        on conflict (org, mailbox, system_user) do nothing
        """;

    /// <inheritdoc/>
    public Task AddDelegateAsync(string organization, Delegation delegated, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delegated);
        return WriteAsync(
            organization,
            AddDelegate,
            cancellationToken,
            Value(delegated.Mailbox.Value),
            Value(delegated.SystemUser),
            Value(delegated.AddedBy),
            Value(delegated.AddedOn.UtcDateTime));
    }

    private const string RemoveDelegate = "delete from mailbox_delegate where org = $1 and mailbox = $2 and system_user = $3";

    /// <inheritdoc/>
    public Task<bool> RemoveDelegateAsync(
        string organization, EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, RemoveDelegate, cancellationToken, Value(mailbox.Value), Value(systemUser));

    private const string Delegates = """
        select d.mailbox, d.system_user, d.added_by, d.added_on from mailbox_delegate d
        where d.org = $1 and d.mailbox = $2 order by d.added_on, d.system_user limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Delegation>> ReadDelegatesAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default) => AllAsync(
        organization,
        Delegates,
        row => new Delegation(Rows.Address(row, 0)!.Value, row.GetGuid(1), row.GetString(2), Rows.Time(row, 3)),
        cancellationToken,
        Value(mailbox.Value),
        Value(Delegation.CountMax));

    private const string Delegations = """
        select d.mailbox from mailbox_delegate d where d.org = $1 and d.system_user = $2 order by d.mailbox collate "C" limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailAddress>> ReadDelegationsAsync(
        string organization, Guid systemUser, CancellationToken cancellationToken = default) => AllAsync(
        organization, Delegations, row => Rows.Address(row, 0)!.Value, cancellationToken, Value(systemUser), Value(Delegation.MailboxesMax));

    private const string AppendAudit = """
        insert into audit_log (org, occurred_on, by_id, by_name, action, target, outcome, status)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning number
        """;

    /// <inheritdoc/>
    public async Task<long> AppendAuditAsync(string organization, AuditEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await using var command = sources.Edits.Command(
            AppendAudit,
            Value(await names.OrganizationAsync(organization, cancellationToken)),
            Value(entry.OccurredOn.UtcDateTime),
            Value(entry.ById),
            Value(entry.By),
            Value(entry.Action),
            Value(entry.Target),
            Value((short)entry.Outcome),
            Value(entry.Status is { } status ? (short)status : null, NpgsqlDbType.Smallint));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private const string EndAudit = "update audit_log set outcome = $3, status = $4 where org = $1 and number = $2 and outcome = 0";

    /// <inheritdoc/>
    public Task EndAuditAsync(
        string organization, long number, AuditOutcome outcome, int status, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, EndAudit, cancellationToken, Value(number), Value((short)outcome), Value((short)status));

    private const string Audit = """
        select a.number, a.occurred_on, a.by_id, a.by_name, a.action, a.target, a.outcome, a.status from audit_log a
        where a.org = $1 and a.number < $2 order by a.number desc limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ReadAuditAsync(
        string organization, long? before, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Audit, EntryOf, cancellationToken, Value(before ?? long.MaxValue), Value(countMax));

    private static ApiKey KeyOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Role = (Role)row.GetInt16(2),
        SystemUser = row.IsDBNull(3) ? null : row.GetGuid(3),
        Scopes = AccessLists.ReadScopes(row.GetString(4)),
        CreatedBy = row.GetString(5),
        CreatedOn = Rows.Time(row, 6),
        ExpiresOn = Rows.Time(row, 7),
        RevokedBy = Rows.Text(row, 8),
        RevokedOn = Rows.TimeOrNull(row, 9),
        LastUsedOn = Rows.TimeOrNull(row, 10),
    };

    private static SignedIn PersonOf(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), (Role)row.GetInt16(2), row.IsDBNull(3) ? null : row.GetGuid(3), AccessLists.ReadIds(row.GetString(4)),
        row.GetString(5), Rows.Time(row, 6));

    private static AuditEntry EntryOf(NpgsqlDataReader row) => new(
        row.GetInt64(0), Rows.Time(row, 1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), (AuditOutcome)row.GetInt16(6),
        row.IsDBNull(7) ? null : row.GetInt16(7));

    private async Task<bool> WriteAsync(
        string organization, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        await using var command = sources.Edits.Command(sql, [Value(await names.OrganizationAsync(organization, cancellationToken)), .. more]);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private async Task<ImmutableArray<T>> AllAsync<T>(
        string organization,
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] more)
    {
        await using var command = sources.Edits.Command(sql, [Value(await names.OrganizationAsync(organization, cancellationToken)), .. more]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, row).ToListAsync(cancellationToken)];
    }
}
