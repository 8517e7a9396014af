using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Pages.Mail;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Pages.Mailboxes;

/// <summary>How reading a mailbox goes, in words.</summary>
/// <param name="Word">A word or two.</param>
/// <param name="Kind">good, wait or bad: how it is coloured.</param>
/// <param name="Sentence">What is so, and since when.</param>
/// <param name="NextStep">What to do; null when nothing is.</param>
public sealed record HealthWords(string Word, string Kind, string Sentence, string? NextStep)
{
    /// <summary>The words for a mailbox.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="status">How it is read; null when it has no server.</param>
    public static HealthWords Of(EmailAddress mailbox, MailboxStatus? status) => status switch
    {
        null => new(
            "no server",
            "",
            "It is not read from a server; mail may still be delivered to it.",
            $"An administrator connects it: emailtracking mailbox connect {mailbox} --profile NAME"),
        { Connection.Approval: AccessApproval.Rejected } => new(
            "rejected", "bad", $"It must not be read{By(status.Connection)}.", $"An administrator may approve it: emailtracking mailbox approve {mailbox}"),
        { Connection.Approval: not AccessApproval.Approved } => new(
            "not approved", "wait", "It is not read: nobody has approved it yet.", $"An administrator approves it: emailtracking mailbox approve {mailbox}"),
        { Connection.IsEnabled: false } => new("not enabled", "wait", "It is not read, since it is not enabled.", "Test and enable it."),
        { Health: var health } => Of(health),
    };

    private static HealthWords Of(MailboxHealth health) => health.State switch
    {
        MailboxState.Healthy => new(
            "healthy", "good", $"It is read. Everything that was there was read on {MailWords.On(health.LastReadOn)} (UTC).", null),
        MailboxState.Retrying => new(
            "retrying",
            "wait",
            $"Reading it failed {(health.Failures == 1 ? "once" : $"{health.Failures} times in a row")}: {health.Problem} " +
            $"It is tried again{(health.RetryOn is { } retry ? $" on {MailWords.On(retry)} (UTC)" : "")} by itself.",
            health.NextStep),
        MailboxState.Stopped => new(
            "stopped", "bad", $"Reading it stopped{(health.Since is { } since ? $" on {MailWords.On(since)} (UTC)" : "")}: {health.Problem}", health.NextStep),
        _ => new("not read yet", "wait", "It was never read. That begins by itself in a moment.", null),
    };

    private static string By(MailboxConnection connection) => connection.ApprovedBy is { } who ? $": {who} rejected it" : "";
}
