using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>A mailbox that cannot be read says why and what to do, loses nothing, and heals by itself where that can be.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
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
    public async Task A_reminder_has_a_mailbox_read_again_whose_silo_is_gone()
    {
        await using var cluster = await SyncCluster.StartAsync(silos: 2);
        var ana = await cluster.CreateAsync();
        await cluster.ConnectAsync(ana);
        var id = cluster.Of(ana).GetGrainId();
        var reminder = Assert.Single((await cluster.Service<IReminderTable>().ReadRows(id)).Reminders);
        Assert.Equal(TimeSpan.FromMinutes(1), reminder.Period);

        // Nobody calls the mailbox: only the reminder, as it comes round.
        await cluster.KillOwnerAsync(ana, isCalled: false);
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        await SyncCluster.UntilAsync(async () =>
        {
            try
            {
                await cluster.Of(ana).AsReference<IRemindable>().ReceiveReminder(reminder.ReminderName, new TickStatus());
                return (await cluster.TrackedAsync()).Count == 1;
            }
            catch (Exception gone) when (SyncCluster.IsOfDeadSilo(gone))
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Only_a_queues_mailbox_is_emptied_of_what_is_processed()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await cluster.ConnectAsync(ana);
        var connection = (await cluster.Of(ana).ReadStatusAsync())!.Connection;
        Assert.Contains(
            "--delete-processed false", await cluster.Of(ana).ConnectAsync(connection with { DeletesProcessed = true }), StringComparison.Ordinal);
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
        await using var server = await DovecotServer.StartAsync();
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

    [Fact]
    public async Task A_certificate_for_another_name_stops_the_mailbox_until_the_profile_is_right()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ConnectAsync(ana, profile: profile => profile with { Host = "127.0.0.1" }));
        await StandsAsync(cluster, ana, MailboxState.Stopped, ServerProblemKind.Certificate);
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Empty(await cluster.AlertsAsync());
    }

    [Fact]
    public async Task A_token_that_is_over_and_cannot_be_renewed_stops_the_mailbox_until_somebody_signs_in_again()
    {
        await using var endpoint = new TokenEndpoint();
        await using var server = await SignInTests.WithTokensAsync(endpoint);
        await using var cluster = await SyncCluster.StartAsync();
        var ana = server.CreateUser();
        await cluster.Cluster.CreateMailboxAsync(ana.Address);
        var renewed = endpoint.Answer;
        endpoint.OwnerOf = _ => ana.Address;
        var (profile, login) = SignInTests.Tokens.Of(ana.Profile, ana.Address, endpoint, SignInMethod.RefreshToken);
        await cluster.ConnectAsync(ana, connection => connection with { Secret = login.Secret }, _ => profile);
        (endpoint.OwnerOf, endpoint.Answer) = (_ => null, _ => (400, """{"error":"invalid_grant"}"""));
        await ana.KickAsync();
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        await SyncCluster.UntilAsync(async () => (await cluster.Of(ana).LookAsync()).State != MailboxState.Healthy);
        await StandsAsync(cluster, ana, MailboxState.Stopped, ServerProblemKind.SignIn);
        (endpoint.OwnerOf, endpoint.Answer) = (_ => ana.Address, renewed);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Empty(await cluster.AlertsAsync());
    }

    [Fact]
    public async Task A_server_that_stops_answering_is_tried_again_and_nothing_is_lost()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        var ana = await cluster.CreateAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        using var silent = new CancellationTokenSource();
        wire.BeforeEach = sent => sent.Contains("UID SEARCH", StringComparison.Ordinal)
            ? Task.Delay(Timeout.Infinite, silent.Token)
            : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ConnectAsync(
            ana, profile: profile => wire.Of(profile) with { AnswerMax = TimeSpan.FromSeconds(1) }));
        wire.BeforeEach = _ => Task.CompletedTask;
        await silent.CancelAsync();
        var health = (await cluster.Of(ana).ReadStatusAsync())!.Health;
        Assert.Equal((MailboxState.Retrying, ServerProblemKind.Connection), (health.State, health.Kind));
        Assert.NotEmpty(health.NextStep!);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
    }

    private static async Task StandsAsync(SyncCluster cluster, DovecotMailbox mailbox, MailboxState state, ServerProblemKind kind)
    {
        var health = (await cluster.Of(mailbox).ReadStatusAsync())!.Health;
        Assert.Equal((state, kind), (health.State, health.Kind));
        var alert = Assert.Single(await cluster.AlertsAsync());
        Assert.Equal((health.Problem, health.NextStep), (alert.Cause, alert.NextStep));
        Assert.NotEmpty(alert.NextStep);
    }
}
