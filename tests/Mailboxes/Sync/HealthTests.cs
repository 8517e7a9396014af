using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>A mailbox that cannot be read says why and what to do, loses nothing, and heals by itself where that can be.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_wrong_password_stops_the_mailbox_with_an_alert_until_it_is_right()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_WRONG", "wrong");
        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => cluster.ConnectAsync(
            ana, connection => connection with { Secret = "env:EMAILTRACKING_TEST_WRONG" }));
        Assert.Contains("Stopped", wrong.Message, StringComparison.Ordinal);
        var alert = Assert.Single(await cluster.AlertsAsync());
        Assert.Equal((AlertLevel.Error, $"mailbox {ana.Address}"), (alert.Level, alert.Subject));
        Assert.DoesNotContain("wrong", alert.Cause, StringComparison.Ordinal);
        Assert.Equal(ServerProblemKind.SignIn, (await cluster.Of(ana).ReadStatusAsync())!.Health.Kind);
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Empty(await cluster.AlertsAsync());
        Assert.Single(await cluster.Servers.ReadAlertsAsync(onlyStanding: false, 10));
    }

    [Fact]
    public async Task A_mailbox_is_read_only_while_it_is_approved_and_enabled()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ConnectAsync(ana, connection => connection with { Approval = AccessApproval.Pending }));
        Assert.Equal(MailboxState.NotRun, (await cluster.Of(ana).LookAsync()).State);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Contains("not approved", (await Assert.ThrowsAsync<MailServerException>(() => cluster.AuditAsync(ana))).Message, StringComparison.Ordinal);
        var test = await cluster.Of(ana).TestAsync();
        Assert.Null(test.Problem);
        Assert.True(test.Abilities!.Pushes);
        Assert.Equal("Inbox", test.Folders[0]);
        var connection = (await cluster.Of(ana).ReadStatusAsync())!.Connection;
        Assert.Null(await cluster.Of(ana).ConnectAsync(connection with { Approval = AccessApproval.Approved, ApprovedBy = "Ben" }));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_in_words()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        var connection = new MailboxConnection
        {
            Mailbox = SyncCluster.Address(ana.Address), Profile = "none", UserName = "ana", StartsOn = new DateOnly(2026, 1, 1),
        };
        Assert.Contains("no server profile 'none'", await cluster.Of(ana).ConnectAsync(connection), StringComparison.Ordinal);
        Assert.Contains("never given itself", await cluster.Of(ana).ConnectAsync(connection with { Secret = "pass" }), StringComparison.Ordinal);
        var profile = ana.Profile with { Host = "imap.example.com", Security = ConnectionSecurity.None };
        Assert.Contains("Without TLS", await cluster.Servers.SaveProfileAsync(profile), StringComparison.Ordinal);
        await cluster.ConnectAsync(ana);
        Assert.Contains("1 mailboxes use", await cluster.Servers.RemoveProfileAsync(ana.Profile.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_goes_away_and_comes_back_is_read_again_by_itself_and_nothing_is_lost()
    {
        await using var server = await Servers.DovecotServer.StartAsync();
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Impatient);
        var ana = server.CreateUser();
        await cluster.Cluster.CreateMailboxAsync(ana.Address);
        await ana.DeliverAsync("INBOX", Mail("one@x"));
        await cluster.ConnectAsync(ana);
        await server.StopAsync();
        await SyncCluster.UntilAsync(async () => (await cluster.Of(ana).ReadStatusAsync())!.Health.State == MailboxState.Retrying);
        await server.StartAsync();
        await ana.DeliverAsync("INBOX", Mail("two@x"));
        await SyncCluster.UntilAsync(async () => (await cluster.TrackedAsync()).Count == 2);
    }
}
