using EmailTracking.Client;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Mailboxes.Delivery;

/// <summary>A real Postfix hands mail to <c>emailtracking deliver</c>, with the transport that the documentation shows.</summary>
public sealed class PostfixTests : IAsyncLifetime
{
    private const string Sender = "bo@fabrikam.com";
    private const string Support = "support@contoso.com";
    private const string Sales = "sales@contoso.com";
    private const string Nobody = "nobody@contoso.com";

    private readonly string _data = Directory.CreateTempSubdirectory().FullName;
    private readonly int _gateway = SiloProcess.FreePort();
    private SiloProcess _silo = null!;
    private PostfixServer _postfix = null!;

    public async Task InitializeAsync()
    {
        await StartSiloAsync();
        await using (var client = await ConnectAsync())
        {
            foreach (var address in new[] { Support, Sales })
            {
                await client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(address), null, IsQueue: true, FilterMethod.All, []));
            }
        }

        _postfix = await PostfixServer.StartAsync(async folder => DocumentedTransport.For(
            await PublishedClient.PublishAsync(Path.Combine(folder, "program")),
            "nobody",
            $"127.0.0.1:{_gateway}",
            Path.Combine(folder, "config", "transport"),
            Support,
            Sales,
            Nobody));
    }

    public async Task DisposeAsync()
    {
        await _postfix.DisposeAsync();
        await _silo.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [PostfixFact]
    public async Task A_mail_for_two_mailboxes_is_one_activity_however_often_it_is_sent()
    {
        var first = await _postfix.SendAsync(Sender, Mail("1@fabrikam.com"), Support, Sales);
        foreach (var mailbox in new[] { Support, Sales })
        {
            var delivery = await _postfix.DeliveryAsync(first, mailbox);
            Assert.True(delivery is { Status: "sent", Code: "2.0.0" }, delivery.ToString());
            Assert.Contains("tracked", delivery.Said, StringComparison.Ordinal);
        }

        await _postfix.DoneAsync(first);
        var second = await _postfix.SendAsync(Sender, Mail("1@fabrikam.com"), Support);
        Assert.Equal("sent", (await _postfix.DeliveryAsync(second, Support)).Status);
        await _postfix.DoneAsync(second);

        await using var client = await ConnectAsync();
        var counts = await client.CountAsync();
        Assert.Equal((1, 3), (counts.Emails, counts.Decisions[Outcome.Tracked]));
    }

    [PostfixFact]
    public async Task While_no_silo_answers_mail_stays_in_the_queue_and_is_delivered_once_when_one_is_back()
    {
        Assert.Equal(0, await _silo.TerminateAsync());
        var id = await _postfix.SendAsync(Sender, Mail("2@fabrikam.com"), Support);
        var delivery = await _postfix.DeliveryAsync(id, Support);
        Assert.True(delivery is { Status: "deferred" } && delivery.Code.StartsWith("4.", StringComparison.Ordinal), delivery.ToString());
        Assert.True(await _postfix.IsQueuedAsync(id));

        await StartSiloAsync();
        await _postfix.FlushAsync();
        Assert.Equal("sent", (await _postfix.DeliveryAsync(id, Support, attempt: 2)).Status);
        await _postfix.DoneAsync(id);

        await using var client = await ConnectAsync();
        Assert.Equal(1, (await client.CountAsync()).Emails);
        Assert.False(await _postfix.IsQueuedAsync(id));
    }

    [PostfixFact]
    public async Task What_can_never_be_taken_is_sent_back_and_what_is_no_mail_is_a_dead_letter()
    {
        // Without headers nothing tells it from others. Of its own Postfix adds only where it came from.
        var headless = await _postfix.SendAsync(Sender, "\r\nThe headers of this one were lost on the way.\r\n", Support);
        var stranger = await _postfix.SendAsync(Sender, Mail("3@fabrikam.com"), Nobody);

        var delivery = await _postfix.DeliveryAsync(headless, Support);
        Assert.True(delivery is { Status: "bounced", Code: "5.6.0" }, delivery.ToString());
        Assert.Equal("sent", (await _postfix.DeliveryAsync(await _postfix.BounceAsync(headless), Sender)).Status);
        delivery = await _postfix.DeliveryAsync(stranger, Nobody);
        Assert.True(delivery is { Status: "bounced", Code: "5.1.1" }, delivery.ToString());
        Assert.Contains("There is no mailbox", delivery.Said, StringComparison.Ordinal);

        await using var client = await ConnectAsync();
        Assert.Equal(0, (await client.CountAsync()).Emails);
        var letter = Assert.Single(await client.ReadDeadLettersAsync());
        Assert.Equal((Support, ReasonCode.NotMail), (letter.Place.Mailbox.Value, letter.Reason));
        Assert.NotNull(letter.ContentHash);
    }

    private static string Mail(string id) => DovecotMailbox.Mail(id, "A chair", "It has four legs.\r\n", "Date: Mon, 5 Jan 2026 10:00:00 +0000\r\n");

    private async Task StartSiloAsync() => _silo = await SiloProcess.StartAtAsync(_gateway, "--data", _data);

    private Task<EmailTrackingClient> ConnectAsync() =>
        EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = [_silo.Gateway] });
}
