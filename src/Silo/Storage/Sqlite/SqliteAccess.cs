using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Keys, people who sign in, and the audit log in the database file.</summary>
internal sealed class SqliteAccess(SqliteReaders readers, SqliteNames names, SqliteWriter writer) : IAccess
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
            organization, AddKey, cancellationToken, key.Id, digest, key.Name, key.Role, key.SystemUser, AccessLists.Write(key.Scopes),
            key.CreatedBy, key.CreatedOn, key.ExpiresOn);
    }

    private const string KeyColumns =
        "k.id, k.name, k.role, k.system_user, k.scopes, k.created_by, k.created_on, k.expires_on, k.revoked_by, k.revoked_on, k.last_used_on, k.digest";

    private const string FindKey = $"select {KeyColumns} from api_key k where k.org = $1 and k.id = $2";

    /// <inheritdoc/>
    public Task<StoredKey?> FindKeyAsync(string organization, string id, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(FindKey, row => new StoredKey(KeyOf(row), row.GetString(11)), names.Read(session, organization), id).FirstOrDefault(),
        cancellationToken);

    private const string Keys = $"select {KeyColumns} from api_key k where k.org = $1 order by k.created_on desc, k.id limit $2";

    /// <inheritdoc/>
    public Task<ImmutableArray<ApiKey>> ReadKeysAsync(string organization, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Keys, KeyOf, cancellationToken, ApiKey.CountMax);

    private const string RevokeKey =
        "update api_key set revoked_on = coalesce(revoked_on, $4), revoked_by = coalesce(revoked_by, $3) where org = $1 and id = $2";

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(
        string organization, string id, string by, DateTimeOffset on, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, RevokeKey, cancellationToken, id, by, on);

    private const string NoteUse = "update api_key set last_used_on = $3 where org = $1 and id = $2";

    /// <inheritdoc/>
    public Task NoteUseAsync(string organization, string id, DateTimeOffset on, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, NoteUse, cancellationToken, id, on);

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
            organization, SavePerson, cancellationToken, person.Subject, person.Name, person.Role, person.SystemUser,
            AccessLists.Write(person.Teams), person.ChangedBy, person.ChangedOn);
    }

    private const string PersonColumns = "p.subject, p.name, p.role, p.system_user, p.teams, p.changed_by, p.changed_on";

    private const string FindPerson = $"select {PersonColumns} from signed_in p where p.org = $1 and p.subject = $2";

    /// <inheritdoc/>
    public Task<SignedIn?> FindPersonAsync(string organization, string subject, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(FindPerson, PersonOf, names.Read(session, organization), subject).FirstOrDefault(), cancellationToken);

    private const string Teams = "select p.teams from signed_in p indexed by signed_in_user where p.org = $1 and p.system_user = $2";

    /// <inheritdoc/>
    public async Task<ImmutableArray<Guid>> ReadTeamsAsync(string organization, Guid systemUser, CancellationToken cancellationToken = default) =>
    [
        .. (await AllAsync(organization, Teams, row => AccessLists.ReadIds(row.GetString(0)), cancellationToken, systemUser))
            .SelectMany(teams => teams).Distinct(),
    ];

    private const string People = $"select {PersonColumns} from signed_in p where p.org = $1 order by p.subject limit $2";

    /// <inheritdoc/>
    public Task<ImmutableArray<SignedIn>> ReadPeopleAsync(string organization, CancellationToken cancellationToken = default) =>
        AllAsync(organization, People, PersonOf, cancellationToken, SignedIn.CountMax);

    private const string RemovePerson = "delete from signed_in where org = $1 and subject = $2";

    /// <inheritdoc/>
    public Task<bool> RemovePersonAsync(string organization, string subject, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, RemovePerson, cancellationToken, subject);

    private const string AddDelegate = """
        insert into mailbox_delegate (org, mailbox, system_user, added_by, added_on) values ($1, $2, $3, $4, $5)
        on conflict (org, mailbox, system_user) do nothing
        """;

    /// <inheritdoc/>
    public Task AddDelegateAsync(string organization, Delegation delegated, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delegated);
        return WriteAsync(
            organization, AddDelegate, cancellationToken, delegated.Mailbox, delegated.SystemUser, delegated.AddedBy, delegated.AddedOn);
    }

    private const string RemoveDelegate = "delete from mailbox_delegate where org = $1 and mailbox = $2 and system_user = $3";

    /// <inheritdoc/>
    public Task<bool> RemoveDelegateAsync(
        string organization, EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, RemoveDelegate, cancellationToken, mailbox, systemUser);

    private const string Delegates = """
        select d.mailbox, d.system_user, d.added_by, d.added_on from mailbox_delegate d
        where d.org = $1 and d.mailbox = $2 order by d.added_on, d.system_user limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Delegation>> ReadDelegatesAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default) => AllAsync(
        organization,
        Delegates,
        row => new Delegation(row.Address(0), row.Id(1), row.GetString(2), row.Time(3)),
        cancellationToken,
        mailbox,
        Delegation.CountMax);

    private const string Delegations = """
        select d.mailbox from mailbox_delegate d indexed by mailbox_delegate_user where d.org = $1 and d.system_user = $2
        order by d.mailbox limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<EmailAddress>> ReadDelegationsAsync(
        string organization, Guid systemUser, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Delegations, row => row.Address(0), cancellationToken, systemUser, Delegation.MailboxesMax);

    private const string AppendAudit = """
        insert into audit_log (org, occurred_on, by_id, by_name, action, target, outcome, status)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning number
        """;

    /// <inheritdoc/>
    public Task<long> AppendAuditAsync(string organization, AuditEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return writer.EditAsync(
            session => session.Number(
                AppendAudit, names.Ensure(session, organization), entry.OccurredOn, entry.ById, entry.By, entry.Action, entry.Target, entry.Outcome,
                entry.Status)!.Value,
            cancellationToken);
    }

    private const string EndAudit = "update audit_log set outcome = $3, status = $4 where org = $1 and number = $2 and outcome = 0";

    /// <inheritdoc/>
    public Task EndAuditAsync(
        string organization, long number, AuditOutcome outcome, int status, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, EndAudit, cancellationToken, number, outcome, status);

    private const string Audit = """
        select a.number, a.occurred_on, a.by_id, a.by_name, a.action, a.target, a.outcome, a.status from audit_log a
        where a.org = $1 and a.number < $2 order by a.number desc limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ReadAuditAsync(
        string organization, long? before, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Audit, EntryOf, cancellationToken, before ?? long.MaxValue, countMax);

    private static ApiKey KeyOf(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Role = (Role)row.GetInt32(2),
        SystemUser = row.IsDBNull(3) ? null : row.Id(3),
        Scopes = AccessLists.ReadScopes(row.GetString(4)),
        CreatedBy = row.GetString(5),
        CreatedOn = row.Time(6),
        ExpiresOn = row.Time(7),
        RevokedBy = row.Text(8),
        RevokedOn = row.TimeOrNull(9),
        LastUsedOn = row.TimeOrNull(10),
    };

    private static SignedIn PersonOf(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), (Role)row.GetInt32(2), row.IsDBNull(3) ? null : row.Id(3), AccessLists.ReadIds(row.GetString(4)),
        row.GetString(5), row.Time(6));

    private static AuditEntry EntryOf(SqliteDataReader row) => new(
        row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), (AuditOutcome)row.GetInt32(6),
        row.IsDBNull(7) ? null : row.GetInt32(7));

    private Task<bool> WriteAsync(string organization, string sql, CancellationToken cancellationToken, params object?[] more) => writer.EditAsync(
        session => session.Execute(sql, [names.Ensure(session, organization), .. more]) > 0, cancellationToken);

    private Task<ImmutableArray<T>> AllAsync<T>(
        string organization, string sql, Func<SqliteDataReader, T> row, CancellationToken cancellationToken, params object?[] more) => readers.ReadAsync(
        session => session.Query(sql, row, [names.Read(session, organization), .. more]).ToImmutableArray(), cancellationToken);
}
