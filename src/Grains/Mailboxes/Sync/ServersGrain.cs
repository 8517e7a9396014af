using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Keeps the servers and folder rules of one organization, and lets the mailboxes know that they changed.</summary>
[GrainType("servers")]
public sealed class ServersGrain(IMailboxSync sync, IDirectory directory, IOptions<SyncOptions> options, TimeProvider time) : Grain, IServersGrain
{
    private const int FolderNameMax = 256;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(CancellationToken cancellationToken) =>
        sync.ReadProfilesAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> SaveProfileAsync(ServerProfile profile, CancellationToken cancellationToken)
    {
        if (ConnectionCheck.ProblemOf(profile) is { } problem)
        {
            return problem;
        }

        await sync.SaveProfileAsync(Organization, profile, cancellationToken);
        foreach (var one in await sync.ReadConnectionsAsync(Organization, cancellationToken))
        {
            if (one.Connection.Profile == profile.Name)
            {
                Wake(one.Connection.Mailbox);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<string?> RemoveProfileAsync(string name, CancellationToken cancellationToken) =>
        await sync.RemoveProfileAsync(Organization, name, cancellationToken) is > 0 and var uses
            ? $"{uses} mailboxes use profile '{name}'. Connect them to another one first: emailtracking mailbox connect ADDRESS --profile NAME"
            : null;

    /// <inheritdoc/>
    public async Task<ImmutableArray<MailboxStatus>> ReadStatusesAsync(CancellationToken cancellationToken) =>
    [
        .. (await sync.ReadConnectionsAsync(Organization, cancellationToken)).Select(one => new MailboxStatus(one.Connection, one.Health, [])),
    ];

    /// <inheritdoc/>
    public async Task<string?> SetFolderRuleAsync(
        EmailAddress mailbox, TrackingFolder rule, Author author, bool alsoExisting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(author);
        if (author.Problem() is { } nobody)
        {
            return nobody;
        }

        if (rule.Name is not { Length: > 0 and <= FolderNameMax } || rule.Name.Any(char.IsControl))
        {
            return $"A folder has a name of 1 to {FolderNameMax} characters, its path from the top: Inbox/Projects";
        }

        if (rule.Name == ServerFolder.InboxName)
        {
            return "The Inbox itself needs no rule: the mailbox's filter says which of its mail is tracked.";
        }

        if (rule.From >= rule.Until)
        {
            return "The rule ends before it begins: --from is the first day, --until the first day that it is not in force any more.";
        }

        if (rule.Regarding is { } record && await RecordProblemAsync(record, cancellationToken) is { } problem)
        {
            return problem;
        }

        if (await FindAsync(mailbox, cancellationToken) is not { } standing)
        {
            return $"There is no mailbox {mailbox}. Create it first: emailtracking mailbox set {mailbox} --filter 1";
        }

        var others = standing.Folders.RemoveAll(one => one.Name == rule.Name);
        if (others.Length >= options.Value.FolderRulesMax)
        {
            return $"Mailbox {mailbox} has {others.Length} folder rules, which is as many as it may. Remove one: emailtracking folder-rule remove";
        }

        var before = standing.Folders.FirstOrDefault(one => one.Name == rule.Name);
        if (before != rule)
        {
            if (author.ProblemSince(FolderRuleText.Of(before)) is { } changed)
            {
                return changed;
            }

            await ClearAsync(mailbox, rule.Name, cancellationToken);
        }

        if (before != rule || alsoExisting)
        {
            await directory.SaveFolderRulesAsync(
                Organization,
                mailbox,
                [.. others, rule],
                [FolderRuleText.Change(before, rule, author, time.GetUtcNow(), alsoExisting)],
                cancellationToken);
        }

        Wake(mailbox);
        return null;
    }

    /// <inheritdoc/>
    public async Task<string?> RemoveFolderRuleAsync(EmailAddress mailbox, string folder, Author author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(author);
        if (author.Problem() is { } nobody)
        {
            return nobody;
        }

        if (await FindAsync(mailbox, cancellationToken) is not { } standing ||
            standing.Folders.FirstOrDefault(one => one.Name == folder) is not { } rule)
        {
            return $"Folder {folder} of {mailbox} has no rule. See: emailtracking folder-rule list {mailbox}";
        }

        if (author.ProblemSince(FolderRuleText.Of(rule)) is { } changed)
        {
            return changed;
        }

        await ClearAsync(mailbox, folder, cancellationToken);
        await directory.SaveFolderRulesAsync(
            Organization,
            mailbox,
            standing.Folders.Remove(rule),
            [FolderRuleText.Change(rule, null, author, time.GetUtcNow())],
            cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Alert>> ReadAlertsAsync(bool onlyStanding, int countMax, CancellationToken cancellationToken) =>
        sync.ReadAlertsAsync(Organization, onlyStanding, Math.Clamp(countMax, 1, IServersGrain.AlertsMax), cancellationToken);

    /// <inheritdoc/>
    public async Task WakeMailboxesAsync(CancellationToken cancellationToken)
    {
        foreach (var one in await sync.ReadConnectionsAsync(Organization, cancellationToken))
        {
            if (one.Connection is { IsEnabled: true, Approval: AccessApproval.Approved })
            {
                // To be called is all that it takes to be active, and to read.
                GrainFactory.GetGrain<IMailboxSyncGrain>(GrainKeys.Mailbox(Organization, one.Connection.Mailbox))
                    .ReadStatusAsync(CancellationToken.None)
                    .Ignore();
            }
        }
    }

    // Whoever was asked about the rule has answered. Should it stop again, that is told again.
    private Task ClearAsync(EmailAddress mailbox, string folder, CancellationToken cancellationToken) =>
        sync.ClearAsync(Organization, FolderAlerts.SubjectOf(mailbox, folder), time.GetUtcNow(), cancellationToken);

    private async Task<MailboxFacts?> FindAsync(EmailAddress mailbox, CancellationToken cancellationToken) =>
        (await directory.ReadMailboxesAsync(Organization, cancellationToken)).FirstOrDefault(one => one.Address == mailbox);

    private async Task<string?> RecordProblemAsync(RecordReference record, CancellationToken cancellationToken) =>
        (await directory.ReadRecordsAsync(Organization, [record], cancellationToken)).IsEmpty
            ? $"There is no record {record}. Load it first: emailtracking records load FILE"
            : new KnownTables(await directory.ReadTablesAsync(Organization, cancellationToken)).ProblemOf(record.LogicalName);

    // Not awaited: it is written already, and the mailbox looks by itself later.
    private void Wake(EmailAddress mailbox) =>
        GrainFactory.GetGrain<IMailboxSyncGrain>(GrainKeys.Mailbox(Organization, mailbox)).LookAsync().Ignore();
}
