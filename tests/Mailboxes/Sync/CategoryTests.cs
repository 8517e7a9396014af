using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>The label <c>$Tracked</c> stands for the category: people set and remove it, and we write what the email is.</summary>
public sealed class CategoryTests
{
    private static readonly string[] None = [];
    private static readonly string[] Tracked = [Labels.Tracked];

    [Fact]
    public async Task To_set_the_label_tracks_and_to_remove_it_untracks()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        Assert.Equal(ReasonCode.TrackedByHand, (await cluster.TrackedAsync("m@x")).Reason);
        await ana.LabelAsync("INBOX", number, None, Labels.Tracked);
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Equal(3, (await cluster.ActsAsync()).Length);
    }

    [Fact]
    public async Task What_is_tracked_by_itself_gets_the_label_in_all_mailboxes_and_our_label_is_nobodys_act()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var (ana, ben) = (await cluster.CreateAsync(), await cluster.CreateAsync(FilterMethod.None));
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        var copy = await ben.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.ConnectAsync(ben);
        await cluster.LookAsync(ana, ben, ana, ben);
        Assert.Equal(Tracked, Assert.Single(await ana.LookAsync("INBOX")).Labels);
        Assert.Equal(Tracked, Assert.Single(await ben.LookAsync("INBOX")).Labels);
        Assert.Empty(await cluster.ActsAsync());
        await ben.LabelAsync("INBOX", copy, None, Labels.Tracked);
        await cluster.LookAsync(ben, ana);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Empty(Assert.Single(await ana.LookAsync("INBOX")).Labels);
        Assert.Single(await cluster.ActsAsync());
    }

    [Fact]
    public async Task A_label_that_goes_along_with_a_move_or_a_new_numbering_is_nobodys_act()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Plain");
        await cluster.AddRuleAsync(ana, "Inbox/Plain");
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await ana.DeliverAsync("INBOX", Mail("n@x"));
        await cluster.ConnectAsync(ana);
        await ana.MoveAsync("INBOX", number, "INBOX/Plain");
        await cluster.LookAsync(ana);
        await ana.ChangeValidityAsync("INBOX", 4_000_000_000);
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.ActsAsync());
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
        Assert.Equal(Tracked, Assert.Single(await ana.LookAsync("INBOX/Plain")).Labels);
    }

    [Fact]
    public async Task Labels_mean_nothing_until_the_organization_switches_them_on()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"), null, Labels.Tracked);
        await cluster.ConnectAsync(ana);
        await cluster.SetAsync("TrackCategorizedItems", "true");
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.ActsAsync());
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Empty(Assert.Single(await ana.LookAsync("INBOX")).Labels);
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
    }
}
