using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Mailboxes, tables, records and settings in PostgreSQL.</summary>
internal sealed partial class PostgresDirectory(PostgresSources sources, PostgresNames names, TimeProvider time) : IDirectory
{

    // Two deliveries into one new mailbox: the second finds what the first created.
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

    private const string NewFolders = """
        insert into mailbox_tracking_folder (mailbox_id, name, regarding_table, regarding_id, state, from_day, until_day)
        select m.id, u.*
        from mailbox m, unnest($3::text[], $4::text[], $5::uuid[], $6::smallint[], $7::date[], $8::date[]) as u
        where m.org = $1 and m.address = $2
        """;

    private const string DropFolders = """
        delete from mailbox_tracking_folder
        where mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = $2)
        """;

    private const string Mailbox = $"select {StoredMailboxes.Columns} from mailbox m where m.org = $1 and m.address = $2";

    /// <inheritdoc/>
    public async Task<(MailboxFacts Mailbox, bool Created)> EnsureMailboxAsync(
        string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(Ensure, Columns(org, mailbox));
        var created = await batch.ExecuteNonQueryAsync(cancellationToken) == 1;
        batch.BatchCommands.Clear();
        if (created && !mailbox.Folders.IsEmpty)
        {
            AddFolders(batch, org, mailbox.Address, mailbox.Folders);
        }

        batch.Add(Mailbox, Value(org), Value(mailbox.Address.Value));
        MailboxFacts stored;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            stored = StoredMailboxes.Read(reader).Mailbox;
        }

        await transaction.CommitAsync(cancellationToken);
        return (stored, created);
    }

    /// <inheritdoc/>
    public Task SaveMailboxAsync(string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default) =>
        SaveAsync(organization, mailbox, null, cancellationToken);

    /// <inheritdoc/>
    public Task SaveMailboxAsync(
        string organization, MailboxFacts mailbox, MailboxChange change, CancellationToken cancellationToken = default) =>
        SaveAsync(organization, mailbox, change, cancellationToken);

    private async Task SaveAsync(string organization, MailboxFacts mailbox, MailboxChange? change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Save, Columns(org, mailbox));
        ReplaceFolders(batch, org, mailbox.Address, mailbox.Folders);
        if (change is not null)
        {
            batch.Add(
                SaveOptions, Value(org), Value(mailbox.Address.Value), Value(PersonalOptionsJson.Write(mailbox.Options), NpgsqlDbType.Text));
            MailboxChanges.Append(batch, org, mailbox.Address, change);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SaveFolderRulesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<TrackingFolder> rules,
        ImmutableArray<MailboxChange> changes,
        CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        ReplaceFolders(batch, org, mailbox, rules);
        foreach (var change in changes)
        {
            MailboxChanges.Append(batch, org, mailbox, change);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        string organization, EmailAddress mailbox, int countMax, CancellationToken cancellationToken = default) => await MailboxChanges.ReadAsync(
            sources.Edits, await names.OrganizationAsync(organization, cancellationToken), mailbox, countMax, cancellationToken);

    private const string Mailboxes = $"""
        select {StoredMailboxes.Columns} from mailbox m where m.org = $1 order by m.address collate "C"
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(
        string organization, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Mailboxes, Value(org));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, row => StoredMailboxes.Read(row).Mailbox).ToListAsync(cancellationToken)];
    }

    private const string ReadTables = """
        select t.logical_name, t.email_columns, t.name_column, t.owner_column, t.state_column, t.is_activity_enabled
        from crm_table t where t.org = $1 order by t.logical_name collate "C"
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<TableDefinition>> ReadTablesAsync(
        string organization, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(ReadTables, Value(org));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Table).ToListAsync(cancellationToken)];
    }

    // Who describes a table last is believed.
    private const string SaveTable = """
        insert into crm_table (org, logical_name, email_columns, name_column, owner_column, state_column, is_activity_enabled)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (logical_name, org) do update set
            email_columns = excluded.email_columns, name_column = excluded.name_column, owner_column = excluded.owner_column,
            state_column = excluded.state_column, is_activity_enabled = excluded.is_activity_enabled
        """;

    /// <inheritdoc/>
    public async Task SaveTableAsync(string organization, TableDefinition table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            SaveTable,
            Value(org),
            Value(table.LogicalName),
            Column(table.EmailColumns, NpgsqlDbType.Text, column => column),
            Value(table.NameColumn),
            Value(table.OwnerColumn, NpgsqlDbType.Text),
            Value(table.StateColumn, NpgsqlDbType.Text),
            Value(table.IsActivityEnabled));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string RemoveTable = "delete from crm_table where org = $1 and logical_name = $2";

    /// <inheritdoc/>
    public async Task<bool> RemoveTableAsync(string organization, string logicalName, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(RemoveTable, Value(org), Value(logicalName));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task<TrackingSettings> ReadSettingsAsync(string organization, CancellationToken cancellationToken = default) =>
        await SettingVersions.ReadAsync(sources.Edits, await names.OrganizationAsync(organization, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) => await SettingVersions.ReadHistoryAsync(
            sources.Edits, await names.OrganizationAsync(organization, cancellationToken), countMax, cancellationToken);

    /// <inheritdoc/>
    public async Task<long?> SaveSettingsAsync(
        string organization,
        TrackingSettings settings,
        string changedBy,
        DateTimeOffset changedOn,
        string? why = null,
        CancellationToken cancellationToken = default) => await SettingVersions.SaveAsync(
            sources.Edits,
            await names.OrganizationAsync(organization, cancellationToken),
            new SettingsVersion(settings, changedBy, changedOn, why),
            cancellationToken);

    private NpgsqlParameter[] Columns(int org, MailboxFacts mailbox) =>
    [
        Value(org),
        Value(mailbox.Address.Value),
        Value(mailbox.IsQueue),
        Value(mailbox.Owner?.LogicalName, NpgsqlDbType.Text),
        Value(mailbox.Owner?.Id, NpgsqlDbType.Uuid),
        Value((short)mailbox.Filter),
        Value(time.GetUtcNow().UtcDateTime),
        Value(PersonalOptionsJson.Write(mailbox.Options), NpgsqlDbType.Text),
    ];

    private static void ReplaceFolders(NpgsqlBatch batch, int org, EmailAddress mailbox, ImmutableArray<TrackingFolder> rules)
    {
        batch.Add(DropFolders, Value(org), Value(mailbox.Value));
        AddFolders(batch, org, mailbox, rules);
    }

    private static void AddFolders(NpgsqlBatch batch, int org, EmailAddress mailbox, ImmutableArray<TrackingFolder> rules) => batch.Add(
        NewFolders,
        Value(org),
        Value(mailbox.Value),
        Column(rules, NpgsqlDbType.Text, folder => folder.Name),
        Column(rules, NpgsqlDbType.Text, folder => folder.Regarding?.LogicalName),
        Column(rules, NpgsqlDbType.Uuid, folder => folder.Regarding?.Id),
        Numbers(rules, folder => (int)folder.State),
        Column(rules, NpgsqlDbType.Date, folder => folder.From),
        Column(rules, NpgsqlDbType.Date, folder => folder.Until));

    private static TableDefinition Table(NpgsqlDataReader reader) => new()
    {
        LogicalName = reader.GetString(0),
        EmailColumns = [.. reader.GetFieldValue<string[]>(1)],
        NameColumn = reader.GetString(2),
        OwnerColumn = Rows.Text(reader, 3),
        StateColumn = Rows.Text(reader, 4),
        IsActivityEnabled = reader.GetBoolean(5),
    };
}
