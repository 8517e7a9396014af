using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using EmailTracking.Access;
using EmailTracking.Silo.Api.Mail;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>Emails as they come and change: told to who may see them, from where they were, and to nobody else.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class LiveTests(ApiSilo silo) : IAsyncLifetime, IDisposable
{
    private const string Events = "/api/tracking/events";
    private const string Canary = "nightjar";
    private const string Ginas = "gina@contoso.com";
    private const string Hugos = "hugo@contoso.com";

    private static readonly Guid Gina = new(31, 0, 0, new byte[8]);
    private static readonly Guid Hugo = new(32, 0, 0, new byte[8]);

    // So that a stream that never tells what is awaited fails.
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(1));

    public async Task InitializeAsync()
    {
        foreach (var (address, owner) in new[] { (Ginas, Gina), (Hugos, Hugo) })
        {
            await silo.Client.EnsureMailboxAsync(new MailboxFacts(
                ApiSilo.Mail(address), new RecordReference(Tables.SystemUser, owner), false, FilterMethod.All, []));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Own_mail_is_told_and_foreign_mail_is_not()
    {
        using var gina = await silo.AsAsync(Role.Reader, Gina);
        await using var told = await ListenAsync(gina);
        await UntilAsync(told, "mark");
        await DeliverAsync(Hugos, $"Secret {Canary}");
        var id = await DeliverAsync(Ginas, "Green desks");

        // Hugo's was listed before.
        var heard = await UntilAsync(told, "email", id);
        Assert.DoesNotContain(heard, item => item.Data.Contains(Canary, StringComparison.OrdinalIgnoreCase));

        // What becomes of it is told as well.
        Assert.Null((await silo.Client.ActAsync(new Acts.ActCall { Id = Guid.NewGuid(), Kind = ActKind.Untrack, By = "tests", Names = [id] })).Problem);
        await UntilAsync(told, "email", "\"leftout\":\"");
    }

    [Fact]
    public async Task Who_comes_again_hears_what_came_meanwhile()
    {
        using var hugo = await silo.AsAsync(Role.Reader, Hugo);
        string mark;
        await using (var told = await ListenAsync(hugo))
        {
            mark = (await UntilAsync(told, "mark"))[^1].EventId!;
        }

        var ids = new[] { await DeliverAsync(Hugos, "One"), await DeliverAsync(Hugos, "Two") };
        await using var again = await ListenAsync(hugo, mark);
        await UntilAsync(again, "email", ids[0]);
        await UntilAsync(again, "email", ids[1]);
    }

    [Theory]
    [InlineData("nobody.7")]
    [InlineData("nothing")]
    public async Task Who_was_away_for_too_long_is_told_to_read_anew(string mark)
    {
        using var gina = await silo.AsAsync(Role.Reader, Gina);
        await using var told = await ListenAsync(gina, mark);
        Assert.Equal("reset", Assert.Single(await UntilAsync(told, "reset")).EventType);
        var id = await DeliverAsync(Ginas, "After all");
        await UntilAsync(told, "email", id);
    }

    [Fact]
    public async Task Who_is_let_in_no_longer_hears_nothing_more()
    {
        var key = await silo.Client.CreateKeyAsync(new KeyRequest("leaves", Role.Reader, Gina, [], TimeSpan.FromDays(1), "tests"));
        using var gina = silo.With(key.Text);
        await using var told = await ListenAsync(gina);
        await UntilAsync(told, "mark");
        await silo.Client.RevokeKeyAsync(key.Key!.Id, "tests");
        await DeliverAsync(Ginas, "To wake it");

        // What it waits for already it was let in for. It ends after that, else patience does.
        while (await told.MoveNextAsync())
        {
        }
    }

    [Fact]
    public async Task Streams_are_bounded_for_each()
    {
        using var gina = await silo.AsAsync(Role.Reader, Gina);
        var open = new List<IAsyncEnumerator<SseItem<string>>>();
        for (var i = 0; i < OpenStreams.PerPrincipalMax; i++)
        {
            open.Add(await ListenAsync(gina));
        }

        (await gina.RefusedAsync(HttpStatusCode.TooManyRequests, Asking.Path(Events), "Close one")).Dispose();
        foreach (var one in open)
        {
            await one.DisposeAsync();
        }
    }

    private async Task<IAsyncEnumerator<SseItem<string>>> ListenAsync(HttpClient client, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Asking.Path(Events));
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _patience.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return ReadAsync(answer).GetAsyncEnumerator(_patience.Token);

        async IAsyncEnumerable<SseItem<string>> ReadAsync(HttpResponseMessage stream)
        {
            using (stream)
            {
                await foreach (var item in SseParser.Create(await stream.Content.ReadAsStreamAsync(_patience.Token)).EnumerateAsync(_patience.Token))
                {
                    yield return item;
                }
            }
        }
    }

    private static async Task<List<SseItem<string>>> UntilAsync(IAsyncEnumerator<SseItem<string>> told, string kind, string data = "")
    {
        var heard = new List<SseItem<string>>();
        do
        {
            Assert.True(await told.MoveNextAsync(), $"It ended before {kind}.");
            heard.Add(told.Current);
        }
        while (told.Current.EventType != kind || !told.Current.Data.Contains(data, StringComparison.Ordinal));

        return heard;
    }

    private async Task<string> DeliverAsync(string mailbox, string subject)
    {
        var id = $"{Guid.NewGuid():N}@northwind.example";
        await silo.Client.DeliverAsync(mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"""
            From: zoe@northwind.example
            To: {mailbox}
            Subject: {subject}
            Date: Mon, 2 Mar 2026 09:00:00 +0000
            Message-ID: <{id}>

            The body of {subject}.
            """.ReplaceLineEndings("\r\n"))), null);
        return id;
    }
}
