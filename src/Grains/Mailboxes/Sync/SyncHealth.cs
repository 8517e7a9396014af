using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>How reading a mailbox goes after it went well or failed, and when it is tried again.</summary>
public static class SyncHealth
{
    /// <summary>How often in a row it fails before people are told of what may heal by itself.</summary>
    public const int FailuresBeforeAlert = 3;

    /// <summary>After everything was read.</summary>
    public static MailboxHealth Read(MailboxHealth before, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new MailboxHealth
        {
            State = MailboxState.Healthy,
            Since = before.State == MailboxState.Healthy ? before.Since : now,
            LastReadOn = now,
        };
    }

    /// <summary>After it failed.</summary>
    /// <param name="before">How it went.</param>
    /// <param name="problem">What happened; anything but a <see cref="MailServerException"/> is our own trouble, and heals.</param>
    /// <param name="mailbox">Whose it is: mailboxes that fail together are not tried together.</param>
    /// <param name="options">The waits.</param>
    /// <param name="now">The time; UTC.</param>
    public static MailboxHealth Failed(
        MailboxHealth before, Exception problem, EmailAddress mailbox, SyncOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(options);
        var told = problem as MailServerException;
        var state = told is { IsTransient: false } ? MailboxState.Stopped : MailboxState.Retrying;
        var failures = before.Failures + 1;
        var wait = state == MailboxState.Stopped
            ? options.StoppedRetry
            : Min(options.RetryMin * Math.Pow(2, Math.Min(failures - 1, 20)), options.RetryMax);
        return before with
        {
            State = state,
            Since = before.State == state ? before.Since : now,
            Kind = told?.Kind,
            Problem = Bounded(problem.Message, 2_000),
            NextStep = told?.NextStep ?? "Nothing: it is tried again. Should it stay, look into the silo's log.",
            Failures = failures,
            RetryOn = now + (wait * Spread(mailbox, failures)),
        };
    }

    /// <summary>What people are told of it; null while it may heal unnoticed.</summary>
    public static Alert? AlertOf(EmailAddress mailbox, MailboxHealth health, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(health);
        return health.State switch
        {
            MailboxState.Stopped => Of(AlertLevel.Error),
            MailboxState.Retrying when health.Failures >= FailuresBeforeAlert => Of(AlertLevel.Warning),
            _ => null,
        };

        Alert Of(AlertLevel level) => new(SubjectOf(mailbox), level, health.Problem!, health.NextStep!, now, null);
    }

    /// <summary>What an alert about a mailbox is called.</summary>
    public static string SubjectOf(EmailAddress mailbox) => $"mailbox {mailbox.Value}";

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Bounded(string text, int lengthMax) => text.Length <= lengthMax ? text : text[..lengthMax];

    // 0.75 to 1.25, the same for the same mailbox and try.
    private static double Spread(EmailAddress mailbox, int failures) =>
        0.75 + (mailbox.Value.Aggregate(failures, (sum, letter) => ((sum * 31) + letter) % 1_000_003) % 1_000 / 2_000.0);
}
