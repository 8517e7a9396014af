using System.Net;
using System.Net.Http.Json;
using System.Text;
using EmailTracking.Access;
using EmailTracking.Intake;

namespace EmailTracking.Tests.Api;

/// <summary>Settings, creation rules and queues.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class OrganizationTests(ApiSilo silo)
{
    [Fact]
    public async Task A_setting_is_changed_only_as_it_was_seen_and_its_history_says_who_and_why()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        using var read = await admin.GetAsync(Asking.Path("/api/tracking/settings/trackingprefix"));
        var tag = read.Headers.ETag!.ToString();
        Assert.Equal("TrackingPrefix", (string)(await read.JsonAsync())["name"]!);
        using var set = await ChangeAsync(admin, "PUT", "/api/tracking/settings/TrackingPrefix", new { value = "CASE:", why = "a new brand" }, tag);
        Assert.StartsWith("CASE:", (string)(await set.JsonAsync())["value"]!, StringComparison.Ordinal);
        using var late = await ChangeAsync(admin, "PUT", "/api/tracking/settings/AutoTrackSentFolderItems", new { value = true }, tag);
        await late.RefusedAsync(HttpStatusCode.PreconditionFailed, "Read it again");
        using var wrong = await ChangeAsync(admin, "PUT", "/api/tracking/settings/AutoTrackSentFolderItems", new { value = 2 }, null);
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity, "true or false");
        using var unknown = await ChangeAsync(admin, "PUT", "/api/tracking/settings/AutoTrack", new { value = 2 }, null);
        await unknown.RefusedAsync(HttpStatusCode.NotFound, "There is no setting");

        var change = (await admin.ReadAsync("/api/tracking/setting-changes?count=1"))["value"]![0]!;
        Assert.Equal(("a new brand", "TrackingPrefix"), ((string)change["why"]!, (string)Assert.Single(change["changes"]!.AsArray())!["name"]!));
        var all = await admin.ReadAsync("/api/tracking/settings");
        Assert.Equal((long)all["version"]!, (long)change["version"]!);
        Assert.Contains(all["value"]!.AsArray(), one => (string)one!["name"]! == "AutoTrackSentFolderItems" && (string)one["value"]! == "false");
    }

    [Fact]
    public async Task A_preset_is_applied_and_taken_back()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        using var applied = await ChangeAsync(admin, "POST", "/api/tracking/settings/presets/dynamics", new { why = "as before" }, null);
        var version = (long)(await applied.JsonAsync())["version"]!;
        using var back = await admin.SendAsync("POST", "/api/tracking/settings/presets/default");
        Assert.True((long)(await back.JsonAsync())["version"]! > version);
        using var unknown = await admin.SendAsync("POST", "/api/tracking/settings/presets/other");
        await unknown.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Presets: default, dynamics");
    }

    [Fact]
    public async Task A_creation_rule_is_made_replaced_and_removed_and_its_versions_stay()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        const string Path = "/api/tracking/creation-rules/support@contoso.com";
        using var request = new HttpRequestMessage(HttpMethod.Put, Asking.Path(Path)) { Content = JsonContent.Create(Rule("Support", "incident")) };
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var made = await admin.SendAsync(request);
        Assert.Equal("Support", (string)(await made.JsonAsync())["rule"]!["name"]!);
        var tag = made.Headers.ETag!.ToString();
        using var replaced = await ChangeAsync(admin, "PUT", Path, Rule("Cases", "incident"), tag);
        Assert.Equal(2, (long)(await replaced.JsonAsync())["version"]!);
        using var late = await ChangeAsync(admin, "PUT", Path, Rule("Late", "incident"), tag);
        await late.RefusedAsync(HttpStatusCode.PreconditionFailed);
        using var wrong = await ChangeAsync(admin, "PUT", Path, Rule("Wrong", "nothing"), null);
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity);
        using var unread = await ChangeAsync(admin, "PUT", Path, new { rule = new { name = "x", colour = "red" } }, null);
        await unread.RefusedAsync(HttpStatusCode.BadRequest, "not as it should be");
        using var none = await ChangeAsync(admin, "PUT", Path, new { why = "?" }, null);
        await none.RefusedAsync(HttpStatusCode.BadRequest, "Send the rule");
        using var foreign = await ChangeAsync(admin, "PUT", "/api/tracking/creation-rules/ben@contoso.com", Rule("Ben", "incident"), null);
        await foreign.RefusedAsync(HttpStatusCode.UnprocessableEntity);

        Assert.Equal("support@contoso.com", (string)Assert.Single((await admin.ReadAsync("/api/tracking/creation-rules"))["value"]!.AsArray())!["queue"]!);
        using var removed = await admin.SendAsync("DELETE", $"{Path}?why=no%20more");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await admin.RefusedAsync(HttpStatusCode.NotFound, Asking.Path(Path), "has no rule");
        var versions = (await admin.ReadAsync($"{Path}/versions"))["value"]!.AsArray();
        Assert.Equal([3, 2, 1], versions.Select(version => (long)version!["version"]!));
        Assert.Equal((null, "no more"), (versions[0]!["rule"], (string)versions[0]!["why"]!));
    }

    [Fact]
    public async Task A_queue_shows_its_mail_to_its_team()
    {
        var raw = Encoding.ASCII.GetBytes(
            "Message-ID: <api-queue@fabrikam.com>\r\nDate: Sat, 31 Jan 2026 12:00:00 +0000\r\nFrom: bo@fabrikam.com\r\nTo: support@contoso.com\r\nSubject: Valve\r\n\r\nHi\r\n");
        using var content = new MemoryStream(raw);
        var delivered = await silo.Client.DeliverAsync(new Delivery("support@contoso.com", "Inbox", null, null), content);
        using var ana = silo.With(silo.Issuer.Token("ana"));
        Assert.Equal(ApiSilo.Support, (Guid)Assert.Single((await ana.ReadAsync("/api/tracking/queues"))["value"]!.AsArray())!["queueid"]!);
        var item = Assert.Single(
            (await ana.ReadAsync("/api/tracking/queues/support@contoso.com/items?count=1000"))["value"]!.AsArray(),
            one => (Guid?)one!["objectid"] == delivered.ActivityId)!;
        Assert.Equal(("Valve", "bo@fabrikam.com"), ((string)item["title"]!, (string)item["sender"]!));
        await ana.RefusedAsync(HttpStatusCode.NotFound, Asking.Path("/api/tracking/queues/ana@contoso.com/items"), "is no queue's mailbox");
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        Assert.Empty((await ben.ReadAsync("/api/tracking/queues"))["value"]!.AsArray());
        await ben.RefusedAsync(HttpStatusCode.Forbidden, Asking.Path("/api/tracking/queues/support@contoso.com/items"));
        using var admin = await silo.AsAsync(Role.Administrator);
        Assert.Empty((await admin.ReadAsync("/api/tracking/review/crowded-ids"))["value"]!.AsArray());
    }

    private static object Rule(string name, string creates) => new { rule = new { name, queue = "support@contoso.com", items = new[] { new { name = "All", creates } } }, why = "test" };

    private static async Task<HttpResponseMessage> ChangeAsync(HttpClient client, string method, string path, object body, string? tag)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Asking.Path(path)) { Content = JsonContent.Create(body) };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await client.SendAsync(request);
    }
}
