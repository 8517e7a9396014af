using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What reading a mailbox goes by.</summary>
/// <param name="Connection">How it is read.</param>
/// <param name="Health">How that went so far.</param>
/// <param name="Profile">Its server; null when there is no such profile any more.</param>
/// <param name="Mailbox">The mailbox with its rules.</param>
/// <param name="Settings">The settings in force.</param>
public sealed record SyncFacts(
    MailboxConnection Connection, MailboxHealth Health, ServerProfile? Profile, MailboxFacts Mailbox, TrackingSettings Settings)
{
    /// <summary>Whether it is to be read now.</summary>
    public bool IsOn => Connection is { IsEnabled: true, Approval: AccessApproval.Approved };

    /// <summary>Whether its sent mail is read.</summary>
    public bool ReadsSent => Mailbox.Options.TracksSentItems ?? Settings.TracksSentItems;

    /// <summary>From which day on its mail is read: the later one of the mailbox's and the profile's.</summary>
    public DateOnly StartsOn => Profile?.StartsOn is { } day && day > Connection.StartsOn ? day : Connection.StartsOn;

    /// <summary>By what it signs in.</summary>
    public MailboxLogin Login => new(Connection.Mailbox, Connection.UserName, Connection.Secret);

    /// <summary>Reads what is in force; null when the mailbox has no server.</summary>
    public static async Task<SyncFacts?> ReadAsync(
        IMailboxSync sync, IDirectory directory, string organization, EmailAddress mailbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentNullException.ThrowIfNull(directory);
        if (await sync.ReadConnectionAsync(organization, mailbox, cancellationToken) is not { } read)
        {
            return null;
        }

        var profiles = await sync.ReadProfilesAsync(organization, cancellationToken);
        return new SyncFacts(
            read.Connection,
            read.Health,
            profiles.FirstOrDefault(profile => profile.Name == read.Connection.Profile),
            read.Mailbox,
            await directory.ReadSettingsAsync(organization, cancellationToken));
    }
}
