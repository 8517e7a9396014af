using EmailTracking.Acts;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>Tracks of mail that lies on its server and is not here.</summary>
public sealed class PendingTrackTests
{
    private static ActCall Track(DovecotMailbox mailbox, string id) => new()
    {
        Id = Guid.NewGuid(), Kind = ActKind.Track, By = "Ana", Names = [$"<{id}>"], Mailbox = SyncCluster.Address(mailbox.Address),
    };

    [Fact]
    public async Task A_mail_in_a_folder_that_nobody_follows_is_fetched_by_its_id_and_tracked_with_its_thread_and_its_regarding()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("Archive/2025");
        await ana.DeliverAsync("Archive/2025", Mail("near-one@x"));
        await ana.DeliverAsync("Archive/2025", Mail("one@x", "Re: Hello", headers: "In-Reply-To: <root@x>\r\n"));
        await ana.DeliverAsync("INBOX", Mail("root@x"));
        await cluster.ConnectAsync(ana);
        var record = await cluster.RecordAsync();
        await cluster.SetRegardingAsync("root@x", record);
        Assert.Null(await cluster.Cluster.Client.ExplainAsync("one@x"));

        var call = Track(ana, "one@x");
        var answer = await cluster.Cluster.Client.ActAsync(call);
        Assert.Equal((call.Id, 1, 0), (answer.Id, answer.Changed, answer.Pending));

        var row = await cluster.TrackedAsync("one@x");
        Assert.Equal(ReasonCode.TrackedByHand, row.Reason);
        Assert.Equal(record, row.Activity!.Regarding);
        Assert.Equal((await cluster.TrackedAsync("root@x")).Activity!.State.ConversationId, row.Activity.State.ConversationId);
        Assert.Null(await cluster.Cluster.Client.ExplainAsync("near-one@x"));
        Assert.Empty(await cluster.Cluster.Client.ReadPendingAsync());

        await cluster.LookAsync(ana);
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
    }

    [Fact]
    public async Task A_track_of_mail_that_is_in_no_folder_waits_and_is_carried_out_when_the_mailbox_is_read()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await cluster.ConnectAsync(ana);
        Assert.Equal(1, (await cluster.Cluster.Client.ActAsync(Track(ana, "one@x"))).Pending);
        var pending = Assert.Single(await cluster.Cluster.Client.ReadPendingAsync());
        Assert.Equal($"No folder of {ana.Address} has the mail.", pending.Problem);

        await ana.DeliverAsync("INBOX", Mail("one@x"));
        await cluster.LookAsync(ana);
        await SyncCluster.UntilAsync(async () => (await cluster.Cluster.Client.ReadPendingAsync()).IsEmpty);
        Assert.Equal(ReasonCode.TrackedByHand, (await cluster.TrackedAsync("one@x")).Reason);
    }

    [Fact]
    public async Task A_mail_of_which_only_headers_are_here_and_that_was_moved_away_meanwhile_is_found_where_it_lies_now()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("Archive");
        await ana.DeliverAsync("INBOX", Mail("one@x"));
        await cluster.ConnectAsync(ana);
        await ana.MoveAsync("INBOX", 1, "Archive");
        Assert.Null((await cluster.Cluster.Client.ActAsync(Track(ana, "one@x") with { Mailbox = null })).Problem);
        await SyncCluster.UntilAsync(async () => (await cluster.TrackedAsync()).Count == 1);
        await SyncCluster.UntilAsync(async () => (await cluster.Cluster.Client.ReadPendingAsync()).IsEmpty);
    }
}
