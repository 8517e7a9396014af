using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Mailboxes, records and settings in PostgreSQL.</summary>
internal sealed partial class PostgresDirectory(PostgresSources sources, PostgresNames names, TimeProvider time) : IDirectory
{
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
}
