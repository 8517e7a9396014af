using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>How it goes, in figures: of the mailboxes that one may see.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class OverviewTests(ApiSilo silo)
{
    private const string Mailbox = "overview@contoso.com";

    [Fact]
    public async Task Each_sees_the_figures_of_their_own_mailboxes()
    {
        await silo.Client.SaveMailboxAsync(new MailboxFacts(
            ApiSilo.Mail(Mailbox), new RecordReference(Tables.SystemUser, ApiSilo.Ben), IsQueue: false, FilterMethod.All, []));
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        using var ana = silo.With(silo.Issuer.Token("ana"));
        using var operating = await silo.AsAsync(Role.Operator);
        var (bens, anas, all) = (await ReadAsync(ben), await ReadAsync(ana), await ReadAsync(operating));
        var received = DateTimeOffset.UtcNow;
        for (var i = 0; i < 3; i++)
        {
            await silo.Client.DeliverAsync(
                new Delivery(Mailbox, "Inbox", null, received.AddMinutes(-i)),
                new MemoryStream(Encoding.UTF8.GetBytes(
                    $"From: zoe@northwind.example\r\nTo: {Mailbox}\r\nSubject: Overview\r\nDate: {received:R}\r\nMessage-ID: <{Guid.NewGuid():N}@northwind.example>\r\n\r\nText.\r\n")));
        }

        var after = await ReadAsync(ben);
        Assert.Equal(3, Tracked(after) - Tracked(bens));
        Assert.Equal(Tracked(anas), Tracked(await ReadAsync(ana)));
        Assert.InRange(Tracked(await ReadAsync(operating)) - Tracked(all), 3, int.MaxValue);
        Assert.Equal(24, after["hours"]!.AsArray().Count);
        Assert.True((bool)after["iswhole"]!);
        Assert.True((double)after["timetotrack"]!["median"]! >= 0);
        Assert.True((double)after["timetotrack"]!["p95"]! >= (double)after["timetotrack"]!["median"]!);
        Assert.True((int)after["mailboxes"]!["notconnected"]! >= 1);

        // What waits in all is for those who see all.
        Assert.Null(after["backlog"]);
        Assert.True((long)all["backlog"]!["deadletters"]! >= 0);
    }

    private static Task<JsonNode> ReadAsync(HttpClient client) => client.ReadAsync("/api/tracking/overview");

    private static long Tracked(JsonNode overview) => overview["hours"]!.AsArray().Sum(hour => (long)hour!["tracked"]!);
}
