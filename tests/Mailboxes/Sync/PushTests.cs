using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Figures;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What happens in a followed folder is read when the server tells it: nobody asks for a look here, and the shortest wait is two minutes.</summary>
public sealed class PushTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Mail_that_is_moved_into_a_tracked_folder_is_tracked_at_once_and_no_other_folder_is_read_for_it()
    {
        var watch = new CommitWatch();
        await using var cluster = await SyncCluster.StartAsync(configure: watch.Watch);
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        await ana.CreateFolderAsync("Archive");
        var deal = await cluster.RecordAsync();
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Cases");
        var number = await ana.DeliverAsync("Archive", Mail("m@x"));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        var before = wire.Commands.Length;

        await ana.MoveAsync("Archive", number, "INBOX/Deals");

        await watch.OfAsync("m@x").WaitAsync(Soon);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        Assert.DoesNotContain(wire.Commands[before..], command => command.Contains("EXAMINE INBOX/Cases", StringComparison.Ordinal));
        Assert.Null((await cluster.Of(ana).ReadStatusAsync())!.WatchProblem);
    }

    [Fact]
    public async Task A_label_that_somebody_sets_in_a_tracked_folder_counts_at_once()
    {
        var watch = new CommitWatch();
        await using var cluster = await SyncCluster.StartAsync(configure: watch.Watch);
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(
            SyncCluster.Address(ana.Address), new TrackingFolder("Inbox/Deals", null) { Until = new DateOnly(2001, 1, 1) }, SyncCluster.Person));
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());

        await ana.LabelAsync("INBOX/Deals", number, [Labels.Tracked]);

        await watch.OfAsync("m@x").WaitAsync(Soon);
        Assert.Equal(ReasonCode.TrackedByHand, (await cluster.TrackedAsync("m@x")).Reason);
    }

    [Fact]
    public async Task Folders_that_get_a_rule_or_another_name_are_watched_from_the_next_wait_on()
    {
        var watch = new CommitWatch();
        await using var cluster = await SyncCluster.StartAsync(configure: watch.Watch);
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await cluster.ConnectAsync(ana);
        await cluster.AddRuleAsync(ana, "Inbox/Cases");
        await ana.RenameFolderAsync("INBOX/Deals", "INBOX/Won");
        await cluster.LookAsync(ana);

        await ana.DeliverAsync("INBOX/Cases", Mail("case@x"));
        await watch.OfAsync("case@x").WaitAsync(Soon);
        await ana.DeliverAsync("INBOX/Won", Mail("won@x"));
        await watch.OfAsync("won@x").WaitAsync(Soon);
    }

    [Fact]
    public async Task Folders_beyond_those_that_may_be_watched_are_read_with_those_that_are()
    {
        var watch = new CommitWatch();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            watch.Watch(services);
            services.Configure<SyncOptions>(options => options.WatchedFoldersMax = 2);
        });
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.CreateFolderAsync("INBOX/A");
        await ana.CreateFolderAsync("INBOX/B");
        await cluster.AddRuleAsync(ana, "Inbox/A");
        await cluster.ConnectAsync(ana, profile: wire.Of);
        await cluster.AddRuleAsync(ana, "Inbox/B");
        await cluster.LookAsync(ana);

        await ana.DeliverAsync("INBOX/B", Mail("b@x"));
        await ana.DeliverAsync("INBOX/A", Mail("a@x"));

        await watch.OfAsync("a@x").WaitAsync(Soon);
        await watch.OfAsync("b@x").WaitAsync(Soon);
        Assert.DoesNotContain(wire.Commands, command => command.Contains("NOTIFY", StringComparison.Ordinal) && command.Contains("INBOX/B", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("IDLE", null)]
    [InlineData("IDLE NOTIFY CONDSTORE", "not here")]
    public async Task A_server_that_tells_of_the_Inbox_only_or_refuses_more_is_read_at_once_all_the_same(string capabilities, string? refusal)
    {
        var watch = new CommitWatch();
        await using var cluster = await SyncCluster.StartAsync(configure: watch.Watch);
        await using var server = new ReplayServer { Capabilities = capabilities };
        var arrive = new TaskCompletionSource();
        server.On("LIST \"\" \"*\"", async question =>
        {
            await question.SayAsync("* LIST () \"/\" INBOX");
            await question.SayAsync("* LIST (\\Sent) \"/\" Sent");
            await question.SayAsync($"{question.Tag} OK");
        });
        server.On("NOTIFY", question => question.SayAsync($"{question.Tag} NO {refusal}"));
        server.On("IDLE", async question =>
        {
            await question.SayAsync("+ idling");
            var done = question.ReadLineAsync();
            if (await Task.WhenAny(done, arrive.Task) == arrive.Task && server.Messages.Count == 0)
            {
                server.Messages[1] = new ReplayServer.ReplayMessage(Mail("m@x"));
                await question.SayAsync("* 1 EXISTS");
            }

            await done;
            await question.SayAsync($"{question.Tag} OK");
        });
        await cluster.SetAsync("AutoTrackSentFolderItems", "true");
        var waits = server.Awaited("IDLE");
        var mailbox = await cluster.ConnectAsync(server);
        await waits;

        arrive.SetResult();

        await watch.OfAsync("m@x").WaitAsync(Soon);
        var told = (await mailbox.ReadStatusAsync())!.WatchProblem;
        Assert.Equal(refusal is null, told is null);
        Assert.Contains(refusal ?? "", told ?? "", StringComparison.Ordinal);
    }
}
