using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;

namespace EmailTracking.Tests.Mailboxes;

[Trait(MailServer.Trait, MailServer.Any)]
public sealed class ChangeTests
{
    [Fact]
    public async Task Labels_set_mail_deleted_and_mail_moved_are_told_and_new_mail_is_not()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Elsewhere");
        for (var number = 1; number <= 5; number++)
        {
            await ana.DeliverAsync("INBOX", DovecotMailbox.Mail($"{number}@x"));
        }

        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;
        await ana.LabelAsync("INBOX", 1, ["CRM"]);
        await ana.ReadAsync("INBOX", 2);
        await ana.DeleteAsync("INBOX", 3);
        await ana.MoveAsync("INBOX", 4, "Elsewhere");
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("6@x"));

        var changes = await session.ReadChangesAsync(inbox, mark, CancellationToken.None);

        Assert.Equal(["1: CRM", "2: "], changes!.Labelled.Select(state => $"{state.Id.Number}: {string.Join(' ', state.Labels)}"));
        Assert.Equal([3u, 4], changes.Gone!.Select(item => item.Number).Order().ToArray());
        Assert.True(changes.Change > mark.Change);
        var later = await session.ReadChangesAsync(inbox, mark with { Change = changes.Change }, CancellationToken.None);
        Assert.Empty(later!.Labelled);
        Assert.Empty(later.Gone!);
    }

    [Fact]
    public async Task A_removed_label_is_told()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"), null, "CRM", "Other");
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;

        await ana.LabelAsync("INBOX", 1, [], "CRM");

        Assert.Equal(["Other"], Assert.Single((await session.ReadChangesAsync(inbox, mark, CancellationToken.None))!.Labelled).Labels);
    }

    [Fact]
    public async Task A_change_mark_that_the_server_has_not_reached_is_not_believed()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"), null, "CRM");
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("2@x"));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark with { Change = 1_000_000 };

        var changes = await session.ReadChangesAsync(inbox, mark, CancellationToken.None);

        Assert.Equal([1u, 2], changes!.Labelled.Select(state => state.Id.Number));
        Assert.Null(changes.Gone);
        Assert.True(changes.Change < mark.Change);
        Assert.Equal(0UL, (await session.ArrivalsAsync(inbox, mark)).Mark.Change);
    }

    [Fact]
    public async Task A_server_without_extensions_tells_no_changes_but_lists_what_is_there()
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        server.Messages[7] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("7@x"));
        server.Messages[7].Flags.Add("CRM");
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();

        var arrivals = await session.ArrivalsAsync(inbox);

        Assert.Equal([1u, 7], arrivals.Items.Select(item => item.Id.Number));
        Assert.Equal(new FolderMark(1, 8, 0), arrivals.Mark);
        Assert.Null(await session.ReadChangesAsync(inbox, arrivals.Mark, CancellationToken.None));
        Assert.Equal(
            ["1: ", "7: CRM"],
            (await session.ListItemsAsync(inbox, null, CancellationToken.None))
                .Select(state => $"{state.Id.Number}: {string.Join(' ', state.Labels)}"));
        Assert.Empty(await session.WaitAsync([inbox], TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal(new ServerAbilities([], false, false, false, true, false, false) with { Names = session.Abilities.Names }, session.Abilities);
    }

    [Fact]
    public async Task A_folder_that_counts_no_changes_on_a_server_that_does_is_compared()
    {
        await using var server = new ReplayServer { Capabilities = "CONDSTORE" };
        server.FolderCodes.Add("[NOMODSEQ]");
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;

        Assert.Equal(0UL, mark.Change);
        Assert.Null(await session.ReadChangesAsync(inbox, mark, CancellationToken.None));
    }
}
