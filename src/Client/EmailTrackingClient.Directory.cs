using System.Collections.Immutable;
using EmailTracking.Imports;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Queries;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client;

/// <content>Mailboxes, tables, records, settings and import positions.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IOrganizationGrain.EnsureMailboxAsync"/>
    public Task<EnsuredMailbox> EnsureMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().EnsureMailboxAsync(mailbox, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SaveMailboxAsync"/>
    public Task SaveMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().SaveMailboxAsync(mailbox, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadMailboxesAsync"/>
    public Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadMailboxesAsync(token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SaveRecordsAsync"/>
    public Task SaveRecordsAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().SaveRecordsAsync(records, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadTablesAsync"/>
    public Task<ImmutableArray<TableDefinition>> ReadTablesAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadTablesAsync(token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SaveTableAsync"/>
    public Task<string?> SaveTableAsync(TableDefinition table, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().SaveTableAsync(table, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.RemoveTableAsync"/>
    public Task<bool> RemoveTableAsync(string logicalName, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().RemoveTableAsync(logicalName, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadRecordAsync"/>
    public Task<RecordView?> ReadRecordAsync(RecordReference record, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadRecordAsync(record, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadRecordsAsync"/>
    public Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(
        ImmutableArray<RecordReference> records, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadRecordsAsync(records, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadSharedAddressesAsync"/>
    public Task<SharedAddresses> ReadSharedAddressesAsync(EmailAddress? from, int countMax, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadSharedAddressesAsync(from, countMax, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadCandidatesAsync"/>
    public Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(
        ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadCandidatesAsync(addresses, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SetRecordStateAsync"/>
    public Task<RecordAnswer> SetRecordStateAsync(
        RecordReference record, bool isActive, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().SetRecordStateAsync(record, isActive, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.MergeRecordsAsync"/>
    public Task<RecordAnswer> MergeRecordsAsync(
        RecordReference subordinate, RecordReference master, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().MergeRecordsAsync(subordinate, master, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ConvertRecordAsync"/>
    public Task<RecordAnswer> ConvertRecordAsync(
        RecordReference lead, RecordReference other, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().ConvertRecordAsync(lead, other, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.DeleteRecordAsync"/>
    public Task<RecordAnswer> DeleteRecordAsync(RecordReference record, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().DeleteRecordAsync(record, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.PreviewRecordChangeAsync"/>
    public Task<TouchedEmails> PreviewRecordChangeAsync(
        RecordReference record, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(
            token => Service<IOrganizationGrain>().PreviewRecordChangeAsync(record, addresses, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.PreviewLoadAsync"/>
    public Task<ImmutableArray<long>> PreviewLoadAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().PreviewLoadAsync(records, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ChooseRecordAsync"/>
    public Task<RecordAnswer> ChooseRecordAsync(RecordChoice choice, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ChooseRecordAsync(choice, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.PreviewChoiceAsync"/>
    public Task<TouchedEmails> PreviewChoiceAsync(EmailAddress address, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().PreviewChoiceAsync(address, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadSettingsAsync"/>
    public Task<TrackingSettings> ReadSettingsAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadSettingsAsync(token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SetSettingAsync"/>
    public Task<SettingAnswer> SetSettingAsync(
        string name, string value, Author author, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().SetSettingAsync(name, value, author, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ApplyPresetAsync"/>
    public Task<SettingAnswer> ApplyPresetAsync(string preset, Author author, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ApplyPresetAsync(preset, author, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadMailboxOptionsAsync"/>
    public Task<MailboxOptionsAnswer?> ReadMailboxOptionsAsync(EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadMailboxOptionsAsync(mailbox, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SetMailboxOptionAsync"/>
    public Task<SettingAnswer> SetMailboxOptionAsync(
        EmailAddress mailbox, string name, string value, Author author, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().SetMailboxOptionAsync(mailbox, name, value, author, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadMailboxChangesAsync"/>
    public Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        EmailAddress mailbox, int countMax = 50, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().ReadMailboxChangesAsync(mailbox, countMax, token), cancellationToken);

    /// <inheritdoc cref="IQueryGrain.CountLeftOutAsync"/>
    public Task<long> CountLeftOutAsync(EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IQueryGrain>().CountLeftOutAsync(mailbox, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadSettingsHistoryAsync"/>
    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        int countMax = 50, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IOrganizationGrain>().ReadSettingsHistoryAsync(countMax, token), cancellationToken);

    /// <summary>Where an import goes on; null when it never began, or has ended.</summary>
    /// <param name="import">What is imported, and where to: the same words name the same import.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task<ImportPosition?> ReadImportPositionAsync(string import, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Import(import).ReadPositionAsync(token), cancellationToken);

    /// <summary>Remembers where an import goes on. Safe to repeat.</summary>
    /// <param name="import">What is imported, and where to.</param>
    /// <param name="position">Everything up to it is durable; null when the import has ended.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    public Task SaveImportPositionAsync(
        string import, ImportPosition? position, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Import(import).SavePositionAsync(position, token), cancellationToken);

    private IImportGrain Import(string name) => _grains.GetGrain<IImportGrain>(GrainKeys.Import(Organization, name));
}
