using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;

namespace EmailTracking.Tests.Mailboxes;

[Trait(MailServer.Trait, MailServer.Any)]
public sealed class LabelTests
{
    [Fact]
    public async Task Labels_are_set_and_removed_again_and_again_and_what_is_gone_is_passed_over()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"), null, "Old", "Kept");
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("2@x"));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var items = (await session.ArrivalsAsync(inbox)).Items.Select(item => item.Id).ToList();
        await ana.DeleteAsync("INBOX", 2);

        for (var time = 0; time < 2; time++)
        {
            await session.LabelAsync(inbox, items, ["CRM"], ["Old"], CancellationToken.None);
        }

        var message = Assert.Single(await ana.LookAsync("INBOX"));
        Assert.Equal(["CRM", "Kept"], message.Labels);
        Assert.False(message.IsRead);
        Assert.True(session.Abilities.KeepsLabels);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("(paren")]
    [InlineData("\\Seen")]
    [InlineData("")]
    [InlineData("Größe")]
    public async Task A_name_that_cannot_be_a_label_is_refused_before_anything_is_sent(string label)
    {
        await using var server = new ReplayServer();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => session.LabelAsync(inbox, [new ItemId(1, 1)], [label], [], CancellationToken.None));

        Assert.Equal(ServerProblemKind.Configuration, refused.Kind);
        Assert.DoesNotContain(server.Asked, command => command.Contains("STORE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_keeps_no_labels_says_so()
    {
        await using var server = new ReplayServer();
        server.FolderCodes.Add("[PERMANENTFLAGS (\\Seen \\Deleted)]");
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();

        Assert.False(session.Abilities.KeepsLabels);
        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => session.LabelAsync(inbox, [new ItemId(1, 1)], ["CRM"], [], CancellationToken.None));
        Assert.Equal(ServerProblemKind.Configuration, refused.Kind);
    }

    [Fact]
    public async Task Deleted_mail_is_gone_for_good_and_other_mail_that_is_marked_deleted_stays()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        for (var number = 1; number <= 3; number++)
        {
            await ana.DeliverAsync("INBOX", DovecotMailbox.Mail($"{number}@x"), null, number == 3 ? ["\\Deleted"] : []);
        }

        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var first = (await session.ArrivalsAsync(inbox)).Items[0].Id;

        await session.DeleteAsync(inbox, [first], CancellationToken.None);
        await session.DeleteAsync(inbox, [first], CancellationToken.None);

        Assert.Equal([2u, 3], (await ana.LookAsync("INBOX")).Select(message => message.Number));
    }
}
