using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>A message that is gone here and seen there is the same email, whichever is read first and however late.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class MoveTests
{
    // twentyhq/twenty#25749. The folder with the lower number is read first: once what is gone is seen before what came, once after it.
    [Theory]
    [InlineData("Deals", "Cases")]
    [InlineData("Cases", "Deals")]
    public async Task A_move_that_is_seen_from_either_side_first_is_one_activity_about_the_last_folders_record(string from, string to)
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var records = new Dictionary<string, RecordReference>();
        foreach (var name in new[] { "Deals", "Cases" })
        {
            await ana.CreateFolderAsync($"INBOX/{name}");
            await cluster.AddRuleAsync(ana, $"Inbox/{name}", records[name] = await cluster.RecordAsync());
        }

        var number = await ana.DeliverAsync($"INBOX/{from}", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        var before = (await cluster.TrackedAsync("m@x")).Activity!;
        await ana.MoveAsync($"INBOX/{from}", number, $"INBOX/{to}");
        await cluster.LookAsync(ana);
        var after = (await cluster.TrackedAsync("m@x")).Activity!;
        Assert.Equal((before.ActivityId, records[to]), (after.ActivityId, after.Regarding));
        Assert.Single(await cluster.TrackedAsync());
    }

    [Fact]
    public async Task Mail_that_is_gone_from_one_tracked_folder_and_comes_into_another_rounds_later_is_the_same_activity()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        await ana.CreateFolderAsync("Aside");
        var (deal, ticket) = (await cluster.RecordAsync(), await cluster.RecordAsync("incident"));
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Cases", ticket);
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        var before = (await cluster.TrackedAsync("m@x")).Activity!;
        number = await ana.MoveAsync("INBOX/Deals", number, "Aside");
        await cluster.LookAsync(ana, ana, ana);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        await ana.MoveAsync("Aside", number, "INBOX/Cases");
        await cluster.LookAsync(ana);
        var after = (await cluster.TrackedAsync("m@x")).Activity!;
        Assert.Equal((before.ActivityId, ticket), (after.ActivityId, after.Regarding));
        Assert.Single(await cluster.TrackedAsync());
    }

    [Fact]
    public async Task Mail_of_a_folder_that_was_renamed_twice_is_about_the_record_of_the_folder_to_which_it_is_moved()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Zones");
        var (deal, later, zone) = (await cluster.RecordAsync(), await cluster.RecordAsync(), await cluster.RecordAsync());
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Zones", zone);
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await ana.RenameFolderAsync("INBOX/Deals", "INBOX/Won");
        await cluster.LookAsync(ana);
        await cluster.AddRuleAsync(ana, "Inbox/Won", later);
        Assert.Equal(1, await cluster.Of(ana).RelinkFolderAsync("Inbox/Won"));
        Assert.Equal(later, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        await ana.RenameFolderAsync("INBOX/Won", "INBOX/Past");
        await cluster.LookAsync(ana);

        await ana.MoveAsync("INBOX/Past", number, "INBOX/Zones");
        await cluster.LookAsync(ana, ana);

        Assert.Equal(zone, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
    }

    [Fact]
    public async Task Mail_that_is_moved_into_a_tracked_folder_out_of_one_that_left_the_Inbox_is_about_the_record_of_the_folder_where_it_lies()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("Archive");
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Zones");
        var (deal, zone) = (await cluster.RecordAsync(), await cluster.RecordAsync());
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Zones", zone);
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await ana.RenameFolderAsync("INBOX/Deals", "Archive/Deals");
        await cluster.LookAsync(ana);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);

        await ana.MoveAsync("Archive/Deals", number, "INBOX/Zones");
        await cluster.LookAsync(ana);

        Assert.Equal(zone, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
    }

    // dseph/EwsEditor#16: whoever looks for what was received since the last mail never finds it.
    [Fact]
    public async Task Mail_that_is_moved_from_junk_into_the_Inbox_days_later_is_tracked_and_it_is_said_that_it_was_moved()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("Junk");
        var number = await ana.DeliverAsync("Junk", Mail("late@x"), DateTimeOffset.UtcNow.AddDays(-5));
        await ana.DeliverAsync("INBOX", Mail("newer@x"));
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("newer@x");
        await ana.MoveAsync("Junk", number, "INBOX");
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("late@x");
        Assert.Contains(await cluster.ExplainAsync("late@x"), sentence => sentence.Contains("moved to Inbox from another folder", StringComparison.Ordinal));
    }

    // nylas/sync-engine#449.
    [Fact]
    public async Task A_folder_whose_mail_is_moved_to_another_folder_as_a_whole_makes_no_second_activities()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Before");
        await ana.CreateFolderAsync("INBOX/After");
        await cluster.AddRuleAsync(ana, "Inbox/Before");
        await cluster.AddRuleAsync(ana, "Inbox/After");
        await ana.DeliverManyAsync("INBOX/Before", Enumerable.Range(0, 10).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(ana);
        var before = (await cluster.TrackedAsync()).Select(row => row.Activity!.ActivityId);
        foreach (var (number, _, _) in await ana.LookAsync("INBOX/Before"))
        {
            await ana.MoveAsync("INBOX/Before", number, "INBOX/After");
        }

        await ana.DeleteFolderAsync("INBOX/Before");
        await cluster.LookAsync(ana);
        Assert.Equal(before.Order(), (await cluster.TrackedAsync()).Select(row => row.Activity!.ActivityId).Order());
    }

    // microsoftgraph/microsoft-graph-docs#3611.
    [Fact]
    public async Task A_second_copy_in_an_archive_is_the_same_email_seen_twice()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Archive");
        await cluster.AddRuleAsync(ana, "Inbox/Archive");
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await ana.CopyAsync("INBOX", number, "INBOX/Archive");
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Single(await cluster.TrackedAsync());
        Assert.Equal(["Inbox", "Inbox/Archive"], (await cluster.Cluster.Client.ExplainAsync("m@x"))!.Decisions.Select(one => one.Place.Folder).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_move_is_one_activity_when_the_silo_that_reads_dies_between_its_two_halves(bool isRemovedFirst)
    {
        await using var cluster = await SyncCluster.StartAsync(silos: 2);
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        var (deal, ticket) = (await cluster.RecordAsync(), await cluster.RecordAsync("incident"));
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Cases", ticket);
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        var before = (await cluster.TrackedAsync("m@x")).Activity!;
        Func<Task>[] halves = [() => ana.DeleteAsync("INBOX/Deals", number), () => ana.DeliverAsync("INBOX/Cases", Mail("m@x"))];
        foreach (var half in isRemovedFirst ? halves : halves.Reverse())
        {
            await half();
            await cluster.LookAsync(ana);
            await cluster.KillOwnerAsync(ana);
        }

        await cluster.LookAsync(ana);
        var after = (await cluster.TrackedAsync("m@x")).Activity!;
        Assert.Equal((before.ActivityId, ticket), (after.ActivityId, after.Regarding));
        Assert.Single(await cluster.TrackedAsync());
    }
}
