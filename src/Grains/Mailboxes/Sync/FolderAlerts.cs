using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What people are told when a folder rule stops.</summary>
internal static class FolderAlerts
{
    /// <summary>What an alert about a rule is called.</summary>
    public static string SubjectOf(EmailAddress mailbox, string folder) => $"folder rule {folder} of mailbox {mailbox}";

    /// <summary>The alert for a rule that is not in force any more; null when it is.</summary>
    public static Alert? Of(EmailAddress mailbox, TrackingFolder before, TrackingFolder now, DateTimeOffset on) => now.State switch
    {
        FolderRuleState.Paused => new Alert(
            SubjectOf(mailbox, now.Name),
            AlertLevel.Error,
            $"The folder {before.Name} was deleted, or cannot be told from another one that has its name now. Its rule is paused.",
            "If the folder of that name is meant: emailtracking folder-rule set MAILBOX FOLDER --resume. Else remove the rule.",
            on,
            null),
        FolderRuleState.Disabled => new Alert(
            SubjectOf(mailbox, now.Name),
            AlertLevel.Warning,
            $"The folder {before.Name} is gone, or lies outside the Inbox now. Its rule is disabled; mail that was tracked stays.",
            "Move the folder back below the Inbox, or remove the rule: emailtracking folder-rule remove MAILBOX FOLDER",
            on,
            null),
        _ => null,
    };
}
