using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client;

/// <content>Mail servers, and how mailboxes are read from them.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IServersGrain.ReadProfilesAsync"/>
    public Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IServersGrain>().ReadProfilesAsync(token), cancellationToken);

    /// <inheritdoc cref="IServersGrain.SaveProfileAsync"/>
    public Task<string?> SaveProfileAsync(ServerProfile profile, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IServersGrain>().SaveProfileAsync(profile, token), cancellationToken);

    /// <inheritdoc cref="IServersGrain.RemoveProfileAsync"/>
    public Task<string?> RemoveProfileAsync(string name, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IServersGrain>().RemoveProfileAsync(name, token), cancellationToken);

    /// <inheritdoc cref="IServersGrain.ReadStatusesAsync"/>
    public Task<ImmutableArray<MailboxStatus>> ReadMailboxStatusesAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IServersGrain>().ReadStatusesAsync(token), cancellationToken);

    /// <inheritdoc cref="IServersGrain.SetFolderRuleAsync"/>
    public Task<string?> SetFolderRuleAsync(
        EmailAddress mailbox, TrackingFolder rule, Author author, bool alsoExisting = false, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(
            token => Service<IServersGrain>().SetFolderRuleAsync(mailbox, rule, author, alsoExisting, token), cancellationToken);

    /// <inheritdoc cref="IServersGrain.RemoveFolderRuleAsync"/>
    public Task<string?> RemoveFolderRuleAsync(
        EmailAddress mailbox, string folder, Author author, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IServersGrain>().RemoveFolderRuleAsync(mailbox, folder, author, token), cancellationToken);

    /// <inheritdoc cref="IServersGrain.ReadAlertsAsync"/>
    public Task<ImmutableArray<Alert>> ReadAlertsAsync(
        bool onlyStanding = true, int countMax = 100, CancellationToken cancellationToken = default) => _patience.TryAsync(
            token => Service<IServersGrain>().ReadAlertsAsync(onlyStanding, countMax, token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.ConnectAsync"/>
    public Task<string?> ConnectMailboxAsync(MailboxConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return _patience.TryAsync(token => Sync(connection.Mailbox).ConnectAsync(connection, token), cancellationToken);
    }

    /// <inheritdoc cref="IMailboxSyncGrain.TestAsync"/>
    public Task<MailboxTest> TestMailboxAsync(EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).TestAsync(token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.ReadStatusAsync"/>
    public Task<MailboxStatus?> ReadMailboxStatusAsync(EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).ReadStatusAsync(token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.LookAsync"/>
    public Task<MailboxHealth> LookIntoMailboxAsync(EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).LookAsync(token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.CountFolderAsync"/>
    public Task<int> CountFolderAsync(EmailAddress mailbox, string folder, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).CountFolderAsync(folder, token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.CountNewInFolderAsync"/>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="folder">The folder, its path from the top.</param>
    /// <param name="from">The rule's first day (UTC); null: any.</param>
    /// <param name="until">The first day (UTC) that the rule is not in force any more; null: none.</param>
    /// <param name="cancellationToken">Stops the count.</param>
    public Task<int> CountNewInFolderAsync(
        EmailAddress mailbox, string folder, DateOnly? from, DateOnly? until, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).CountNewInFolderAsync(folder, from, until, token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.RelinkFolderAsync"/>
    public Task<int> RelinkFolderAsync(EmailAddress mailbox, string folder, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).RelinkFolderAsync(folder, token), cancellationToken);

    /// <inheritdoc cref="IMailboxSyncGrain.CompareAsync"/>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="request">From when on, and what to do.</param>
    /// <param name="cancellationToken">Ends it; what was decided stays.</param>
    public Task<MailboxComparison> CompareMailboxAsync(
        EmailAddress mailbox, ComparisonRequest request, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Sync(mailbox).CompareAsync(request, token), cancellationToken);

    private IMailboxSyncGrain Sync(EmailAddress mailbox) =>
        _grains.GetGrain<IMailboxSyncGrain>(GrainKeys.Mailbox(Organization, mailbox));
}
