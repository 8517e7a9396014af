using System.Text;
using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EmailTracking.Tests.Mailboxes;

/// <summary>Servers that misbehave, and connections that break.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class TroubleTests
{
    [Fact]
    public async Task A_connection_cut_in_the_middle_is_told_and_the_next_question_dials_again()
    {
        var server = await MailServer.GetAsync();
        await using var ana = server.CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x", body: new string('b', 1_000_000)));
        await using var wire = new Wire(server.PlainPort);
        await using var session = await Opening.OpenAsync(ana, wire);
        var inbox = await session.InboxAsync();
        var item = Assert.Single((await session.ArrivalsAsync(inbox)).Items);

        wire.CutAfter(100_000);
        var cut = await Assert.ThrowsAsync<MailServerException>(() => session.FetchAsync(inbox, item.Id, 2_000_000, CancellationToken.None));

        Assert.Equal(ServerProblemKind.Connection, cut.Kind);
        Assert.True(cut.IsTransient);
        Assert.Equal(item.Size, (await session.FetchAsync(inbox, item.Id, 2_000_000, CancellationToken.None))!.Value.Length);
        Assert.Equal(2, wire.Connections);
    }

    [Fact]
    public async Task A_server_that_stops_and_comes_back_is_read_on()
    {
        await using var server = await DovecotServer.StartAsync();
        await using var ana = server.CreateUser();
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;

        await server.StopAsync();
        var stopped = await Assert.ThrowsAsync<MailServerException>(() => session.ArrivalsAsync(inbox, mark));
        var down = await Assert.ThrowsAsync<MailServerException>(() => Opening.OpenAsync(ana));
        Assert.Equal((ServerProblemKind.Connection, ServerProblemKind.Connection), (stopped.Kind, down.Kind));

        await server.StartAsync();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));
        Assert.Single((await session.ArrivalsAsync(inbox, mark)).Items);
    }

    [Fact]
    public async Task An_administrator_who_ends_the_session_is_told_as_a_lost_connection()
    {
        var server = await MailServer.GetAsync();
        await using var ana = server.CreateUser();
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var waiting = session.WaitAsync([inbox], TimeSpan.FromMinutes(5), CancellationToken.None);

        await server.KickAsync(ana.Address);

        Assert.Equal(ServerProblemKind.Connection, (await Assert.ThrowsAsync<MailServerException>(() => waiting)).Kind);
    }

    [Fact]
    public async Task A_server_that_stops_answering_is_given_up()
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        var time = new FakeTimeProvider();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody, time);
        var inbox = await session.InboxAsync();
        server.On("UID FETCH", question => question.StaySilentAsync());

        var asked = server.Awaited("UID FETCH");
        var reading = session.FetchAsync(inbox, new ItemId(1, 1), 1_000, CancellationToken.None);
        await asked;
        time.Advance(server.Profile.AnswerMax);

        var silent = await Assert.ThrowsAsync<MailServerException>(() => reading);
        Assert.Equal(ServerProblemKind.Connection, silent.Kind);
        Assert.Contains("stopped answering", silent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_drips_is_given_up_although_it_is_never_silent()
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        var time = new FakeTimeProvider();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody, time);
        var inbox = await session.InboxAsync();
        var dripping = new CancellationTokenSource();
        server.On("UID FETCH", async question =>
        {
            await question.SayAsync("* 1 FETCH (UID 1 BODY[] {100000}");
            while (!dripping.IsCancellationRequested)
            {
                await question.SendAsync("x"u8.ToArray());
                time.Advance(TimeSpan.FromSeconds(1));
            }
        });

        var given = await Assert.ThrowsAsync<MailServerException>(
            () => session.FetchAsync(inbox, new ItemId(1, 1), 100_000, CancellationToken.None));

        await dripping.CancelAsync();
        Assert.Equal(ServerProblemKind.Connection, given.Kind);
    }

    [Theory]
    [InlineData("* BYE shutting down", ServerProblemKind.Connection)]
    [InlineData("* BYE [LIMIT] not now", ServerProblemKind.Throttled)]
    [InlineData("* BYE Too many connections", ServerProblemKind.Throttled)]
    [InlineData("SSH-2.0-OpenSSH_9.2", ServerProblemKind.Protocol)]
    public async Task A_greeting_that_is_none_is_told_for_what_it_is(string greeting, ServerProblemKind kind)
    {
        await using var server = new ReplayServer { Greeting = greeting };

        var refused = await Assert.ThrowsAsync<MailServerException>(() => Opening.OpenAsync(server.Profile, Opening.Anybody));

        Assert.Equal(kind, refused.Kind);
    }

    [Theory]
    [InlineData("NO [UNAVAILABLE] later", ServerProblemKind.Connection)]
    [InlineData("NO [INUSE] later", ServerProblemKind.Throttled)]
    [InlineData("NO [OVERQUOTA] full", ServerProblemKind.Throttled)]
    [InlineData("NO [NOPERM] not yours", ServerProblemKind.Configuration)]
    [InlineData("NO [NONEXISTENT] gone", ServerProblemKind.FolderGone)]
    [InlineData("NO no such folder", ServerProblemKind.FolderGone)]
    public async Task A_refusal_to_open_a_folder_is_told_by_its_code(string answer, ServerProblemKind kind)
    {
        await using var server = new ReplayServer();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        server.On("EXAMINE", question => question.SayAsync($"{question.Tag} {answer}"));

        var refused = await Assert.ThrowsAsync<MailServerException>(() => session.ArrivalsAsync(inbox));

        Assert.Equal(kind, refused.Kind);
    }

    [Fact]
    public async Task A_message_that_the_server_hangs_up_on_does_not_stop_those_behind_it()
    {
        await using var server = new ReplayServer();
        for (var number = 1u; number <= 4; number++)
        {
            server.Messages[number] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail($"{number}@x"));
        }

        server.On("UID FETCH", async question =>
        {
            if (question.Command.Contains("HEADER", StringComparison.Ordinal) && question.Command.Split(' ')[2] is "1:4" or "3")
            {
                await question.SayAsync("* 3 FETCH (UID 3 BODY[HEADER] {100}");
                await question.SayAsync("* BYE disk error");
                question.HangUp();
                return;
            }

            await question.AnswerAsync();
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);

        var arrivals = await session.ArrivalsAsync(await session.InboxAsync());

        Assert.Equal([1u, 2, 3, 4], arrivals.Items.Select(item => item.Id.Number));
        Assert.Equal([true, true, false, true], arrivals.Items.Select(item => item.Headers is not null));
        Assert.NotNull(arrivals.Items[2].Problem);
        Assert.Equal(5u, arrivals.Mark.Next);
        Assert.False(arrivals.HasMore);
    }

    [Fact]
    public async Task Many_messages_that_cannot_be_read_are_passed_page_by_page()
    {
        await using var server = new ReplayServer();
        for (var number = 1u; number <= 12; number++)
        {
            server.Messages[number] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail($"{number}@x"));
        }

        server.On("UID FETCH", async question =>
        {
            await question.SayAsync("* 1 FETCH this is none (");
            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();

        var numbers = new List<uint>();
        for (FolderMark? mark = null; ;)
        {
            var page = await session.ArrivalsAsync(inbox, mark);
            numbers.AddRange(page.Items.Select(item => item.Id.Number));
            Assert.All(page.Items, item => Assert.NotNull(item.Problem));
            if (!page.HasMore)
            {
                break;
            }

            mark = page.Mark;
        }

        Assert.Equal(Enumerable.Range(1, 12).Select(number => (uint)number), numbers);
    }

    [Fact]
    public async Task A_server_that_goes_away_while_headers_are_read_counts_against_no_message()
    {
        var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        server.On("UID FETCH", async question =>
        {
            await server.DisposeAsync();
            question.HangUp();
        });

        var gone = await Assert.ThrowsAsync<MailServerException>(() => session.ArrivalsAsync(inbox));

        Assert.Equal(ServerProblemKind.Connection, gone.Kind);
    }

    [Fact]
    public async Task A_header_block_of_more_than_a_megabyte_is_not_taken_and_said()
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x", headers: $"X: {new string('a', 2_000_000)}\r\n"));
        server.Messages[2] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("2@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);

        var items = (await session.ArrivalsAsync(await session.InboxAsync())).Items;

        Assert.Equal([null, 2u], items.Select(item => item.Headers is null ? (uint?)null : item.Id.Number));
        Assert.Contains("1 MB", items[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_larger_than_announced_is_cut_off_before_it_is_read()
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x", body: new string('b', 5_000)), size: 1_000);
        server.Messages[2] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("2@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();

        var large = await Assert.ThrowsAsync<MailServerException>(() => session.FetchAsync(inbox, new ItemId(1, 1), 1_000, CancellationToken.None));

        Assert.Equal(ServerProblemKind.Protocol, large.Kind);
        Assert.NotNull(await session.FetchAsync(inbox, new ItemId(1, 2), 1_000, CancellationToken.None));
    }

    [Theory]
    [InlineData("* 1 FETCH (UID 1 BODY[] {10}\r\nMessage-ID: <1@x>\r\nSubject: (unfinished\r\n\r\nHi\r\n)\r\n")]
    [InlineData("* 1 FETCH (UID 1 BODY[] {99999999999}\r\n")]
    [InlineData("* 1 FETCH (UID 1 BODY[] {2000000000}\r\n")]
    public async Task A_literal_that_is_not_what_it_says_is_a_fault_of_the_server(string answer)
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        server.On("UID FETCH", async question =>
        {
            await question.SendAsync(Encoding.Latin1.GetBytes(answer));
            await question.SayAsync($"{question.Tag} OK");
        });

        var fault = await Assert.ThrowsAsync<MailServerException>(() => session.FetchAsync(inbox, new ItemId(1, 1), 100_000, CancellationToken.None));

        Assert.Equal(ServerProblemKind.Protocol, fault.Kind);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        await using var server = new ReplayServer();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        server.On("EXAMINE", async question =>
        {
            var line = Encoding.Latin1.GetBytes("* OK " + new string('x', 60_000) + "\r\n");
            while (true)
            {
                await question.SendAsync(line);
            }
        });

        var endless = await Assert.ThrowsAsync<MailServerException>(() => session.ArrivalsAsync(inbox));

        Assert.Equal(ServerProblemKind.Protocol, endless.Kind);
    }

    [Fact]
    public async Task A_search_that_names_every_number_there_is_is_a_fault_of_the_server()
    {
        await using var server = new ReplayServer { Capabilities = "ESEARCH" };
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        server.On("UID SEARCH", async question =>
        {
            await question.SayAsync($"* ESEARCH (TAG \"{question.Tag}\") UID ALL 1:4294967295");
            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();

        var fault = await Assert.ThrowsAsync<MailServerException>(() => session.ArrivalsAsync(inbox));

        Assert.Equal(ServerProblemKind.Protocol, fault.Kind);
    }

    [Theory]
    [InlineData("OK")]
    [InlineData("NO [EXPUNGEISSUED] some are gone")]
    [InlineData("NO some are gone")]
    public async Task A_message_removed_while_it_is_fetched_is_gone(string answer)
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        server.On("UID FETCH", async question =>
        {
            server.Messages.Clear();
            await question.SayAsync($"{question.Tag} {answer}");
        });

        Assert.Null(await session.FetchAsync(inbox, new ItemId(1, 1), 1_000, CancellationToken.None));
    }

    [Fact]
    public async Task Mail_that_vanishes_without_a_word_is_seen_by_listing()
    {
        await using var server = new ReplayServer { Capabilities = "IDLE MOVE" };
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        server.Messages[2] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("2@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;

        // Moved away by another client, with no EXPUNGE for anybody.
        server.Messages.Remove(1);

        Assert.Empty((await session.ArrivalsAsync(inbox, mark)).Items);
        Assert.Equal(2u, Assert.Single(await session.ListItemsAsync(inbox, null, CancellationToken.None)).Id.Number);
        Assert.Null(await session.FetchAsync(inbox, new ItemId(1, 1), 1_000, CancellationToken.None));
    }

    [Fact]
    public async Task A_read_that_is_stopped_says_so_and_the_session_goes_on()
    {
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var inbox = await session.InboxAsync();
        var isSilent = true;
        server.On("UID FETCH", question => isSilent ? question.StaySilentAsync() : question.AnswerAsync());
        using var stop = new CancellationTokenSource();

        var asked = server.Awaited("UID FETCH");
        var reading = session.FetchAsync(inbox, new ItemId(1, 1), 1_000, stop.Token);
        await asked;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        isSilent = false;
        Assert.NotNull(await session.FetchAsync(inbox, new ItemId(1, 1), 1_000, CancellationToken.None));
    }

    [Fact]
    public async Task Folder_names_in_plain_utf8_are_read_where_the_server_agrees_to_them()
    {
        await using var server = new ReplayServer { Capabilities = "ENABLE UTF8=ACCEPT" };
        string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        server.On("ENABLE", async question =>
        {
            await question.SayAsync("* ENABLED UTF8=ACCEPT");
            await question.SayAsync($"{question.Tag} OK");
        });
        server.On("LIST \"\" \"*\"", async question =>
        {
            await question.SayAsync($"* LIST () \"/\" \"{Utf8("Größe")}\"");
            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);

        var folder = await session.FolderAsync("Größe");
        await session.ArrivalsAsync(folder);

        Assert.Contains(server.Asked, command => command.StartsWith("EXAMINE", StringComparison.Ordinal) &&
            command.Contains(Utf8("Größe"), StringComparison.Ordinal));
    }
}
