using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>Keeps the directory and the settings of one organization.</summary>
[GrainType("organization")]
public sealed partial class OrganizationGrain(
    IDirectory directory, ITrackingQueries queries, ITrackingStore store, ICreationRules rules, TimeProvider time) : Grain, IOrganizationGrain
{
    private static readonly KnownTables BuiltIn = new([]);

    private readonly SettingChanges _settings = new(directory, time);
    private readonly MailboxOptionChanges _options = new(directory, time);

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<EnsuredMailbox> EnsureMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken)
    {
        var (standing, created) = await directory.EnsureMailboxAsync(Organization, mailbox, cancellationToken);
        return new EnsuredMailbox(standing, created);
    }

    /// <inheritdoc/>
    public Task SaveMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken) =>
        directory.SaveMailboxAsync(Organization, mailbox, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(CancellationToken cancellationToken) =>
        directory.ReadMailboxesAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public async Task SaveRecordsAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken)
    {
        await CheckTablesAsync(records, cancellationToken);
        await directory.SaveRecordsAsync(Organization, records, cancellationToken);
        WakeLinks();
        foreach (var record in records)
        {
            var table = record.Facts.Reference.LogicalName;
            if (table is not (Tables.SystemUser or Tables.Queue) || record.Addresses.IsEmpty)
            {
                continue;
            }

            // Dynamics' defaults: a user's mailbox takes answers to tracked mail, a queue's takes everything.
            var isQueue = table == Tables.Queue;
            var filter = isQueue ? FilterMethod.All : FilterMethod.Replies;
            var mailbox = new MailboxFacts(record.Addresses[0], record.Facts.Reference, isQueue, filter, []);
            var (standing, created) = await directory.EnsureMailboxAsync(Organization, mailbox, cancellationToken);
            if (!created && standing.Owner != record.Facts.Reference)
            {
                await directory.SaveMailboxAsync(
                    Organization, standing with { Owner = record.Facts.Reference, IsQueue = isQueue }, cancellationToken);
            }
        }
    }

    // Files are checked before they are sent; other clients may send anything.
    private async Task CheckTablesAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken)
    {
        string[] others = [.. records.Select(record => record.Facts.Reference.LogicalName).Distinct().Where(table => BuiltIn.Find(table) is null)];
        if (others.Length == 0)
        {
            return;
        }

        var tables = new KnownTables(await directory.ReadTablesAsync(Organization, cancellationToken));
        if (Array.Find(others, table => tables.Find(table) is null) is { } unknown)
        {
            throw new UnknownTableException(unknown);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<TableDefinition>> ReadTablesAsync(CancellationToken cancellationToken) =>
        directory.ReadTablesAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> SaveTableAsync(TableDefinition table, CancellationToken cancellationToken)
    {
        if (table.Problem() is { } problem)
        {
            return problem;
        }

        var described = await directory.ReadTablesAsync(Organization, cancellationToken);
        if (described.Length >= KnownTables.DescribedMax && described.All(one => one.LogicalName != table.LogicalName))
        {
            return $"{KnownTables.DescribedMax} tables are described already. Remove one: emailtracking tables remove NAME";
        }

        await directory.SaveTableAsync(Organization, table, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<bool> RemoveTableAsync(string logicalName, CancellationToken cancellationToken) =>
        directory.RemoveTableAsync(Organization, logicalName, cancellationToken);

    /// <inheritdoc/>
    public Task<TrackingSettings> ReadSettingsAsync(CancellationToken cancellationToken) =>
        directory.ReadSettingsAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public Task<SettingAnswer> SetSettingAsync(string name, string value, Author author, CancellationToken cancellationToken) =>
        _settings.SetAsync(Organization, name, value, author, cancellationToken);

    /// <inheritdoc/>
    public Task<SettingAnswer> ApplyPresetAsync(string preset, Author author, CancellationToken cancellationToken) =>
        _settings.ApplyPresetAsync(Organization, preset, author, cancellationToken);

    /// <inheritdoc/>
    public Task<MailboxOptionsAnswer?> ReadMailboxOptionsAsync(EmailAddress mailbox, CancellationToken cancellationToken) =>
        _options.ReadAsync(Organization, mailbox, cancellationToken);

    /// <inheritdoc/>
    public Task<SettingAnswer> SetMailboxOptionAsync(
        EmailAddress mailbox, string name, string value, Author author, CancellationToken cancellationToken) =>
        _options.SetAsync(Organization, mailbox, name, value, author, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        EmailAddress mailbox, int countMax, CancellationToken cancellationToken) => directory.ReadMailboxChangesAsync(
            Organization, mailbox, Math.Clamp(countMax, 1, IOrganizationGrain.HistoryMax), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(int countMax, CancellationToken cancellationToken) =>
        directory.ReadSettingsHistoryAsync(Organization, Math.Clamp(countMax, 1, IOrganizationGrain.HistoryMax), cancellationToken);
}
