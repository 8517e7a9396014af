using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>Mail that lies in a tracked folder is tracked, whatever the filter says, and is about the folder's record.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class FolderRuleTests
{
    [Fact]
    public async Task What_is_dragged_into_a_tracked_folder_is_tracked_with_its_record_or_without_one()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Plain");
        await ana.CreateFolderAsync("INBOX/Deals/Old");
        var deal = await cluster.RecordAsync();
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Plain");
        var one = await ana.DeliverAsync("INBOX", Mail("one@x"));
        var two = await ana.DeliverAsync("INBOX", Mail("two@x"));
        var three = await ana.DeliverAsync("INBOX", Mail("three@x"));
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await ana.MoveAsync("INBOX", one, "INBOX/Deals");
        await ana.MoveAsync("INBOX", two, "INBOX/Plain");
        await ana.MoveAsync("INBOX", three, "INBOX/Deals/Old");
        await cluster.LookAsync(ana);
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
        Assert.Equal(deal, (await cluster.TrackedAsync("one@x")).Activity!.Regarding);
        Assert.Null((await cluster.TrackedAsync("two@x")).Activity!.Regarding);
    }

    [Fact]
    public async Task Mail_that_is_moved_between_two_tracked_folders_is_about_the_last_ones_record()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        var (deal, ticket) = (await cluster.RecordAsync(), await cluster.RecordAsync("incident"));
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Cases", ticket);
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        number = await ana.MoveAsync("INBOX/Deals", number, "INBOX/Cases");
        await cluster.LookAsync(ana);
        Assert.Equal(ticket, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        await ana.MoveAsync("INBOX/Cases", number, "INBOX");
        await cluster.LookAsync(ana);
        Assert.Equal(ticket, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        Assert.Single(await cluster.TrackedAsync());
    }

    [Fact]
    public async Task A_rule_goes_along_when_its_folder_is_renamed_and_stops_when_it_is_deleted_and_made_again()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Deals", await cluster.RecordAsync());
        await cluster.ConnectAsync(ana);
        await ana.RenameFolderAsync("INBOX/Deals", "INBOX/Won");
        await ana.DeliverAsync("INBOX/Won", Mail("won@x"));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("won@x");
        Assert.Empty(await cluster.AlertsAsync());
        await ana.DeleteFolderAsync("INBOX/Won");
        await ana.CreateFolderAsync("INBOX/Won");
        await ana.DeliverAsync("INBOX/Won", Mail("lost@x"));
        await cluster.LookAsync(ana);
        Assert.Single(await cluster.TrackedAsync());
        Assert.Equal(AlertLevel.Error, Assert.Single(await cluster.AlertsAsync()).Level);
        var rule = Assert.Single(Assert.Single(await cluster.Cluster.Organization.ReadMailboxesAsync()).Folders);
        Assert.Equal(FolderRuleState.Paused, rule.State);
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(SyncCluster.Address(ana.Address), rule with { State = FolderRuleState.Active }, SyncCluster.Person));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("lost@x");
        Assert.Empty(await cluster.AlertsAsync());

        var address = SyncCluster.Address(ana.Address);
        Assert.Null(await cluster.Servers.RemoveFolderRuleAsync(address, rule.Name, SyncCluster.Person));
        Assert.Contains("has no rule", await cluster.Servers.RemoveFolderRuleAsync(address, rule.Name, SyncCluster.Person), StringComparison.Ordinal);
        var changes = await cluster.Cluster.Organization.ReadMailboxChangesAsync(address, 10);
        var about = FolderRuleText.Of(rule with { State = FolderRuleState.Active });
        Assert.StartsWith("about opportunity/", about, StringComparison.Ordinal);
        Assert.Equal(
            [
                ("Won", about, "none", "ana"), ("Won", $"{about}, paused", about, "ana"),
                ("Won", about, $"{about}, paused", "the mailbox's server"), ("Deals", "none", about, "ana"),
            ],
            changes.Select(change => (change.Name.Split('/')[^1], change.Before, change.After, change.ChangedBy)));
        Assert.Equal("a test", changes[0].Why);
    }

    [Fact]
    public async Task A_rule_goes_along_when_its_folder_is_moved_below_another_folder()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Won");
        var deal = await cluster.RecordAsync();
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.ConnectAsync(ana);
        await ana.RenameFolderAsync("INBOX/Deals", "INBOX/Won/Deals");
        await ana.DeliverAsync("INBOX/Won", Mail("beside@x"));
        await ana.DeliverAsync("INBOX/Won/Deals", Mail("won@x"));
        await cluster.LookAsync(ana);
        Assert.Equal(deal, (await cluster.TrackedAsync("won@x")).Activity!.Regarding);
        Assert.Single(await cluster.TrackedAsync());
        Assert.Empty(await cluster.AlertsAsync());
    }

    [Fact]
    public async Task A_rule_that_others_changed_meanwhile_is_not_changed()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        var late = SyncCluster.Person with { Seen = FolderRuleText.Of(null) };
        var rule = new TrackingFolder("Inbox/Deals", await cluster.RecordAsync());
        var address = SyncCluster.Address(ana.Address);
        Assert.Contains("Others changed it", await cluster.Servers.SetFolderRuleAsync(address, rule, late), StringComparison.Ordinal);
        Assert.Contains("Others changed it", await cluster.Servers.RemoveFolderRuleAsync(address, rule.Name, late), StringComparison.Ordinal);
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(address, rule, late with { Seen = "about nothing" }));

        // Who asks again since the answer was lost wants what stands.
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(address, rule, late with { Seen = "about nothing" }, alsoExisting: true));
        Assert.Contains("Say who", await cluster.Servers.RemoveFolderRuleAsync(address, rule.Name, new Author("")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_has_at_most_25_rules_and_can_change_those()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        foreach (var number in Enumerable.Range(1, 25))
        {
            await cluster.AddRuleAsync(ana, $"Inbox/{number}");
        }

        var address = SyncCluster.Address(ana.Address);
        var problem = await cluster.Servers.SetFolderRuleAsync(address, new TrackingFolder("Inbox/26", null), SyncCluster.Person);
        Assert.Contains("has 25 folder rules, which is as many as it may", problem, StringComparison.Ordinal);
        await cluster.AddRuleAsync(ana, "Inbox/25", await cluster.RecordAsync());
        Assert.Null(await cluster.Servers.RemoveFolderRuleAsync(address, "Inbox/1", SyncCluster.Person));
        await cluster.AddRuleAsync(ana, "Inbox/26");
    }

    [Fact]
    public async Task A_folders_new_record_is_for_new_mail_and_for_all_of_it_when_that_is_wanted()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        var (first, second) = (await cluster.RecordAsync(), await cluster.RecordAsync());
        await cluster.AddRuleAsync(ana, "Inbox/Deals", first);
        await ana.DeliverAsync("INBOX/Deals", Mail("old@x"));
        await cluster.ConnectAsync(ana);
        await cluster.AddRuleAsync(ana, "Inbox/Deals", second);
        await ana.DeliverAsync("INBOX/Deals", Mail("new@x"));
        await cluster.LookAsync(ana);
        Assert.Equal(first, (await cluster.TrackedAsync("old@x")).Activity!.Regarding);
        Assert.Equal(second, (await cluster.TrackedAsync("new@x")).Activity!.Regarding);
        Assert.Equal(2, await cluster.Of(ana).CountFolderAsync("Inbox/Deals"));
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(
            SyncCluster.Address(ana.Address), new TrackingFolder("Inbox/Deals", second), SyncCluster.Person, alsoExisting: true));
        Assert.Equal(2, await cluster.Of(ana).RelinkFolderAsync("Inbox/Deals"));
        var change = (await cluster.Cluster.Organization.ReadMailboxChangesAsync(SyncCluster.Address(ana.Address), 10))[0];
        Assert.Equal(($"about {second}", $"about {second}; the tracked mail in it as well", "ana"), (change.Before, change.After, change.ChangedBy));
        Assert.Equal(second, (await cluster.TrackedAsync("old@x")).Activity!.Regarding);
        Assert.Equal(2, await cluster.Cluster.CountAsync("select count(*) from sighting s join content c on c.hash = s.content_hash"));
    }

    [Fact]
    public async Task Mail_of_a_folder_that_was_renamed_gets_the_new_record_and_is_still_seen_once()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        var (first, second) = (await cluster.RecordAsync(), await cluster.RecordAsync());
        await cluster.AddRuleAsync(ana, "Inbox/Deals", first);
        await ana.DeliverAsync("INBOX/Deals", Mail("old@x"));
        await cluster.ConnectAsync(ana);
        await ana.RenameFolderAsync("INBOX/Deals", "INBOX/Won");
        await cluster.LookAsync(ana);
        await cluster.AddRuleAsync(ana, "Inbox/Won", second);
        await cluster.LookAsync(ana);
        Assert.Equal(1, await cluster.Of(ana).RelinkFolderAsync("Inbox/Won"));
        Assert.Equal(second, (await cluster.TrackedAsync("old@x")).Activity!.Regarding);
        Assert.Equal(1, await cluster.Cluster.CountAsync("select count(*) from sighting"));
    }

    [Fact]
    public async Task A_folder_that_is_moved_out_of_the_Inbox_is_not_tracked_until_it_is_back()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("Archive");
        await cluster.AddRuleAsync(ana, "Inbox/Deals", await cluster.RecordAsync());
        await cluster.ConnectAsync(ana);
        await ana.RenameFolderAsync("INBOX/Deals", "Archive/Deals");
        await ana.DeliverAsync("Archive/Deals", Mail("m@x"));
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Single(await cluster.AlertsAsync());
        await ana.RenameFolderAsync("Archive/Deals", "INBOX/Deals");
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Empty(await cluster.AlertsAsync());
    }

    [Fact]
    public async Task A_tracked_folder_may_have_letters_of_any_script()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Größe & Maß/日本語");
        await cluster.AddRuleAsync(ana, "Inbox/Größe & Maß/日本語");
        await ana.DeliverAsync("INBOX/Größe & Maß/日本語", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("m@x");
    }

    [Fact]
    public async Task Of_two_thousand_folders_those_are_opened_that_are_followed()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.CreateFoldersAsync(Enumerable.Range(0, 2_000).Select(number => $"INBOX/Folder {number}"));
        await cluster.AddRuleAsync(ana, "Inbox/Folder 1234");
        await ana.DeliverAsync("INBOX/Folder 1234", Mail("m@x"));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        await cluster.TrackedAsync("m@x");
        Assert.Equal(
            ["INBOX", "INBOX/Folder 1234"],
            wire.Commands.Where(command => command.Contains(" EXAMINE ", StringComparison.Ordinal))
                .Select(command => command.Split(" EXAMINE ")[1].Split(" (")[0].Trim('"')).Distinct().Order());
    }

    [Fact]
    public async Task A_rule_whose_folder_was_deleted_asks_when_a_folder_of_its_name_is_made_later()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await cluster.ConnectAsync(ana);
        await ana.DeleteFolderAsync("INBOX/Deals");
        await cluster.LookAsync(ana);
        Assert.Equal(AlertLevel.Warning, Assert.Single(await cluster.AlertsAsync()).Level);
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Contains("--resume", Assert.Single(await cluster.AlertsAsync()).NextStep, StringComparison.Ordinal);
        Assert.Null(await cluster.Servers.SetFolderRuleAsync(SyncCluster.Address(ana.Address), new TrackingFolder("Inbox/Deals", null), SyncCluster.Person));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Empty(await cluster.AlertsAsync());
    }
}
