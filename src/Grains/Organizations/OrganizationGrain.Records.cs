using System.Collections.Immutable;
using EmailTracking.Linking;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <content>What becomes of records.</content>
public sealed partial class OrganizationGrain
{
    /// <inheritdoc/>
    public async Task<RecordView?> ReadRecordAsync(RecordReference record, CancellationToken cancellationToken)
    {
        var records = await directory.ReadRecordsAsync(Organization, [record], cancellationToken);
        var lives = await directory.ReadLivesAsync(Organization, [record], cancellationToken);
        return records is [var one] && lives is [var life]
            ? new RecordView(one, life)
            {
                Choices = await directory.ReadChoiceLogAsync(Organization, record, RecordView.ChoicesMax, cancellationToken),
            }
            : null;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(ImmutableArray<RecordReference> records, CancellationToken cancellationToken) =>
        directory.ReadRecordsAsync(Organization, [.. records.Take(IOrganizationGrain.RecordsMax)], cancellationToken);

    /// <inheritdoc/>
    public Task<SharedAddresses> ReadSharedAddressesAsync(EmailAddress? from, int countMax, CancellationToken cancellationToken) =>
        directory.ReadSharedAddressesAsync(Organization, from, countMax, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) =>
        directory.ReadCandidatesAsync(Organization, [.. addresses.Take(IOrganizationGrain.RecordsMax)], cancellationToken);

    /// <inheritdoc/>
    public Task<RecordAnswer> SetRecordStateAsync(RecordReference record, bool isActive, CancellationToken cancellationToken) =>
        ChangeAsync(new RecordAct(isActive ? RecordActKind.Activate : RecordActKind.Deactivate, record, null), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordAnswer> MergeRecordsAsync(
        RecordReference subordinate, RecordReference master, CancellationToken cancellationToken) =>
        ChangeAsync(new RecordAct(RecordActKind.Merge, subordinate, master), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordAnswer> ConvertRecordAsync(RecordReference lead, RecordReference other, CancellationToken cancellationToken) =>
        ChangeAsync(new RecordAct(RecordActKind.Convert, lead, other), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordAnswer> DeleteRecordAsync(RecordReference record, CancellationToken cancellationToken) =>
        ChangeAsync(new RecordAct(RecordActKind.Delete, record, null), cancellationToken);

    /// <inheritdoc/>
    public async Task<RecordAnswer> ChooseRecordAsync(RecordChoice choice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var problem = new Author(choice.By, choice.Why).Problem();
        if (problem is null && choice.Record is { LogicalName: var table })
        {
            problem = new KnownTables(await directory.ReadTablesAsync(Organization, cancellationToken)).ProblemOf(table);
        }

        if (problem is not null)
        {
            return new RecordAnswer(0, IsChanged: false, problem);
        }

        var answer = await directory.ChooseRecordAsync(Organization, choice, cancellationToken);
        WakeLinks();
        return answer;
    }

    /// <inheritdoc/>
    public Task<TouchedEmails> PreviewChoiceAsync(EmailAddress address, CancellationToken cancellationToken) =>
        queries.ReadTouchedAsync(Organization, null, [address], cancellationToken);

    /// <inheritdoc/>
    public Task<TouchedEmails> PreviewRecordChangeAsync(
        RecordReference record, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) =>
        queries.ReadTouchedAsync(Organization, record, addresses, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<long>> PreviewLoadAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken)
    {
        ImmutableArray<RecordReference> references = [.. records.Select(record => record.Facts.Reference).Distinct()];
        var standing = (await directory.ReadRecordsAsync(Organization, references, cancellationToken))
            .ToDictionary(record => record.Facts.Reference);
        var lives = (await directory.ReadLivesAsync(Organization, references, cancellationToken)).ToDictionary(life => life.Reference);
        ImmutableArray<EmailAddress> addresses =
        [
            .. records.SelectMany(record => LoadedRecords.Concerned(
                record, standing.GetValueOrDefault(record.Facts.Reference), lives.GetValueOrDefault(record.Facts.Reference))).Distinct(),
        ];

        // As if the load were a change that nobody has seen.
        return addresses.IsEmpty ? [] : await store.FindUnlinkedAsync(
            Organization, new DirectoryChange(long.MaxValue, time.GetUtcNow(), addresses), 0, IOrganizationGrain.RelinkedMax, cancellationToken);
    }

    private async Task<RecordAnswer> ChangeAsync(RecordAct act, CancellationToken cancellationToken)
    {
        var answer = await directory.ChangeRecordAsync(Organization, act, cancellationToken);
        WakeLinks();
        return answer;
    }

    // Not awaited: the change is durable, and the reminders find it should these calls be lost.
    private void WakeLinks()
    {
        GrainFactory.GetGrain<ILinkGrain>(GrainKeys.Organization(Organization)).WakeAsync().Ignore();
        GrainFactory.GetGrain<IListingGrain>(GrainKeys.Organization(Organization)).WakeAsync().Ignore();
    }
}
