using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What headers settle costs no more than they do.</summary>
public sealed class HeaderDecisionTests
{
    [Fact]
    public async Task Mail_that_is_not_tracked_activates_no_conversation()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 3).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(ana);
        var grains = await cluster.Cluster.Silos.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        Assert.DoesNotContain(grains, grain => grain.GrainType.Contains("ConversationGrain", StringComparison.Ordinal));
        Assert.Equal(3, await cluster.Cluster.CountAsync("select count(*) from sighting"));
    }
}
