using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Mailboxes, records and settings in the database file.</summary>
internal sealed partial class SqliteDirectory(SqliteReaders readers, SqliteNames names, SqliteWriter writer, TimeProvider time) : IDirectory
{
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

    private const string NewFolder = """
        insert into mailbox_tracking_folder (mailbox_id, name, regarding_table, regarding_id) values ($1, $2, $3, $4)
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
                    AddFolders(session, org, mailbox);
                }

                return (StoredMailboxes.Read(session, org, [mailbox.Address.Value]).Single(), created);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveMailboxAsync(string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                var written = Write(session, Save, org, mailbox);
                session.Execute(DropFolders, SqliteNames.MailboxOf(session, org, mailbox.Address));
                AddFolders(session, org, mailbox);
                return written;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(
        string organization, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session => StoredMailboxes.ReadAll(session, names.Read(session, organization)), cancellationToken),
        ];

    /// <inheritdoc/>
    public Task<TrackingSettings> ReadSettingsAsync(string organization, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session => FactsReader.ReadSettings(session, names.Read(session, organization)), cancellationToken);

    private const string SettingsHistory =
        "select version, body, changed_by, changed_on from setting where org = $1 order by version desc limit $2";

    /// <inheritdoc/>
    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        string organization, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(
            SettingsHistory,
            row => new SettingsVersion(SettingsJson.Read(row.GetInt64(0), row.GetString(1)), row.GetString(2), row.Time(3)),
            names.Read(session, organization),
            countMax).ToImmutableArray(),
        cancellationToken);

    private const string SaveSettings = """
        insert into setting (org, version, body, changed_by, changed_on)
        select $1, coalesce(max(s.version), 0) + 1, $2, $3, $4 from setting s where s.org = $1
        returning version
        """;

    /// <inheritdoc/>
    public Task<long> SaveSettingsAsync(
        string organization,
        TrackingSettings settings,
        string changedBy,
        DateTimeOffset changedOn,
        CancellationToken cancellationToken = default)
    {
        var body = SettingsJson.Write(settings);
        return writer.EditAsync(
            session => session.Number(SaveSettings, names.Ensure(session, organization), body, changedBy, changedOn)!.Value,
            cancellationToken);
    }

    private int Write(SqliteSession session, string sql, long org, MailboxFacts mailbox) => session.Execute(
        sql,
        org, mailbox.Address, mailbox.IsQueue, mailbox.Owner?.LogicalName, mailbox.Owner?.Id, mailbox.Filter, time.GetUtcNow());

    private static void AddFolders(SqliteSession session, long org, MailboxFacts mailbox)
    {
        var row = SqliteNames.MailboxOf(session, org, mailbox.Address);
        foreach (var folder in mailbox.Folders)
        {
            session.Execute(NewFolder, row, folder.Name, folder.Regarding?.LogicalName, folder.Regarding?.Id);
        }
    }
}
