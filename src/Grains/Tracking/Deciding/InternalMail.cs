using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Mail between our own users and queues.</summary>
/// <remarks>
/// As one activity its copies meet in one email, whichever comes first, so there is nothing to refuse by default. Source: the public
/// documentation of <c>IgnoreInternalEmail</c> and the three settings beside it.
/// </remarks>
internal static class InternalMail
{
    /// <summary>Whether a mailbox leaves out a received copy because its sender is one of us.</summary>
    public static bool Refuses(FilterQuestion question, MailboxFacts mailbox)
    {
        var settings = question.Settings.InternalMail;
        if (question.IsSent || question.Sighting.Facts.Sender is not { } sender || !Parties.IsUser(sender, question.Directory))
        {
            return false;
        }

        if (settings.RefusesFromQueues && question.IsTrackedAsSent && IsQueue(sender, question))
        {
            return true;
        }

        var reaches = mailbox.IsQueue && settings.ReachesQueues;
        return settings.IsOneActivity && !reaches && (!settings.ComparesCopies || (mailbox.IsQueue && question.IsTrackedAsSent));
    }

    private static bool IsQueue(EmailAddress sender, FilterQuestion question) =>
        question.Directory(sender).Any(record => record.IsActive && record.Reference.LogicalName == Tables.Queue);
}
