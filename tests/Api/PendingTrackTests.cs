using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EmailTracking.Access;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>Tracks of mail that is not here yet, through the API.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class PendingTrackTests(ApiSilo silo)
{
    private const string Mailbox = "pending@contoso.com";

    [Fact]
    public async Task A_track_names_mail_of_ones_own_mailbox_is_pending_listed_and_taken_back_by_whoever_did_it()
    {
        await CreateAsync();
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        var body = new { emails = new[] { "<pending-1@fabrikam.com>" }, mailbox = Mailbox };
        using var foreign = await ben.SendAsync("POST", "/api/tracking/acts/track", body);
        await foreign.RefusedAsync(HttpStatusCode.NotFound, "No mailbox 'pending@contoso.com' is yours.");
        using var done = await ana.SendAsync("POST", "/api/tracking/acts/track", body);
        var act = await done.JsonAsync();
        Assert.Equal(1, (int)act["pending"]!);

        var pending = Assert.Single((await ana.ReadAsync("/api/tracking/acts/pending"))["value"]!.AsArray())!;
        Assert.Equal(((Guid)act["id"]!, Mailbox, "pending-1@fabrikam.com", "pending"), ((Guid)pending["id"]!, (string)pending["mailbox"]!, (string)pending["messageid"]!, (string)pending["state"]!));
        Assert.StartsWith("test (key:", (string)pending["createdby"]!, StringComparison.Ordinal);
        Assert.Contains("--file", (string)pending["nextstep"]!, StringComparison.Ordinal);
        Assert.Empty((await ben.ReadAsync("/api/tracking/acts/pending"))["value"]!.AsArray());

        using var refused = await ben.SendAsync("POST", $"/api/tracking/acts/{act["id"]}/undo");
        await refused.RefusedAsync(HttpStatusCode.Forbidden, "none of your own acts");
        using var undone = await ana.SendAsync("POST", $"/api/tracking/acts/{act["id"]}/undo");
        await undone.JsonAsync();
        Assert.Empty((await ana.ReadAsync("/api/tracking/acts/pending"))["value"]!.AsArray());

        using var two = await ana.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "<a@b>", "<c@d>" }, mailbox = Mailbox });
        await two.RefusedAsync(HttpStatusCode.BadRequest, "Name one mail");
        using var stop = await ana.SendAsync("POST", "/api/tracking/acts/stop", body);
        await stop.RefusedAsync(HttpStatusCode.BadRequest, "for a track only");
    }

    [Fact]
    public async Task A_raw_file_is_brought_with_the_act_and_whoever_may_only_deliver_does_not_track()
    {
        await CreateAsync();
        var account = new RecordReference(Tables.Account, Guid.NewGuid());
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(account, IsActive: true, null, DateTimeOffset.UnixEpoch), "Fabrikam", [])]);
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        using var answer = await BringAsync(ana, "pending-2@fabrikam.com", $"track=true&regarding={account}");
        var json = await answer.JsonAsync();
        Assert.Equal(("tracked", (int)ReasonCode.TrackedByHand), ((string)json["outcome"]!, (int)json["reasoncode"]!));
        Assert.NotEqual(Guid.Empty, (Guid)json["act"]!);
        Assert.Equal(account, (await silo.Client.ExplainAsync("pending-2@fabrikam.com"))!.Email.Activity!.Regarding);

        using var keeper = await silo.AsAsync(Role.Operator);
        using var forbidden = await BringAsync(keeper, "pending-3@fabrikam.com", "track=true");
        await forbidden.RefusedAsync(HttpStatusCode.Forbidden, "not track it by hand");
        using var wrong = await BringAsync(ana, "pending-3@fabrikam.com", "track=true&regarding=account");
        await wrong.RefusedAsync(HttpStatusCode.BadRequest, "is no record");
        Assert.Null(await silo.Client.ExplainAsync("pending-3@fabrikam.com"));
    }

    private Task CreateAsync() => silo.Client.SaveMailboxAsync(new MailboxFacts(
        ApiSilo.Mail(Mailbox), new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.None, []));

    private static async Task<HttpResponseMessage> BringAsync(HttpClient client, string id, string query)
    {
        using var raw = new ByteArrayContent(Encoding.ASCII.GetBytes(
            $"Message-ID: <{id}>\r\nDate: Sat, 31 Jan 2026 12:00:00 +0000\r\nFrom: bo@fabrikam.com\r\nTo: {Mailbox}\r\nSubject: {id}\r\n\r\nHi\r\n"));
        raw.Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
        return await client.PostAsync(Asking.Path($"/api/tracking/mailboxes/{Mailbox}/emails?{query}"), raw);
    }
}
