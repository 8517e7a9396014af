using System.Net;
using System.Text;
using EmailTracking.Access;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>Records that are loaded, shown and changed through the API.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class RecordTests(ApiSilo silo)
{
    [Fact]
    public async Task A_file_is_looked_at_and_loaded_whole_or_not_at_all()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        var id = Guid.NewGuid();
        var good = $"logicalname,id,name,emailaddress1,colour\ncontact,{id},Cleo,cleo@fabrikam.com,red\n";
        var preview = await Asking.JsonAsync(await SendAsync(admin, "/api/tracking/records?preview=true", good));
        Assert.Equal((false, 1, 0), ((bool)preview["isloaded"]!, (int)preview["records"]!, (int)preview["relinkedemails"]!));
        await admin.RefusedAsync(HttpStatusCode.NotFound, Asking.Path($"/api/tracking/records/contact/{id}"), "There is no record");
        using var wrong = await SendAsync(admin, "/api/tracking/records", good + "contact,no id,Dora,dora@fabrikam.com,blue\nnothing,,Emil,,\n");
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity, "2 lines are wrong, and nothing was loaded", "line 3");
        Assert.Equal(2, (await ProblemsAsync(wrong)).Count);
        await admin.RefusedAsync(HttpStatusCode.NotFound, Asking.Path($"/api/tracking/records/contact/{id}"));
        using var unread = await admin.SendAsync("POST", "/api/tracking/records", new { });
        await unread.RefusedAsync(HttpStatusCode.UnsupportedMediaType, "text/csv");

        var loaded = await Asking.JsonAsync(await SendAsync(admin, "/api/tracking/records", good));
        Assert.Equal((true, "colour"), ((bool)loaded["isloaded"]!, (string)Assert.Single(loaded["ignoredfields"]!.AsArray())!));
        var record = await admin.ReadAsync($"/api/tracking/records/contact/{id}");
        Assert.Equal(("Cleo", 0, "cleo@fabrikam.com"), ((string)record["name"]!, (int)record["statecode"]!, (string)record["emailaddresses"]![0]!));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "emailtracking-*.csv"));
    }

    [Fact]
    public async Task What_becomes_of_a_record_is_said_by_administrators_and_shown_to_whose_it_is()
    {
        var (own, other) = (await SaveAsync(ApiSilo.Ana), await SaveAsync(ApiSilo.Ben));
        using var admin = await silo.AsAsync(Role.Administrator);
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        Assert.Equal(ApiSilo.Ana, (Guid)(await ana.ReadAsync($"/api/tracking/records/{own}"))["ownerid"]!);
        await ana.RefusedAsync(HttpStatusCode.NotFound, Asking.Path($"/api/tracking/records/{other}"), "or it is not yours");

        using (var off = await admin.SendAsync("POST", $"/api/tracking/records/{own}/deactivate"))
        {
            Assert.True((bool)(await off.JsonAsync())["ischanged"]!);
        }

        Assert.Equal(1, (int)(await ana.ReadAsync($"/api/tracking/records/{own}"))["statecode"]!);
        using var on = await admin.SendAsync("POST", $"/api/tracking/records/{own}/activate");
        Assert.True((bool)(await on.JsonAsync())["ischanged"]!);
        using var again = await admin.SendAsync("POST", $"/api/tracking/records/{own}/activate");
        Assert.False((bool)(await again.JsonAsync())["ischanged"]!);
        Assert.Equal(0, (int)(await admin.ReadAsync($"/api/tracking/records/{own}/preview"))["emails"]!);
        using var nothing = await admin.SendAsync("POST", $"/api/tracking/records/{own}/merge", new { });
        await nothing.RefusedAsync(HttpStatusCode.BadRequest, "Say which record");
        using var merged = await admin.SendAsync("POST", $"/api/tracking/records/{own}/merge", new { target = new { logicalname = "contact", id = other.Id } });
        Assert.True((bool)(await merged.JsonAsync())["ischanged"]!);
        var after = await ana.ReadAsync($"/api/tracking/records/{own}");
        Assert.Equal((true, other.Id), ((bool)after["ismerged"]!, (Guid)after["successor"]!["id"]!));
        using var converted = await admin.SendAsync("POST", $"/api/tracking/records/{other}/convert", new { target = new { logicalname = "contact", id = own.Id } });
        await converted.RefusedAsync(HttpStatusCode.UnprocessableEntity);
        using var deleted = await admin.SendAsync("DELETE", $"/api/tracking/records/{other}");
        Assert.True((bool)(await deleted.JsonAsync())["ischanged"]!);
        Assert.NotNull((await admin.ReadAsync($"/api/tracking/records/{other}"))["deletedon"]);
    }

    [Fact]
    public async Task An_address_stands_for_the_record_that_was_chosen_until_that_is_taken_back()
    {
        var record = await SaveAsync(ApiSilo.Ana);
        using var admin = await silo.AsAsync(Role.Administrator);
        const string Choice = "/api/tracking/address-choices/shared@fabrikam.com";
        Assert.Equal(0, (int)(await admin.ReadAsync($"{Choice}/preview"))["emails"]!);
        using var chosen = await admin.SendAsync("PUT", Choice, new { record = new { logicalname = "contact", id = record.Id }, why = "she reads it" });
        Assert.True((bool)(await chosen.JsonAsync())["ischanged"]!);
        var choice = Assert.Single((await admin.ReadAsync($"/api/tracking/records/{record}"))["choices"]!.AsArray())!;
        Assert.Equal(("shared@fabrikam.com", "she reads it", false), ((string)choice["emailaddress"]!, (string)choice["why"]!, (bool)choice["istakenback"]!));
        using var missing = await admin.SendAsync("PUT", Choice, new { record = new { logicalname = "contact", id = Guid.NewGuid() } });
        await missing.RefusedAsync(HttpStatusCode.UnprocessableEntity, "There is no record");
        using var back = await admin.SendAsync("DELETE", Choice);
        Assert.True((bool)(await back.JsonAsync())["ischanged"]!);
        using var unread = await admin.SendAsync("PUT", Choice, new { why = "?" });
        await unread.RefusedAsync(HttpStatusCode.BadRequest, "Say which record");
    }

    private async Task<RecordReference> SaveAsync(Guid owner)
    {
        var record = new RecordReference(Tables.Contact, Guid.NewGuid());
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(record, IsActive: true, owner, DateTimeOffset.UnixEpoch), "Somebody", [])]);
        return record;
    }

    private static async Task<System.Text.Json.Nodes.JsonArray> ProblemsAsync(HttpResponseMessage answer) =>
        System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["problems"]!.AsArray();

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string csv) =>
        client.PostAsync(Asking.Path(path), new StringContent(csv, Encoding.UTF8, "text/csv"));
}
