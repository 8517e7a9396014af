using EmailTracking.Client.Commands;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.PastEmails;

/// <summary>The mailbox that past emails are delivered into: nothing of them may be filtered out.</summary>
internal static class PastMailbox
{
    /// <summary>Creates it, or makes sure that the one that is there takes everything.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="address">Its address.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="hasOutgoing">Whether mail that was sent goes into it.</param>
    /// <param name="token">Stops the wait.</param>
    /// <exception cref="WrongInputException">It is there already, and leaves mail out.</exception>
    public static async Task EnsureAsync(
        EmailTrackingClient client, EmailAddress address, TrackingSettings settings, bool hasOutgoing, CancellationToken token)
    {
        // A tracked folder is taken whatever the setting for sent mail says; live mailboxes keep theirs.
        var wanted = new MailboxFacts(
            address, null, IsQueue: true, FilterMethod.All, [new TrackingFolder(PastEmailLoader.SentItems, null)]);
        var (standing, _) = await client.EnsureMailboxAsync(wanted, token);
        if (!standing.IsQueue || standing.Filter != FilterMethod.All)
        {
            throw new WrongInputException(
                $"Mailbox {address} is there already and is no queue's that takes all mail: past emails would be left out. Name one of their own, for example past@{address.Domain}.");
        }

        if (hasOutgoing && !settings.TracksSentItems && standing.Folders.All(folder => folder.Name != PastEmailLoader.SentItems))
        {
            throw new WrongInputException(
                $"Mailbox {address} is there already and does not track what lies in its {PastEmailLoader.SentItems}: sent emails would be left out. Name one of their own, for example past@{address.Domain}.");
        }
    }
}
