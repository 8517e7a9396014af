using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>Servers, how mailboxes are read, and how far they were read.</summary>
/// <remarks>Cold: a few rows for each batch that was read. Nothing here decides what is tracked.</remarks>
public interface IMailboxSync
{
    /// <summary>Every server profile, by name.</summary>
    Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Inserts or replaces a profile.</summary>
    Task SaveProfileAsync(string organization, ServerProfile profile, CancellationToken cancellationToken = default);

    /// <summary>Removes a profile that no mailbox uses.</summary>
    /// <returns>How many mailboxes use it: then it stays; 0 when it is gone.</returns>
    Task<int> RemoveProfileAsync(string organization, string name, CancellationToken cancellationToken = default);

    /// <summary>How every mailbox is read that has a server, with its health, by address.</summary>
    Task<ImmutableArray<(MailboxConnection Connection, MailboxHealth Health)>> ReadConnectionsAsync(
        string organization, CancellationToken cancellationToken = default);

    /// <summary>How one mailbox is read, with its health, and what the rules need of it, of one moment; null when it has no server.</summary>
    Task<(MailboxConnection Connection, MailboxHealth Health, MailboxFacts Mailbox)?> ReadConnectionAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default);

    /// <summary>Says how a mailbox is read; its health stays. The mailbox exists.</summary>
    Task SaveConnectionAsync(string organization, MailboxConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Writes how reading a mailbox goes; nothing when it has no server.</summary>
    Task SaveHealthAsync(
        string organization, EmailAddress mailbox, MailboxHealth health, CancellationToken cancellationToken = default);

    /// <summary>The folders of a mailbox that were seen, by number; those that are gone too.</summary>
    Task<ImmutableArray<FollowedFolder>> ReadFoldersAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default);

    /// <summary>Writes how far folders of a mailbox were read, as one; nothing when it is written already.</summary>
    /// <remarks>
    /// A folder whose name changes takes its tracking rule along: <c>mailbox_tracking_folder</c> has the new name then, and a rule that
    /// had it before goes. When a message was first seen, and the folder of its sighting, stay as they were written first; its count of
    /// acts never falls. A message whose number is 0 is refused, with all of the page.
    /// </remarks>
    Task SaveProgressAsync(
        string organization, EmailAddress mailbox, ImmutableArray<FolderProgress> progress, CancellationToken cancellationToken = default);

    /// <summary>The messages of a folder that were dealt with, by number.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="folder">The folder's number.</param>
    /// <param name="after">Those after this one in its numbering; its validity counts.</param>
    /// <param name="countMax">How many at most, 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<ItemDecision>> ReadItemsAsync(
        string organization, EmailAddress mailbox, int folder, ItemId after, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Some messages of a mailbox, by <see cref="KnownItem.Name"/>; those that were never seen are left out.</summary>
    Task<ImmutableArray<ItemDecision>> FindItemsAsync(
        string organization, EmailAddress mailbox, ImmutableArray<string> names, CancellationToken cancellationToken = default);

    /// <summary>The messages of a mailbox that are copies of an email: those that lie there first, then those that are gone; at most 100.</summary>
    /// <remarks>Whether a copy that went from one folder still lies in another is told by this.</remarks>
    Task<ImmutableArray<ItemDecision>> ReadItemsOfAsync(
        string organization, EmailAddress mailbox, MessageKey email, CancellationToken cancellationToken = default);

    /// <summary>The messages of a mailbox, not gone, whose label does not say what their email is: tracked now, or not any more.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="folders">Those in these folders, by number.</param>
    /// <param name="seenSince">Those that were first seen at this moment or later: so that a long-lived mailbox costs no more than a young one.</param>
    /// <param name="countMax">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <remarks>
    /// Of tracked email those with <see cref="ItemLabel.Absent"/>, <see cref="ItemLabel.Removed"/>, <see cref="ItemLabel.Setting"/> or <see cref="ItemLabel.Undeliverable"/>;
    /// of other email those with <see cref="ItemLabel.Present"/> or <see cref="ItemLabel.Removing"/>.
    /// </remarks>
    Task<ImmutableArray<ItemDecision>> ReadMislabelledAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<int> folders,
        DateTimeOffset seenSince,
        int countMax,
        CancellationToken cancellationToken = default);

    /// <summary>The messages of some folders of a mailbox, gone or not, whose label stands for an act that is due again, earliest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="folders">Those in these folders, by number.</param>
    /// <param name="now">The time; UTC: those with a <see cref="KnownItem.TryOn"/> until then.</param>
    /// <param name="countMax">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<ItemDecision>> ReadLabelRetriesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<int> folders,
        DateTimeOffset now,
        int countMax,
        CancellationToken cancellationToken = default);

    /// <summary>Forgets messages that have been gone since before a moment, at most 10,000 a call.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetGoneAsync(
        string organization, EmailAddress mailbox, DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>
    /// Raises an alert; one that stands for the subject is replaced, and keeps when it was raised unless the cause differs. So is one
    /// that is over: the last of each subject is kept.
    /// </summary>
    Task RaiseAsync(string organization, Alert alert, CancellationToken cancellationToken = default);

    /// <summary>Says that what an alert was about is over. Safe to repeat.</summary>
    Task ClearAsync(string organization, string subject, DateTimeOffset clearedOn, CancellationToken cancellationToken = default);

    /// <summary>Alerts, those that stand first, then the latest; at most so many.</summary>
    Task<ImmutableArray<Alert>> ReadAlertsAsync(
        string organization, bool onlyStanding, int countMax, CancellationToken cancellationToken = default);
}
