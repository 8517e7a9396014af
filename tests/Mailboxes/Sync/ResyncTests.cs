using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>When a server has forgotten what it told us, or tells only a part, everything is looked at again and nothing happens twice.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class ResyncTests
{
    private const string Effects = """
        select (select count(*) from queue_item) * 1000000 + (select count(*) from created_record) * 10000
            + (select count(*) from email) * 100 + (select count(*) from sighting)
        """;

    // Microsoft Graph's 410 Gone: for IMAP a change mark that the server does not know, and a new numbering.
    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task A_mailbox_whose_marks_mean_nothing_any_more_is_read_again_and_no_effect_comes_twice()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var queue = await cluster.CreateAsync(isQueue: true);
        await cluster.Cluster.Client.SaveRecordsAsync([Record(Tables.Queue, queue.Address), Record(Tables.Contact, "ana@fabrikam.com")]);
        var rule = new CreationRule
        {
            Name = "Support", Queue = SyncCluster.Address(queue.Address), Items = [new CreationItem("All", [], Tables.Incident)],
        };
        Assert.Null((await cluster.Cluster.Client.SetRuleAsync(rule, new Author("Ana"))).Problem);
        await queue.DeliverManyAsync("INBOX", Enumerable.Range(0, 5).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(queue);
        await cluster.LookAsync(queue);
        Assert.Equal(5_050_505, await cluster.Cluster.CountAsync(Effects));

        var folder = await cluster.FolderAsync(queue);
        var forgotten = folder with { Mark = folder.Mark! with { Change = long.MaxValue } };
        await cluster.Service<IMailboxSync>().SaveProgressAsync(
            GrainKeys.DefaultOrganization, SyncCluster.Address(queue.Address), [new FolderProgress(forgotten, [])]);
        await cluster.LookAsync(queue);
        Assert.True((await cluster.FolderAsync(queue)).Mark!.Change < long.MaxValue);
        Assert.Equal(5_050_505, await cluster.Cluster.CountAsync(Effects));

        await queue.ChangeValidityAsync("INBOX", 4_000_000_000);
        await cluster.LookAsync(queue);
        Assert.Equal(5_050_510, await cluster.Cluster.CountAsync(Effects));
        Assert.Empty(await cluster.ActsAsync());
    }

    // twentyhq/twenty PR#13350.
    [Fact]
    public async Task A_list_that_leaves_messages_out_makes_nothing_gone()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await using var server = new ReplayServer();
        for (var number = 1u; number <= 3; number++)
        {
            server.Messages[number] = new ReplayServer.ReplayMessage(Mail($"m{number}@x", $"Subject {number}"));
        }

        var mailbox = await cluster.ConnectAsync(server);
        server.On("UID FETCH 1:* (UID FLAGS)", async question =>
        {
            await question.SayAsync("* 1 FETCH (UID 1 FLAGS ())");
            await question.SayAsync($"{question.Tag} OK");
        });
        var asked = server.Asked.Count;
        Assert.Equal(MailboxState.Healthy, (await mailbox.LookAsync()).State);
        Assert.Contains(server.Asked.Skip(asked), command => command.StartsWith("UID FETCH 1:* (UID FLAGS)", StringComparison.Ordinal));
        Assert.Equal(3, (await cluster.TrackedAsync()).Count);
        Assert.Equal(3, await cluster.Cluster.CountAsync("select count(*) from mailbox_item where gone_on is null"));
    }

    [Fact]
    public async Task A_list_of_folders_that_leaves_one_out_stops_its_rule_until_it_is_there_again()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await using var server = new ReplayServer { Capabilities = "LIST-EXTENDED LIST-STATUS" };
        server.Messages[1] = new ReplayServer.ReplayMessage(Mail("m@x"));
        var isPart = false;
        server.On("LIST \"\" \"*\"", async question =>
        {
            foreach (var path in isPart ? new[] { "INBOX" } : ["INBOX", "INBOX/Deals"])
            {
                await question.SayAsync($"* LIST () \"/\" {path}");
                await question.SayAsync($"* STATUS {path} (UIDVALIDITY 1)");
            }

            await question.SayAsync($"{question.Tag} OK");
        });
        await cluster.Cluster.CreateMailboxAsync(Opening.Anybody.Mailbox.Value, FilterMethod.None);
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(Opening.Anybody.Mailbox, new TrackingFolder("Inbox/Deals", null), SyncCluster.Person));
        var mailbox = await cluster.ConnectAsync(server, FilterMethod.None);
        await cluster.TrackedAsync("m@x");
        isPart = true;
        Assert.Equal(MailboxState.Healthy, (await mailbox.LookAsync()).State);
        Assert.Single(await cluster.AlertsAsync());
        isPart = false;
        Assert.Equal(MailboxState.Healthy, (await mailbox.LookAsync()).State);
        Assert.Empty(await cluster.AlertsAsync());
        Assert.Equal(2, await cluster.Cluster.CountAsync("select count(*) from mailbox_item where gone_on is null"));
        await cluster.TrackedAsync("m@x");
    }

    // margince PR#3444.
    [Fact]
    public async Task Sent_mail_from_before_the_start_date_comes_with_a_back_fill_as_received_mail_does()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("AutoTrackSentFolderItems", "true");
        var ana = await cluster.CreateAsync();
        var before = new DateTimeOffset(2020, 5, 1, 12, 0, 0, TimeSpan.Zero);
        await ana.DeliverAsync("INBOX", Mail("received@x"), before);
        await ana.DeliverAsync("Sent", Mail("sent@x").Replace("ana@fabrikam.com", ana.Address, StringComparison.Ordinal), before);
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        Assert.Empty(await cluster.TrackedAsync());
        var filled = await cluster.Of(ana).CompareAsync(new ComparisonRequest(new DateOnly(2019, 1, 1), IsBackfill: true, DecideMax: 100));
        Assert.Equal([("Inbox", 1), ("Sent", 1)], filled.Folders.Select(folder => (folder.Folder, folder.DecidedNow)));
        Assert.False((await cluster.TrackedAsync("received@x")).Activity!.State.IsOutgoing);
        Assert.True((await cluster.TrackedAsync("sent@x")).Activity!.State.IsOutgoing);
    }

    private static CrmRecord Record(string table, string address) => new(
        new RecordFacts(new RecordReference(table, Guid.NewGuid()), IsActive: true, null, DateTimeOffset.UnixEpoch),
        address,
        [SyncCluster.Address(address)]);
}
