using EmailTracking.Tests.Mailboxes.Servers;

namespace EmailTracking.Tests.Mailboxes;

[Trait(MailServer.Trait, MailServer.Any)]
public sealed class ArrivalTests
{
    [Fact]
    public async Task Mail_arrives_in_pages_oldest_first_and_no_page_is_read_twice()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        for (var number = 1; number <= 7; number++)
        {
            await ana.DeliverAsync("INBOX", DovecotMailbox.Mail($"{number}@x"));
        }

        await ana.DeleteAsync("INBOX", 4);
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();

        var first = await session.ArrivalsAsync(inbox, countMax: 4);
        var second = await session.ArrivalsAsync(inbox, first.Mark, countMax: 4);
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("8@x"));
        var third = await session.ArrivalsAsync(inbox, second.Mark);

        Assert.Equal([1u, 2, 3, 5], first.Items.Select(item => item.Id.Number));
        Assert.True(first.HasMore);
        Assert.Equal([6u, 7], second.Items.Select(item => item.Id.Number));
        Assert.False(second.HasMore);
        Assert.Equal(8u, Assert.Single(third.Items).Id.Number);
        Assert.Equal(9u, third.Mark.Next);
        Assert.Equal(first.Mark.Change, third.Mark.Change);
    }

    [DovecotFact("Cyrus takes no mail whose headers are broken.")]
    public async Task Headers_come_as_they_were_sent_and_nothing_is_marked_as_read()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        var receivedOn = new DateTimeOffset(2026, 11, 2, 10, 11, 12, TimeSpan.Zero);
        string[] raw =
        [
            DovecotMailbox.Mail("1@x", "Gr\u00fc\u00dfe", headers: "References: <a@x>\r\n\t<b@x>\r\nNo colon here\r\nX-Empty:\r\n"),
            "From ana Mon Nov  2 10:00:00 2026\r\n" + DovecotMailbox.Mail("2@x"),
            " begins with a fold\r\n" + DovecotMailbox.Mail("3@x"),
            DovecotMailbox.Mail("4@x", headers: "X-Long: " + new string('a', 100_000) + "\r\n", body: new string('b', 3_000_000)),
        ];
        foreach (var mail in raw)
        {
            await ana.DeliverAsync("INBOX", mail, receivedOn, "Blue", "Amber");
        }

        await using var session = await Opening.OpenAsync(ana);
        var items = (await session.ArrivalsAsync(await session.InboxAsync())).Items;

        foreach (var (mail, item) in raw.Zip(items))
        {
            Assert.Equal(mail[..(mail.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)], item.Headers.Text());
        }

        Assert.Equal(raw.Select(mail => (long)mail.Length), items.Select(item => item.Size));
        Assert.All(items, item => Assert.Equal(["Amber", "Blue"], item.Labels));
        Assert.All(items, item => Assert.Equal(receivedOn, item.ReceivedOn));
        Assert.All(await ana.LookAsync("INBOX"), message => Assert.False(message.IsRead));
    }

    [Fact]
    public async Task No_body_is_fetched_for_headers_and_a_body_only_when_it_is_asked_for()
    {
        var server = await MailServer.GetAsync();
        await using var ana = server.CreateUser();
        var raw = DovecotMailbox.Mail("1@x", body: "Long\r\n");
        await ana.DeliverAsync("INBOX", raw);
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("2@x", body: new string('b', 2_000_000)));
        await using var wire = new Wire(server.PlainPort);
        await using var session = await Opening.OpenAsync(ana, wire);
        var inbox = await session.InboxAsync();

        var items = (await session.ArrivalsAsync(inbox)).Items;
        Assert.Equal(2, items.Count);
        Assert.Contains(wire.Commands, command => command.Contains("BODY.PEEK[HEADER]", StringComparison.Ordinal));
        Assert.DoesNotContain(wire.Commands, command => command.Contains("[]", StringComparison.Ordinal));

        var body = await session.FetchAsync(inbox, items[0].Id, raw.Length, CancellationToken.None);
        Assert.Equal(raw, body.Text());
        Assert.Single(wire.Commands, command => command.Contains("BODY.PEEK[]", StringComparison.Ordinal));
        Assert.DoesNotContain(wire.Commands, command => command.Contains("BODY[", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_mark_only_mail_from_a_day_on_is_read()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("old@x"), new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero));
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("new@x"), new DateTimeOffset(2026, 1, 20, 12, 0, 0, TimeSpan.Zero));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var day = new DateOnly(2026, 1, 15);

        var arrivals = await session.ReadArrivalsAsync(inbox, null, day, 10, CancellationToken.None);
        Assert.Equal(2u, Assert.Single(arrivals.Items).Id.Number);
        Assert.Equal(3u, arrivals.Mark.Next);
        Assert.Equal(2u, Assert.Single(await session.ListItemsAsync(inbox, day, CancellationToken.None)).Id.Number);
        Assert.Equal(2, (await session.ListItemsAsync(inbox, null, CancellationToken.None)).Count);
    }

    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task A_new_numbering_makes_the_mark_mean_nothing_and_old_ids_are_gone()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var before = await session.ArrivalsAsync(inbox);

        await ana.ChangeValidityAsync("INBOX", before.Mark.Validity + 1000);

        var after = await session.ArrivalsAsync(inbox, before.Mark);
        Assert.True(after.IsRenumbered);
        Assert.Equal(before.Mark.Validity + 1000, after.Mark.Validity);
        Assert.Single(after.Items);
        Assert.Empty((await session.ReadChangesAsync(inbox, before.Mark, CancellationToken.None))!.Labelled);
        Assert.Null(await session.FetchAsync(inbox, before.Items[0].Id, 1_000_000, CancellationToken.None));
        Assert.Empty(await session.ReadHeadersAsync(inbox, [before.Items[0].Id], CancellationToken.None));
    }

    [Fact]
    public async Task Headers_are_read_again_by_number_and_what_is_gone_is_left_out()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("2@x"));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var items = (await session.ArrivalsAsync(inbox)).Items;
        await ana.DeleteAsync("INBOX", 1);

        var again = await session.ReadHeadersAsync(inbox, [items[1].Id, items[0].Id], CancellationToken.None);

        Assert.Equal(items[1].Headers.Text(), Assert.Single(again).Headers.Text());
        Assert.Null(await session.FetchAsync(inbox, items[0].Id, 1_000_000, CancellationToken.None));
    }

    [Fact]
    public async Task Many_small_mails_come_in_few_questions()
    {
        var server = await MailServer.GetAsync();
        await using var ana = server.CreateUser();
        await ana.CreateFolderAsync("Many");
        await ana.DeliverManyAsync("Many", Enumerable.Range(0, 500).Select(number => DovecotMailbox.Mail($"{number}@x")));
        await using var wire = new Wire(server.PlainPort);
        await using var session = await Opening.OpenAsync(ana, wire);
        var folder = await session.FolderAsync("Many");
        var before = wire.Commands.Length;

        var arrivals = await session.ArrivalsAsync(folder, countMax: 500);

        Assert.Equal(500, arrivals.Items.Count(item => item.Headers is not null));
        Assert.InRange(wire.Commands.Length - before, 1, 8);
    }

    [Fact]
    public async Task Several_messages_are_read_whole_with_one_question_without_those_that_are_gone()
    {
        var mailbox = (await MailServer.GetAsync()).CreateUser();
        await mailbox.DeliverManyAsync("INBOX", Enumerable.Range(0, 4).Select(i => DovecotMailbox.Mail($"m{i}@x", body: $"Body {i}\r\n")));
        await using var wire = new Wire((await MailServer.GetAsync()).PlainPort);
        await using var session = await Opening.OpenAsync(mailbox, wire);
        var inbox = await session.InboxAsync();
        var items = (await session.ArrivalsAsync(inbox)).Items;
        await mailbox.DeleteAsync("INBOX", items[1].Id.Number);
        var asked = wire.Commands.Length;
        var messages = await session.FetchManyAsync(inbox, [.. items.Take(3).Select(item => item.Id)], 100_000, CancellationToken.None);
        Assert.Equal([items[0].Id, items[2].Id], messages.Keys.OrderBy(id => id.Number));
        Assert.Equal(DovecotMailbox.Mail("m2@x", body: "Body 2\r\n"), Opening.Text(messages[items[2].Id]));
        Assert.Single(wire.Commands.Skip(asked), command => command.Contains("BODY.PEEK[]", StringComparison.Ordinal));

        // One that is larger than all may be breaks the question; the session goes on.
        Assert.Empty(await session.FetchManyAsync(inbox, [items[0].Id, items[2].Id], 10, CancellationToken.None));
        Assert.NotNull(await session.FetchAsync(inbox, items[0].Id, 100_000, CancellationToken.None));
    }

    [Fact]
    public async Task A_start_date_is_a_day_of_UTC_wherever_the_server_is()
    {
        await using var server = new ReplayServer();
        string[] received =
        [
            "28-Feb-2026 23:30:00 +0000", "01-Mar-2026 00:30:00 +1000", "28-Feb-2026 20:00:00 -0800", "01-Mar-2026 00:00:00 +0000",
        ];
        foreach (var (index, date) in received.Index())
        {
            server.Messages[(uint)index + 1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail($"{index}@x")) { ReceivedOn = date };
        }

        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var (inbox, day) = (await session.InboxAsync(), new DateOnly(2026, 3, 1));

        var arrived = await session.ReadArrivalsAsync(inbox, null, day, 10, CancellationToken.None);
        var listed = await session.ListItemsAsync(inbox, day, CancellationToken.None);

        Assert.Equal([3u, 4], arrived.Items.Select(item => item.Id.Number));
        Assert.Equal([3u, 4], listed.Select(item => item.Id.Number));
        var since = server.Asked.Where(asked => asked.Contains("SINCE", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(since);
        Assert.All(since, asked => Assert.Contains("SINCE 28-Feb-2026", asked, StringComparison.Ordinal));
    }
}
