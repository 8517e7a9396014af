using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What people do in the middle of a round, between two questions to the server.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class MidwayTests
{
    [DovecotFact("Cyrus gives what was deleted until the session is told.")]
    public async Task A_message_that_is_deleted_before_it_is_fetched_is_passed_over()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.DeliverAsync("INBOX", Mail("gone@x"));
        await ana.DeliverAsync("INBOX", Mail("there@x", "Other"));
        wire.Before("BODY.PEEK[]", () => ana.DeleteAsync("INBOX", 1));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("there@x");
        Assert.Single(await cluster.TrackedAsync());
        Assert.Empty(await cluster.Cluster.Client.ReadDeadLettersAsync(10));
        await ana.DeliverAsync("INBOX", Mail("gone@x"));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("gone@x");
    }

    [Fact]
    public async Task A_folder_that_is_deleted_before_it_is_read_stops_its_rule_and_no_other_folder()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Plain");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Plain");
        await ana.DeliverAsync("INBOX/Plain", Mail("m@x"));
        wire.Before("INBOX/Deals", () => ana.DeleteFolderAsync("INBOX/Deals"));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        await cluster.TrackedAsync("m@x");
        await cluster.LookAsync(ana);
        var alert = Assert.Single(await cluster.AlertsAsync());
        Assert.Contains("Inbox/Deals", alert.Subject, StringComparison.Ordinal);
        Assert.NotEmpty(alert.NextStep);
    }

    [Fact]
    public async Task A_folder_that_is_made_again_after_it_was_listed_has_no_rule()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await ana.DeliverAsync("INBOX/Deals", Mail("first@x"));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        wire.Before("INBOX/Deals", async () =>
        {
            await ana.DeleteFolderAsync("INBOX/Deals");
            await ana.CreateFolderAsync("INBOX/Deals");
            await ana.DeliverAsync("INBOX/Deals", Mail("other@x"));
        });
        await cluster.LookAsync(ana, ana);
        await cluster.TrackedAsync("first@x");
        Assert.Single(await cluster.TrackedAsync());
        var rule = Assert.Single(Assert.Single(await cluster.Cluster.Organization.ReadMailboxesAsync()).Folders);
        Assert.Equal(FolderRuleState.Paused, rule.State);
        Assert.Equal(AlertLevel.Error, Assert.Single(await cluster.AlertsAsync()).Level);
    }

    // Whichever write it was that the round did not come to.
    [Fact]
    public async Task A_rule_that_lost_its_folder_never_takes_another_of_its_name_because_a_round_ended_midway()
    {
        var writes = new FailingWrites();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            writes.Place(services);
            SyncCluster.Patient(services);
        });
        var hasFailed = true;
        for (var done = 0; hasFailed; done++)
        {
            var ana = await cluster.CreateAsync(FilterMethod.None);
            await ana.CreateFolderAsync("INBOX/Deals");
            await cluster.AddRuleAsync(ana, "Inbox/Deals");
            await ana.DeliverAsync("INBOX/Deals", Mail($"first{done}@x"));
            await cluster.ConnectAsync(ana);
            await ana.DeleteFolderAsync("INBOX/Deals");
            await ana.CreateFolderAsync("INBOX/Deals");
            await ana.DeliverAsync("INBOX/Deals", Mail($"other{done}@x"));
            writes.FailAfter(done);
            await cluster.Of(ana).LookAsync();
            hasFailed = writes.HasFailed;
            writes.FailAfter(-1);
            await cluster.LookAsync(ana, ana);
            Assert.Equal(done + 1, (await cluster.TrackedAsync()).Count);
            var rules = (await cluster.Cluster.Organization.ReadMailboxesAsync()).Single(one => one.Address.Value == ana.Address).Folders;
            Assert.Equal(FolderRuleState.Paused, Assert.Single(rules).State);
            Assert.Single(await cluster.AlertsAsync(), alert => alert.Subject.Contains(ana.Address, StringComparison.Ordinal));
        }
    }
}
