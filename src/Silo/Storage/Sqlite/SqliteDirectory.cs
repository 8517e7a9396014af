using System.Collections.Immutable;
using System.Text.Json;
using EmailTracking.Organizations;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Mailboxes, tables, records and settings in the database file.</summary>
internal sealed partial class SqliteDirectory(SqliteReaders readers, SqliteNames names, SqliteWriter writer, TimeProvider time) : IDirectory
{
    private const string Ensure = """
        insert into mailbox (org, address, is_queue, owner_table, owner_id, filter, created_on, options)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (org, address) do nothing
        """;

    private const string Save = """
        insert into mailbox (org, address, is_queue, owner_table, owner_id, filter, created_on, options)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (org, address) do update set
            is_queue = excluded.is_queue, owner_table = excluded.owner_table, owner_id = excluded.owner_id, filter = excluded.filter
        """;

    // What people chose changes only with who chose it.
    private const string SaveOptions = "update mailbox set options = $3 where org = $1 and address = $2";

    private const string NewFolder = """
        insert into mailbox_tracking_folder (mailbox_id, name, regarding_table, regarding_id, state, from_day, until_day)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string DropFolders = "delete from mailbox_tracking_folder where mailbox_id = $1";

    /// <inheritdoc/>
    public Task<(MailboxFacts Mailbox, bool Created)> EnsureMailboxAsync(
        string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                var created = Write(session, Ensure, org, mailbox) == 1;
                if (created)
                {
                    AddFolders(session, org, mailbox.Address, mailbox.Folders);
                }

                return (StoredMailboxes.Read(session, org, [mailbox.Address.Value]).Single(), created);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveMailboxAsync(string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default) =>
        SaveAsync(organization, mailbox, null, cancellationToken);

    /// <inheritdoc/>
    public Task SaveMailboxAsync(
        string organization, MailboxFacts mailbox, MailboxChange change, CancellationToken cancellationToken = default) =>
        SaveAsync(organization, mailbox, change, cancellationToken);

    private const string NewOptionChange = """
        insert into mailbox_change (org, mailbox, name, before, after, changed_by, changed_on, why)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private Task<int> SaveAsync(string organization, MailboxFacts mailbox, MailboxChange? change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                var written = Write(session, Save, org, mailbox);
                ReplaceFolders(session, org, mailbox.Address, mailbox.Folders);
                if (change is { } one)
                {
                    session.Execute(SaveOptions, org, mailbox.Address, PersonalOptionsJson.Write(mailbox.Options));
                    Note(session, org, mailbox.Address, one);
                }

                return written;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveFolderRulesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<TrackingFolder> rules,
        ImmutableArray<MailboxChange> changes,
        CancellationToken cancellationToken = default) => writer.EditAsync(
        session =>
        {
            var org = names.Ensure(session, organization);
            foreach (var change in changes)
            {
                Note(session, org, mailbox, change);
            }

            return ReplaceFolders(session, org, mailbox, rules);
        },
        cancellationToken);

    private static void Note(SqliteSession session, long org, EmailAddress mailbox, MailboxChange change) => session.Execute(
        NewOptionChange, org, mailbox, change.Name, change.Before, change.After, change.ChangedBy, change.ChangedOn, change.Why);

    private const string OptionChanges = """
        select c.name, c.before, c.after, c.changed_by, c.changed_on, c.why from mailbox_change c
        where c.mailbox = $2 and c.org = $1 order by c.id desc limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        string organization, EmailAddress mailbox, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(
            OptionChanges,
            row => new MailboxChange(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Time(4), row.Text(5)),
            names.Read(session, organization),
            mailbox,
            countMax).ToImmutableArray(),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(
        string organization, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session => StoredMailboxes.ReadAll(session, names.Read(session, organization)), cancellationToken),
        ];

    private const string ReadTables = """
        select t.logical_name, t.email_columns, t.name_column, t.owner_column, t.state_column, t.is_activity_enabled
        from crm_table t where t.org = $1 order by t.logical_name
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<TableDefinition>> ReadTablesAsync(
        string organization, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(ReadTables, Table, names.Read(session, organization)).ToImmutableArray(), cancellationToken);

    private const string SaveTable = """
        insert into crm_table (org, logical_name, email_columns, name_column, owner_column, state_column, is_activity_enabled)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (org, logical_name) do update set
            email_columns = excluded.email_columns, name_column = excluded.name_column, owner_column = excluded.owner_column,
            state_column = excluded.state_column, is_activity_enabled = excluded.is_activity_enabled
        """;

    /// <inheritdoc/>
    public Task SaveTableAsync(string organization, TableDefinition table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        return writer.EditAsync(
            session => session.Execute(
                SaveTable,
                names.Ensure(session, organization), table.LogicalName, Values.Many(table.EmailColumns), table.NameColumn,
                table.OwnerColumn, table.StateColumn, table.IsActivityEnabled),
            cancellationToken);
    }

    private const string RemoveTable = "delete from crm_table where org = $1 and logical_name = $2";

    /// <inheritdoc/>
    public Task<bool> RemoveTableAsync(string organization, string logicalName, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session => session.Execute(RemoveTable, names.Ensure(session, organization), logicalName) == 1, cancellationToken);

    /// <inheritdoc/>
    public Task<TrackingSettings> ReadSettingsAsync(string organization, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session => FactsReader.ReadSettings(session, names.Read(session, organization)), cancellationToken);

    private const string SettingsHistory =
        "select version, body, changed_by, changed_on, why from setting where org = $1 order by version desc limit $2";

    /// <inheritdoc/>
    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(
            SettingsHistory,
            row => new SettingsVersion(SettingsJson.Read(row.GetInt64(0), row.GetString(1)), row.GetString(2), row.Time(3), row.Text(4)),
            names.Read(session, organization),
            countMax).ToImmutableArray(),
        cancellationToken);

    private const string SaveSettings = """
        insert into setting (org, version, body, changed_by, changed_on, why)
        select $1, $2 + 1, $3, $4, $5, $6 where $2 = (select coalesce(max(s.version), 0) from setting s where s.org = $1)
        """;

    /// <inheritdoc/>
    public Task<long?> SaveSettingsAsync(
        string organization,
        TrackingSettings settings,
        string changedBy,
        DateTimeOffset changedOn,
        string? why = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (seen, body) = (settings.Version, SettingsJson.Write(settings));
        return writer.EditAsync(
            session => session.Execute(SaveSettings, names.Ensure(session, organization), seen, body, changedBy, changedOn, why) == 1
                ? seen + 1
                : default(long?),
            cancellationToken);
    }

    private static TableDefinition Table(SqliteDataReader row) => new()
    {
        LogicalName = row.GetString(0),
        EmailColumns = [.. JsonSerializer.Deserialize<string[]>(row.GetString(1))!],
        NameColumn = row.GetString(2),
        OwnerColumn = row.Text(3),
        StateColumn = row.Text(4),
        IsActivityEnabled = row.Flag(5),
    };

    private int Write(SqliteSession session, string sql, long org, MailboxFacts mailbox) => session.Execute(
        sql,
        org, mailbox.Address, mailbox.IsQueue, mailbox.Owner?.LogicalName, mailbox.Owner?.Id, mailbox.Filter, time.GetUtcNow(),
        PersonalOptionsJson.Write(mailbox.Options));

    private static int ReplaceFolders(SqliteSession session, long org, EmailAddress mailbox, ImmutableArray<TrackingFolder> rules)
    {
        var dropped = session.Execute(DropFolders, SqliteNames.MailboxOf(session, org, mailbox));
        return dropped + AddFolders(session, org, mailbox, rules);
    }

    private static int AddFolders(SqliteSession session, long org, EmailAddress mailbox, ImmutableArray<TrackingFolder> rules)
    {
        var row = SqliteNames.MailboxOf(session, org, mailbox);
        return rules.Sum(folder => session.Execute(
            NewFolder, row, folder.Name, folder.Regarding?.LogicalName, folder.Regarding?.Id, folder.State, folder.From, folder.Until));
    }
}
