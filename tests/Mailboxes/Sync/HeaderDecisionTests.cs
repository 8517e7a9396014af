using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
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

    // A batch of whole mail is of 64 messages.
    [Theory]
    [InlineData(70, "", 1)]
    [InlineData(70, "In-Reply-To: <m3@x>\r\n", 2)]
    public async Task Facts_are_read_once_for_headers_and_whole_mail_unless_mail_that_is_named_was_decided_since(int mails, string last, int reads)
    {
        var counted = new Counted();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
            PassingTrackingStore.Place(services, store => new CountingStore(store, counted)));
        var ana = await cluster.CreateAsync();
        await ana.DeliverManyAsync(
            "INBOX", Enumerable.Range(0, mails).Select(i => Mail($"m{i}@x", $"Subject {i}", headers: i == mails - 1 ? last : "")));
        await cluster.ConnectAsync(ana);
        Assert.Equal(reads, counted.Reads);
        Assert.Equal(mails, (await cluster.TrackedAsync()).Count);
        Assert.Equal(last.Length == 0 ? mails : mails - 1, await cluster.Cluster.CountAsync("select count(*) from conversation"));
    }

    private sealed class Counted
    {
        public int Reads { get; set; }
    }

    private sealed class CountingStore(ITrackingStore store, Counted counted) : PassingTrackingStore(store)
    {
        public override Task<TrackingSnapshot> ReadFactsAsync(
            string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
        {
            counted.Reads++;
            return base.ReadFactsAsync(organization, sightings, cancellationToken);
        }
    }
}
