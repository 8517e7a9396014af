using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Unit.Simulation;

namespace EmailTracking.Tests.Unit.Mailboxes;

/// <summary>What heals is tried again soon, then seldom; what somebody has to change is tried seldom at once, and said.</summary>
public sealed class SyncHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EmailTracking.Tracking.Mail.EmailAddress Ana = SimMail.Address("ana@contoso.com");
    private static readonly SyncOptions Options = new();

    [Fact]
    public void A_broken_connection_is_tried_again_later_each_time_and_told_when_it_stays()
    {
        var health = new MailboxHealth { State = MailboxState.Healthy, Since = Now, LastReadOn = Now };
        var waits = new List<TimeSpan>();
        for (var failure = 1; failure <= 12; failure++)
        {
            health = SyncHealth.Failed(health, Broken(), Ana, Options, Now);
            waits.Add(health.RetryOn!.Value - Now);
            Assert.Equal(MailboxState.Retrying, health.State);
            Assert.Equal(failure >= SyncHealth.FailuresBeforeAlert, SyncHealth.AlertOf(Ana, health, Now) is { Level: AlertLevel.Warning });
        }

        Assert.InRange(waits[0], Options.RetryMin * 0.75, Options.RetryMin * 1.25);
        Assert.InRange(waits[3], Options.RetryMin * 8 * 0.75, Options.RetryMin * 8 * 1.25);
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, Options.RetryMax * 1.25));
        Assert.Equal(Now, health.LastReadOn);
    }

    [Fact]
    public void A_wrong_password_stops_the_mailbox_and_is_an_alert_at_once()
    {
        var refused = new MailServerException(ServerProblemKind.SignIn, "The server refuses the password.", "Set the right one.");
        var health = SyncHealth.Failed(new MailboxHealth(), refused, Ana, Options, Now);
        Assert.Equal((MailboxState.Stopped, "Set the right one."), (health.State, health.NextStep));
        Assert.InRange(health.RetryOn!.Value - Now, Options.StoppedRetry * 0.75, Options.StoppedRetry * 1.25);
        Assert.Equal(AlertLevel.Error, SyncHealth.AlertOf(Ana, health, Now)!.Level);
    }

    [Fact]
    public void Mailboxes_that_fail_together_are_not_tried_together() => Assert.True(
        Enumerable.Range(0, 100)
            .Select(i => SyncHealth.Failed(new MailboxHealth(), Broken(), SimMail.Address($"user{i}@contoso.com"), Options, Now).RetryOn)
            .Distinct()
            .Count() > 50);

    [Fact]
    public void A_mailbox_that_is_read_again_is_well_and_forgets_what_it_failed_of()
    {
        var health = SyncHealth.Read(SyncHealth.Failed(new MailboxHealth(), Broken(), Ana, Options, Now), Now.AddMinutes(1));
        Assert.Equal(new MailboxHealth { State = MailboxState.Healthy, Since = Now.AddMinutes(1), LastReadOn = Now.AddMinutes(1) }, health);
        Assert.Null(SyncHealth.AlertOf(Ana, health, Now));
    }

    private static MailServerException Broken() => new(ServerProblemKind.Connection, "It broke off.", "Nothing.");
}
