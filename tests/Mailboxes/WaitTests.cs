using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EmailTracking.Tests.Mailboxes;

[Trait(MailServer.Trait, MailServer.Any)]
public sealed class WaitTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Mail_that_comes_ends_the_wait()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;

        var waiting = session.WaitAsync([inbox], Long, CancellationToken.None);
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));

        Assert.Equal([inbox], await waiting);
        Assert.Single((await session.ArrivalsAsync(inbox, mark)).Items);
    }

    [Fact]
    public async Task A_label_and_a_deletion_end_the_wait()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;

        var waiting = session.WaitAsync([inbox], Long, CancellationToken.None);
        await ana.LabelAsync("INBOX", 1, ["CRM"]);
        Assert.Equal([inbox], await waiting);

        await session.ReadChangesAsync(inbox, mark, CancellationToken.None);
        waiting = session.WaitAsync([inbox], Long, CancellationToken.None);
        await ana.DeleteAsync("INBOX", 1);
        Assert.Equal([inbox], await waiting);
    }

    [Fact]
    public async Task What_happened_since_the_folder_was_read_ends_the_wait_at_once()
    {
        await using var ana = (await MailServer.GetAsync()).CreateUser();
        await ana.CreateFolderAsync("Other");
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        await session.ArrivalsAsync(inbox);
        await session.ArrivalsAsync(await session.FolderAsync("Other"));

        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));

        Assert.Equal([inbox], await session.WaitAsync([inbox], Long, CancellationToken.None));
    }

    [Fact]
    public async Task New_mail_that_came_before_a_label_was_written_ends_the_wait_at_once()
    {
        var server = await DovecotServer.GetAsync();
        await using var ana = server.CreateUser();
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("0@x"));
        await using var session = await Opening.OpenAsync(ana);
        var inbox = await session.InboxAsync();
        var read = (await session.ArrivalsAsync(inbox)).Items;

        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));
        await session.LabelAsync(inbox, [read[0].Id], ["CRM"], [], CancellationToken.None);

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal([inbox], await session.WaitAsync([inbox], Long, late.Token));
    }

    [Fact]
    public async Task A_wait_that_is_ended_leaves_the_session_in_order()
    {
        var server = await MailServer.GetAsync();
        await using var ana = server.CreateUser();
        await using var wire = new Wire(server.PlainPort);
        await using var session = await Opening.OpenAsync(ana, wire);
        var inbox = await session.InboxAsync();
        var mark = (await session.ArrivalsAsync(inbox)).Mark;
        using var end = new CancellationTokenSource();

        var waiting = session.WaitAsync([inbox], Long, end.Token);
        await end.CancelAsync();

        Assert.Empty(await waiting);
        await ana.DeliverAsync("INBOX", DovecotMailbox.Mail("1@x"));
        Assert.Single((await session.ArrivalsAsync(inbox, mark)).Items);
        Assert.Equal(1, wire.Connections);
    }

    [Fact]
    public async Task A_wait_has_an_end_and_is_begun_anew_before_firewalls_forget_it()
    {
        await using var server = new ReplayServer { Capabilities = "IDLE" };
        server.On("IDLE", async question =>
        {
            await question.SayAsync("+ idling");
            await question.ReadLineAsync();
            await question.SayAsync($"{question.Tag} OK");
        });
        var time = new FakeTimeProvider();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody, time);
        var inbox = await session.InboxAsync();

        var idle = server.Awaited("IDLE");
        var waiting = session.WaitAsync([inbox], TimeSpan.FromMinutes(10), CancellationToken.None);
        await idle;
        idle = server.Awaited("IDLE");
        time.Advance(TimeSpan.FromMinutes(9));
        await idle;
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task A_server_that_does_not_end_the_wait_is_given_up()
    {
        await using var server = new ReplayServer { Capabilities = "IDLE" };
        server.On("IDLE", async question =>
        {
            await question.SayAsync("+ idling");
            await question.ReadLineAsync();
            server.Told.TrySetResult();
            await question.StaySilentAsync();
        });
        var time = new FakeTimeProvider();
        await using var session = await Opening.OpenAsync(server.Profile, Opening.Anybody, time);
        var inbox = await session.InboxAsync();
        using var end = new CancellationTokenSource();

        var idle = server.Awaited("IDLE");
        var waiting = session.WaitAsync([inbox], Long, end.Token);
        await idle;
        await end.CancelAsync();
        await server.Told.Task;
        time.Advance(server.Profile.AnswerMax);

        var given = await Assert.ThrowsAsync<MailServerException>(() => waiting);
        Assert.Equal(ServerProblemKind.Connection, given.Kind);
    }
}
