using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>Keeps the directory and the settings of one organization.</summary>
[GrainType("organization")]
public sealed partial class OrganizationGrain(IDirectory directory, ITrackingQueries queries, TimeProvider time) : Grain, IOrganizationGrain
{
    private const int NameLengthMax = 200;

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

    /// <inheritdoc/>
    public Task<TrackingSettings> ReadSettingsAsync(CancellationToken cancellationToken) =>
        directory.ReadSettingsAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public Task<long> SaveSettingsAsync(TrackingSettings settings, string changedBy, CancellationToken cancellationToken) =>
        directory.SaveSettingsAsync(Organization, settings, changedBy, time.GetUtcNow(), cancellationToken);

    /// <inheritdoc/>
    public async Task<SettingAnswer> SetSettingAsync(string name, string value, string changedBy, CancellationToken cancellationToken)
    {
        var before = await directory.ReadSettingsAsync(Organization, cancellationToken);
        if (changedBy is not { Length: > 0 and <= NameLengthMax })
        {
            return Refused($"Say who changes the setting, in 1 to {NameLengthMax} characters.");
        }

        if (SettingDefinition.Find(name) is not { } setting)
        {
            return Refused(SettingDefinition.Unknown(name));
        }

        var (after, problem) = setting.Write(before, value);
        if (after is null)
        {
            return Refused(problem!);
        }

        var isSame = setting.Read(before) == setting.Read(after);
        var version = isSame ? before.Version : await SaveSettingsAsync(after, changedBy, cancellationToken);
        return new SettingAnswer(version, setting.Read(before), setting.Read(after), null);

        SettingAnswer Refused(string why) => new(before.Version, null, null, why);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(int countMax, CancellationToken cancellationToken) =>
        directory.ReadSettingsHistoryAsync(Organization, Math.Clamp(countMax, 1, IOrganizationGrain.HistoryMax), cancellationToken);
}
