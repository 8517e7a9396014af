using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EmailTracking.Tests.Mailboxes;

/// <summary>A server that can (RFC 5465 NOTIFY) tells of several folders; one that cannot, or will not, tells of the first.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Mail_labels_and_deletions_in_any_of_the_folders_end_the_wait_and_say_where()
    {
        await using var ana = (await DovecotServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("INBOX/Deals \"more\"");
        await ana.CreateFolderAsync("INBOX/Cases");
        await using var session = await Opening.OpenAsync(ana);
        Assert.True(session.Abilities.PushesFolders);
        var (inbox, deals, cases) = (
            await session.InboxAsync(), await session.FolderAsync("Inbox/Deals \"more\""), await session.FolderAsync("Inbox/Cases"));
        ServerFolder[] all = [inbox, deals, cases];
        await ReadAsync(all);

        Assert.Equal([deals], await AfterAsync(() => ana.DeliverAsync("INBOX/Deals \"more\"", DovecotMailbox.Mail("1@x"))));
        Assert.Equal([deals], await AfterAsync(() => ana.LabelAsync("INBOX/Deals \"more\"", 1, ["CRM"])));
        Assert.Equal([deals], await AfterAsync(() => ana.DeleteAsync("INBOX/Deals \"more\"", 1)));
        Assert.Equal([cases], await AfterAsync(() => ana.DeliverAsync("INBOX/Cases", DovecotMailbox.Mail("2@x"))));
        Assert.Equal([inbox], await AfterAsync(() => ana.DeliverAsync("INBOX", DovecotMailbox.Mail("3@x"))));
        Assert.Null(session.WatchProblem);

        async Task ReadAsync(IEnumerable<ServerFolder> folders)
        {
            foreach (var folder in folders)
            {
                await session.ArrivalsAsync(folder);
            }
        }

        async Task<IReadOnlyList<ServerFolder>> AfterAsync(Func<Task> act)
        {
            var waiting = session.WaitAsync(all, Long, CancellationToken.None);
            await act();
            var told = await waiting;
            await ReadAsync(told);
            return told;
        }
    }

    // Dovecot 2.3.19 passes over names that modified UTF-7 writes otherwise.
    [Fact]
    public async Task A_folder_that_the_server_does_not_watch_though_it_was_asked_to_is_among_those_to_look_at()
    {
        await using var ana = (await DovecotServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("INBOX/Größe");
        await ana.CreateFolderAsync("INBOX/R&D");
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        await using var session = await Opening.OpenAsync(ana);
        ServerFolder[] all =
        [
            await session.InboxAsync(),
            await session.FolderAsync("Inbox/Größe"),
            await session.FolderAsync("Inbox/R&D"),
            await session.FolderAsync("Inbox/Deals"),
            await session.FolderAsync("Inbox/Cases"),
        ];
        foreach (var folder in all)
        {
            await session.ArrivalsAsync(folder);
        }

        var waiting = session.WaitAsync(all, Long, CancellationToken.None);
        await ana.DeliverAsync("INBOX/Deals", DovecotMailbox.Mail("1@x"));

        Assert.Equal(all[1..4], await waiting);
        Assert.Equal("The server does not tell of Inbox/Größe, Inbox/R&D.", session.WatchProblem);
    }

    [Fact]
    public async Task What_happened_in_a_folder_since_it_was_read_ends_the_wait_at_once_and_is_told_once()
    {
        await using var ana = (await DovecotServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Gone");
        await using var session = await Opening.OpenAsync(ana);
        var (inbox, deals, gone) = (await session.InboxAsync(), await session.FolderAsync("Inbox/Deals"), await session.FolderAsync("Inbox/Gone"));
        await session.ArrivalsAsync(inbox);
        await session.ArrivalsAsync(deals);
        await ana.DeliverAsync("INBOX/Deals", DovecotMailbox.Mail("1@x"));
        await ana.DeleteFolderAsync("INBOX/Gone");

        Assert.Equal([deals, gone], await session.WaitAsync([inbox, deals, gone], Long, CancellationToken.None));

        var waiting = session.WaitAsync([inbox, deals], Long, CancellationToken.None);
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("2@x"));
        Assert.Equal([inbox], await waiting);
    }

    [Fact]
    public async Task A_server_without_this_extension_tells_of_the_first_folder_and_the_others_are_not_known()
    {
        await using var server = TwoFolders("IDLE");
        server.On("IDLE", NewMailAsync);
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));

        Assert.DoesNotContain(server.Asked, command => command.StartsWith("NOTIFY", StringComparison.Ordinal));
        Assert.Null(session.WatchProblem);
    }

    [Theory]
    [InlineData("NO [BADEVENT (FlagChange)] not that")]
    [InlineData("BAD what?")]
    public async Task A_server_that_refuses_is_watched_in_the_first_folder_and_asked_again_after_an_hour(string answer)
    {
        await using var server = TwoFolders("IDLE NOTIFY CONDSTORE");
        server.On("NOTIFY", question => question.SayAsync($"{question.Tag} {answer}"));
        server.On("IDLE", NewMailAsync);
        var time = new FakeTimeProvider();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody, time);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Contains(answer.Split(' ')[^1], session.WatchProblem, StringComparison.Ordinal);
        await session.ArrivalsAsync(folders[0]);
        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Equal(1, Notified(server));

        server.On("NOTIFY", WatchAsync);
        time.Advance(TimeSpan.FromHours(1));
        await session.ArrivalsAsync(folders[0]);
        Assert.Equal([folders[0]], await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Null(session.WatchProblem);
        Assert.Equal(2, Notified(server));
    }

    [Fact]
    public async Task A_server_that_has_too_much_to_tell_is_looked_at_whole_and_watched_in_the_first_folder()
    {
        await using var server = TwoFolders("IDLE NOTIFY CONDSTORE");
        server.On("NOTIFY", WatchAsync);
        server.On("IDLE", async question =>
        {
            await question.SayAsync("+ idling");
            await question.SayAsync("* OK [NOTIFICATIONOVERFLOW] too much");
            await question.ReadLineAsync();
            await question.SayAsync($"{question.Tag} OK");
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Contains("too many changes", session.WatchProblem, StringComparison.Ordinal);

        server.On("IDLE", NewMailAsync);
        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Equal(1, Notified(server));
    }

    [Fact]
    public async Task New_mail_that_is_told_with_the_answer_ends_the_wait_at_once()
    {
        await using var server = TwoFolders("IDLE NOTIFY CONDSTORE");
        server.On("NOTIFY", async question =>
        {
            await question.SayAsync("* 1 EXISTS");
            await WatchAsync(question);
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal([folders[0]], await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.DoesNotContain("IDLE", server.Asked);
    }

    [Fact]
    public async Task A_server_that_has_too_much_to_tell_from_the_beginning_is_looked_at_whole()
    {
        await using var server = TwoFolders("IDLE NOTIFY CONDSTORE");
        server.On("NOTIFY", async question =>
        {
            await question.SayAsync("* OK [NOTIFICATIONOVERFLOW] too much");
            await WatchAsync(question);
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Contains("too many changes", session.WatchProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("nonsense")]
    [InlineData("endless")]
    public async Task A_server_that_fails_when_it_is_asked_to_watch_is_looked_at_whole_and_then_watched_in_the_first_folder(string failure)
    {
        await using var server = TwoFolders("IDLE NOTIFY CONDSTORE");
        server.On("NOTIFY", question => FailAsync(question, failure));
        server.On("IDLE", NewMailAsync);
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.StartsWith("The server does not tell of several folders at once: ", session.WatchProblem, StringComparison.Ordinal);
        Assert.DoesNotContain("IDLE", server.Asked);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Contains("IDLE", server.Asked);
        Assert.Equal(1, Notified(server));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("endless")]
    public async Task A_server_that_tells_nonsense_or_without_end_while_it_watches_is_looked_at_whole_and_then_watched_in_the_first_folder(string failure)
    {
        await using var server = TwoFolders("IDLE NOTIFY CONDSTORE");
        server.On("NOTIFY", WatchAsync);
        server.On("IDLE", async question =>
        {
            await question.SayAsync("+ idling");
            await FailAsync(question, failure);
        });
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody);
        var folders = await session.ListFoldersAsync(CancellationToken.None);

        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.StartsWith("The server does not tell of several folders at once: ", session.WatchProblem, StringComparison.Ordinal);

        server.On("IDLE", NewMailAsync);
        Assert.Equal(folders, await session.WaitAsync(folders, Long, CancellationToken.None));
        Assert.Equal(1, Notified(server));
    }

    private static async Task FailAsync(ReplayServer.Question question, string failure)
    {
        switch (failure)
        {
            case "BYE":
                await question.SayAsync("* BYE that was too much");
                question.HangUp();
                break;
            case "nonsense":
                await question.SayAsync("* STATUS INBOX/Deals (MESSAGES many)");
                break;
            default:
                // The line is read for as long as it is bounded.
                var all = string.Join("\r\n", Enumerable.Repeat("* STATUS INBOX/Other (MESSAGES 0 UIDVALIDITY 1)", 1000));
                for (var i = 0; i < 100; i++)
                {
                    await question.SayAsync(all);
                }

                break;
        }
    }

    private static ReplayServer TwoFolders(string capabilities)
    {
        var server = new ReplayServer { Capabilities = capabilities };
        server.On("LIST \"\" \"*\"", async question =>
        {
            await question.SayAsync("* LIST () \"/\" INBOX");
            await question.SayAsync("* LIST () \"/\" INBOX/Deals");
            await question.SayAsync($"{question.Tag} OK");
        });
        return server;
    }

    private static async Task WatchAsync(ReplayServer.Question question)
    {
        await question.SayAsync("* STATUS INBOX/Deals (MESSAGES 0 UIDVALIDITY 1)");
        await question.SayAsync($"{question.Tag} OK");
    }

    private static async Task NewMailAsync(ReplayServer.Question question)
    {
        await question.SayAsync("+ idling");
        await question.SayAsync("* 1 EXISTS");
        await question.ReadLineAsync();
        await question.SayAsync($"{question.Tag} OK");
    }

    private static int Notified(ReplayServer server) =>
        server.Asked.Count(command => command.StartsWith("NOTIFY", StringComparison.Ordinal));
}
