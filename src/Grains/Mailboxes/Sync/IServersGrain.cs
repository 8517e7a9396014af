using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>The servers of an organization, what is read from them, folder rules, and alerts. Not on an email's path. Key: organization/o:.</summary>
[GrainInterfaceType("servers")]
public interface IServersGrain : IGrainWithStringKey
{
    /// <summary>The most alerts that one call reads.</summary>
    const int AlertsMax = 1_000;

    /// <summary>Every server profile, by name.</summary>
    [Alias("ReadProfiles")]
    Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes or changes a profile; its mailboxes are read so from their next round on. Safe to repeat.</summary>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("SaveProfile")]
    Task<string?> SaveProfileAsync(ServerProfile profile, CancellationToken cancellationToken = default);

    /// <summary>Removes a profile. Safe to repeat.</summary>
    /// <returns>Why it is refused: mailboxes use it. Null when it is gone.</returns>
    [Alias("RemoveProfile")]
    Task<string?> RemoveProfileAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>How every mailbox is read that has a server, by address; without its folders.</summary>
    [Alias("ReadStatuses")]
    Task<ImmutableArray<MailboxStatus>> ReadStatusesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a rule for a folder of a mailbox, or changes it; who, when and why is kept with the changes of the mailbox's options. Mail
    /// that comes into the folder from now on goes by it. Safe to repeat.
    /// </summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="author">Who, and why; what they saw is the rule as <see cref="FolderRuleText"/>.</param>
    /// <param name="alsoExisting">
    /// Whether <see cref="IMailboxSyncGrain.RelinkFolderAsync"/> comes next, so that this is kept too, also when the rule stays as it is.
    /// </param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("SetFolderRule")]
    Task<string?> SetFolderRuleAsync(
        EmailAddress mailbox, TrackingFolder rule, Author author, bool alsoExisting = false, CancellationToken cancellationToken = default);

    /// <summary>Removes a folder's rule; mail that was tracked stays. Safe to repeat: then there is none to remove.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="folder">The folder, its path from the top.</param>
    /// <param name="author">As in <see cref="SetFolderRuleAsync"/>.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("RemoveFolderRule")]
    Task<string?> RemoveFolderRuleAsync(EmailAddress mailbox, string folder, Author author, CancellationToken cancellationToken = default);

    /// <summary>Alerts, those that stand first, then the latest.</summary>
    /// <param name="onlyStanding">Whether to leave out what is over.</param>
    /// <param name="countMax">How many at most, 1 to <see cref="AlertsMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("ReadAlerts")]
    Task<ImmutableArray<Alert>> ReadAlertsAsync(bool onlyStanding, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Has every mailbox read that is to be: after a start, before reminders come round.</summary>
    [Alias("WakeMailboxes")]
    Task WakeMailboxesAsync(CancellationToken cancellationToken = default);
}
