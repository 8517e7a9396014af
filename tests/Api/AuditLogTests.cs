using System.Net;
using EmailTracking.Access;

namespace EmailTracking.Tests.Api;

/// <summary>Who changed what through the door.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class AuditLogTests(ApiSilo silo)
{
    [Fact]
    public async Task A_change_is_in_the_log_with_how_it_ended_and_without_secrets()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        using var user = await silo.AsAsync(Role.User, ApiSilo.Ana);
        using var made = await admin.SendAsync("POST", "/api/tracking/api-keys", new { name = "canaryname", role = "reader" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var key = await made.JsonAsync();
        using (var used = silo.With((string)key["text"]!))
        {
            Assert.Equal("reader", (string)(await used.ReadAsync("/api/tracking/whoami"))["role"]!);
        }

        var id = (string)key["key"]!["id"]!;
        using var revoked = await admin.SendAsync("DELETE", $"/api/tracking/api-keys/{id}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var missing = await admin.SendAsync("DELETE", "/api/tracking/api-keys/nothing?secret=canary");
        await missing.RefusedAsync(HttpStatusCode.NotFound, "There is no key of this id.");
        using var forbidden = await user.SendAsync("DELETE", $"/api/tracking/api-keys/{id}");
        await forbidden.RefusedAsync(HttpStatusCode.Forbidden, "test is user, who may not do this (manageaccess)");
        using var unread = await admin.SendAsync("POST", "/api/tracking/api-keys", new { name = "x", role = "king" });
        await unread.RefusedAsync(HttpStatusCode.BadRequest, "A role is one of reader, user, operator, administrator.");

        var log = await admin.ReadAsync("/api/tracking/audit-log?count=5");
        Assert.Equal(
            [
                "create-api-key POST /api/tracking/api-keys refused 400",
                $"revoke-api-key DELETE /api/tracking/api-keys/{id} forbidden 403",
                "revoke-api-key DELETE /api/tracking/api-keys/nothing refused 404",
                $"revoke-api-key DELETE /api/tracking/api-keys/{id} done 204",
                "create-api-key POST /api/tracking/api-keys done 201",
            ],
            log["value"]!.AsArray().Select(entry => $"{entry!["operation"]} {entry["target"]} {entry["outcome"]} {entry["status"]}"));
        Assert.StartsWith("key:", (string)log["value"]![0]!["principalid"]!, StringComparison.Ordinal);
        Assert.Equal("test", (string)log["value"]![0]!["principalname"]!);
        Assert.DoesNotContain("canary", log.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(((string)key["text"]!)[20..], log.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_hold_while_more_is_changed()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        for (var i = 0; i < 5; i++)
        {
            await admin.SendAsync("DELETE", $"/api/tracking/principals/page{i}");
        }

        var first = await admin.ReadAsync("/api/tracking/audit-log?count=2");
        await admin.SendAsync("DELETE", "/api/tracking/principals/page5");
        var second = await admin.ReadAsync((string)first["nextlink"]!);
        Assert.Equal(
            ["page4", "page3", "page2", "page1"],
            first["value"]!.AsArray().Concat(second["value"]!.AsArray()).Select(entry => ((string)entry!["target"]!).Split('/')[^1]));
        await admin.RefusedAsync(HttpStatusCode.BadRequest, Asking.Path("/api/tracking/audit-log?count=0"), "count is 1 to 1000.");
    }

    [Fact]
    public async Task What_somebody_is_is_said_through_the_api()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        using var set = await admin.SendAsync("PUT", "/api/tracking/principals/dora", new { name = "Dora", role = "operator" });
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        using var dora = silo.With(silo.Issuer.Token("dora"));
        Assert.Equal("operator", (string)(await dora.ReadAsync("/api/tracking/whoami"))["role"]!);
        Assert.Contains(
            (await admin.ReadAsync("/api/tracking/principals"))["value"]!.AsArray(),
            person => (string)person!["subject"]! == "dora" && ((string)person["modifiedby"]!).StartsWith("test (key:", StringComparison.Ordinal));

        using var removed = await admin.SendAsync("DELETE", "/api/tracking/principals/dora");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await dora.RefusedAsync(HttpStatusCode.Forbidden, Asking.Path("/api/tracking/whoami"), "not known here");
        using var wrong = await admin.SendAsync("PUT", "/api/tracking/principals/dora", new { role = "user", teamids = new[] { Guid.NewGuid() } });
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Name the user whose teams they are.");
    }
}
