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
internal sealed class PostgresDirectory(PostgresSources sources, PostgresNames names, TimeProvider time) : IDirectory
{
    private const int RecordsMax = 1_000;
    private const int SaveAttemptsMax = 5;

    // Two deliveries into one new mailbox: the second finds what the first created.
    private const string Ensure = """
        insert into mailbox (org, address, is_queue, owner_table, owner_id, filter, created_on)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (org, address) do nothing
        """;

    private const string Save = """
        insert into mailbox (org, address, is_queue, owner_table, owner_id, filter, created_on)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (org, address) do update set
            is_queue = excluded.is_queue, owner_table = excluded.owner_table, owner_id = excluded.owner_id, filter = excluded.filter
        """;

    private const string NewFolders = """
        insert into mailbox_tracking_folder (mailbox_id, name, regarding_table, regarding_id)
        select m.id, u.name, u.regarding_table, u.regarding_id
        from mailbox m, unnest($3::text[], $4::text[], $5::uuid[]) as u(name, regarding_table, regarding_id)
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
            AddFolders(batch, org, mailbox);
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
    public async Task SaveMailboxAsync(string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Save, Columns(org, mailbox));
        batch.Add(DropFolders, Value(org), Value(mailbox.Address.Value));
        AddFolders(batch, org, mailbox);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

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

    private const string SaveRecords = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on, customer_table, customer_id)
        select $1, u.* from unnest(
            $2::text[], $3::uuid[], $4::text[], $5::boolean[], $6::uuid[], $7::timestamptz[], $8::text[], $9::uuid[]) as u
        on conflict (org, logical_name, id) do update set
            name = excluded.name, is_active = excluded.is_active, owner_id = excluded.owner_id, created_on = excluded.created_on,
            customer_table = excluded.customer_table, customer_id = excluded.customer_id
        """;

    // The rows above are locked by now: who loads the same records at once is done or waits, so this sees all there is. By the
    // places of the rows: joined, every page of a load into an empty database would walk through the addresses of those before it.
    internal const string DropAddresses = """
        delete from record_address where ctid = any(array(
            select a.ctid from unnest($2::text[], $3::uuid[]) as u(logical_name, id)
            cross join lateral (
                select x.ctid from record_address x where x.org = $1 and x.logical_name = u.logical_name and x.id = u.id offset 0
            ) a
        ))
        """;

    private const string NewAddresses = """
        insert into record_address (org, address, logical_name, id)
        select distinct $1, u.* from unnest($2::text[], $3::text[], $4::uuid[]) as u
        """;

    /// <inheritdoc/>
    public async Task SaveRecordsAsync(
        string organization, ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records.Length, RecordsMax, nameof(records));
        var org = await names.OrganizationAsync(organization, cancellationToken);

        // The last of several counts; in one order, so that two loads do not wait for each other in a circle.
        CrmRecord[] rows =
        [
            .. records.Reverse()
                .DistinctBy(record => record.Facts.Reference)
                .OrderBy(record => record.Facts.Reference.LogicalName, StringComparer.Ordinal)
                .ThenBy(record => record.Facts.Reference.Id),
        ];
        var addresses = rows.SelectMany(record => record.Addresses.Select(address => (Address: address, record.Facts.Reference))).ToArray();
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        NpgsqlParameter[] references =
        [
            Value(org),
            Column(rows, NpgsqlDbType.Text, record => record.Facts.Reference.LogicalName),
            Column(rows, NpgsqlDbType.Uuid, record => record.Facts.Reference.Id),
        ];
        batch.Add(
            SaveRecords,
            [
                .. references,
                Column(rows, NpgsqlDbType.Text, record => record.Name),
                Column(rows, NpgsqlDbType.Boolean, record => record.Facts.IsActive),
                Column(rows, NpgsqlDbType.Uuid, record => record.Facts.OwnerId),
                Column(rows, NpgsqlDbType.TimestampTz, record => record.Facts.CreatedOn.UtcDateTime),
                Column(rows, NpgsqlDbType.Text, record => record.Customer?.LogicalName),
                Column(rows, NpgsqlDbType.Uuid, record => record.Customer?.Id),
            ]);
        batch.Add(DropAddresses, [.. references.Select(parameter => parameter.Clone())]);
        batch.Add(
            NewAddresses,
            Value(org),
            Column(addresses, NpgsqlDbType.Text, row => row.Address.Value),
            Column(addresses, NpgsqlDbType.Text, row => row.Reference.LogicalName),
            Column(addresses, NpgsqlDbType.Uuid, row => row.Reference.Id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Records = """
        select r.logical_name, r.id, r.is_active, r.owner_id, r.created_on, r.name,
            array(select a.address from record_address a
                where a.org = r.org and a.logical_name = r.logical_name and a.id = r.id order by a.address collate "C"),
            r.customer_table, r.customer_id
        from record r join unnest($2::text[], $3::uuid[]) as u(logical_name, id)
            on r.logical_name = u.logical_name and r.id = u.id
        where r.org = $1
        order by r.logical_name collate "C", r.id
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        RecordReference[] distinct = [.. references.Distinct()];
        await using var command = sources.Edits.Command(
            Records,
            Value(org),
            Column(distinct, NpgsqlDbType.Text, reference => reference.LogicalName),
            Column(distinct, NpgsqlDbType.Uuid, reference => reference.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Record).ToListAsync(cancellationToken)];
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

    private const string Settings = "select version, body from setting where org = $1 order by version desc limit 1";

    /// <inheritdoc/>
    public async Task<TrackingSettings> ReadSettingsAsync(string organization, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Settings, Value(org));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? SettingsJson.Read(reader.GetInt64(0), reader.GetString(1))
            : new TrackingSettings();
    }

    private const string SettingsHistory =
        "select version, body, changed_by, changed_on from setting where org = $1 order by version desc limit $2";

    /// <inheritdoc/>
    public async Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        string organization, int countMax, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(SettingsHistory, Value(org), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = ImmutableArray.CreateBuilder<SettingsVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(new SettingsVersion(
                SettingsJson.Read(reader.GetInt64(0), reader.GetString(1)), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return versions.DrainToImmutable();
    }

    // Two people save at once: the version lets one in, the other gets the next one.
    private const string SaveSettings = """
        insert into setting (org, version, body, changed_by, changed_on)
        select $1, coalesce(max(s.version), 0) + 1, $2, $3, $4 from setting s where s.org = $1
        returning version
        """;

    /// <inheritdoc/>
    public async Task<long> SaveSettingsAsync(
        string organization,
        TrackingSettings settings,
        string changedBy,
        DateTimeOffset changedOn,
        CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = sources.Edits.Command(
                    SaveSettings, Value(org), Value(SettingsJson.Write(settings)), Value(changedBy), Value(changedOn.UtcDateTime));
                return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            }
            catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation && attempt < SaveAttemptsMax)
            {
            }
        }
    }

    private NpgsqlParameter[] Columns(int org, MailboxFacts mailbox) =>
    [
        Value(org),
        Value(mailbox.Address.Value),
        Value(mailbox.IsQueue),
        Value(mailbox.Owner?.LogicalName, NpgsqlDbType.Text),
        Value(mailbox.Owner?.Id, NpgsqlDbType.Uuid),
        Value((short)mailbox.Filter),
        Value(time.GetUtcNow().UtcDateTime),
    ];

    private static void AddFolders(NpgsqlBatch batch, int org, MailboxFacts mailbox) => batch.Add(
        NewFolders,
        Value(org),
        Value(mailbox.Address.Value),
        Column(mailbox.Folders, NpgsqlDbType.Text, folder => folder.Name),
        Column(mailbox.Folders, NpgsqlDbType.Text, folder => folder.Regarding?.LogicalName),
        Column(mailbox.Folders, NpgsqlDbType.Uuid, folder => folder.Regarding?.Id));

    private static TableDefinition Table(NpgsqlDataReader reader) => new()
    {
        LogicalName = reader.GetString(0),
        EmailColumns = [.. reader.GetFieldValue<string[]>(1)],
        NameColumn = reader.GetString(2),
        OwnerColumn = Rows.Text(reader, 3),
        StateColumn = Rows.Text(reader, 4),
        IsActivityEnabled = reader.GetBoolean(5),
    };

    private static CrmRecord Record(NpgsqlDataReader reader) => new(
        Rows.RecordFacts(reader, 0),
        reader.GetString(5),
        [
            .. reader.GetFieldValue<string[]>(6).Select(text => EmailAddress.TryParse(text, out var address)
                ? address
                : throw new InvalidDataException("A stored address is none: the database was changed from outside.")),
        ],
        Rows.Record(reader, 7));
}
