using System.Net;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>Mailboxes that have no server: their lists, options and folder rules.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class MailboxTests(ApiSilo silo)
{
    [Fact]
    public async Task Somebody_sees_their_own_mailboxes_and_those_of_their_team_page_by_page()
    {
        using var ana = silo.With(silo.Issuer.Token("ana"));
        List<JsonNode> theirs = [];
        for (var next = "/api/tracking/mailboxes?count=1"; next is not null;)
        {
            var page = await ana.ReadAsync(next);
            theirs.Add(Assert.Single(page["value"]!.AsArray())!);
            next = (string?)page["nextlink"];
        }

        // Other tests give her more.
        Assert.Single(theirs, one => (string)one["emailaddress"]! == "ana@contoso.com");
        Assert.DoesNotContain(theirs, one => (string)one["emailaddress"]! == "ben@contoso.com");
        var support = Assert.Single(theirs, one => (string)one["emailaddress"]! == "support@contoso.com");
        Assert.Equal(("support@contoso.com", true, 0), ((string)support["emailaddress"]!, (bool)support["isqueue"]!, (int)support["incomingemailfilteringmethod"]!));
        Assert.Equal(("queue", ApiSilo.Support), ((string)support["ownerid"]!["logicalname"]!, (Guid)support["ownerid"]!["id"]!));
        var whole = await ana.ReadAsync("/api/tracking/mailboxes");
        Assert.Null(whole["nextlink"]);
        Assert.Equal(theirs.Count, whole["value"]!.AsArray().Count);
        using var admin = await silo.AsAsync(Role.Administrator);
        Assert.Contains((await admin.ReadAsync("/api/tracking/mailboxes"))["value"]!.AsArray(), one => (string)one!["emailaddress"]! == "ben@contoso.com");
        await admin.RefusedAsync(HttpStatusCode.NotFound, Asking.Path("/api/tracking/mailboxes/nobody@contoso.com"), "There is no mailbox nobody@contoso.com.");
        await admin.RefusedAsync(HttpStatusCode.BadRequest, Asking.Path("/api/tracking/mailboxes/nobody"));
        using var look = await ana.SendAsync("POST", "/api/tracking/mailboxes/ana@contoso.com/look");
        await look.RefusedAsync(HttpStatusCode.UnprocessableEntity, "has no server", "mailbox connect ana@contoso.com");
    }

    [Fact]
    public async Task An_option_is_changed_only_as_it_was_seen_and_says_who_changed_it()
    {
        using var ana = silo.With(silo.Issuer.Token("ana"));
        const string Option = "/api/tracking/mailboxes/ana@contoso.com/options/BlockedSenders";
        using var read = await ana.GetAsync(Asking.Path(Option));
        var tag = read.Headers.ETag!.ToString();
        Assert.Equal(tag, (string)(await read.JsonAsync())["@odata.etag"]!);
        using var set = await SetAsync(ana, Option, new { value = "bank.example", why = "private" }, tag);
        Assert.Equal("bank.example", (string)(await set.JsonAsync())["value"]!);
        Assert.NotEqual(tag, set.Headers.ETag!.ToString());

        using var late = await SetAsync(ana, Option, new { value = "none" }, tag);
        await late.RefusedAsync(HttpStatusCode.PreconditionFailed, "Read it again");
        using var wrong = await SetAsync(ana, Option, new { value = "no address at all" }, set.Headers.ETag.ToString());
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity, "BlockedSenders");
        using var nothing = await SetAsync(ana, Option, new { why = "?" }, null);
        await nothing.RefusedAsync(HttpStatusCode.BadRequest, "Say what it is to be");
        using var unknown = await SetAsync(ana, "/api/tracking/mailboxes/ana@contoso.com/options/Nothing", new { value = 1 }, null);
        await unknown.RefusedAsync(HttpStatusCode.NotFound, "Options: AutoCreateContactOnPromote");
        var change = (await ana.ReadAsync("/api/tracking/mailboxes/ana@contoso.com/option-changes?count=1"))["value"]![0]!;
        Assert.Equal(
            ("BlockedSenders", "bank.example", "Ana (subject:ana)", "private"),
            ((string)change["name"]!, (string)change["after"]!, (string)change["modifiedby"]!, (string)change["why"]!));
    }

    [Fact]
    public async Task The_race_for_an_option_is_settled_where_it_is_kept()
    {
        var ben = ApiSilo.Mail("ben@contoso.com");
        Assert.Null((await silo.Client.SetMailboxOptionAsync(ben, "AutoTrackSentFolderItems", "true", new Author("Ben") { Seen = "organization" })).Problem);
        var late = await silo.Client.SetMailboxOptionAsync(ben, "AutoTrackSentFolderItems", "false", new Author("Ben") { Seen = "organization" });
        Assert.Contains("it is true now, not organization", late.Problem, StringComparison.Ordinal);

        // Who repeats what was done, since the answer was lost, is told that it is done.
        Assert.Null((await silo.Client.SetMailboxOptionAsync(ben, "AutoTrackSentFolderItems", "true", new Author("Ben") { Seen = "organization" })).Problem);
    }

    [Fact]
    public async Task Nobody_gives_themselves_to_a_team()
    {
        using var ana = silo.With(silo.Issuer.Token("ana"));
        using var own = await SetAsync(ana, "/api/tracking/mailboxes/ana@contoso.com/options/teams", new { value = "board" }, null);
        await own.RefusedAsync(HttpStatusCode.Forbidden, "said by an administrator");
        using var admin = await silo.AsAsync(Role.Administrator);
        using var set = await SetAsync(admin, "/api/tracking/mailboxes/ana@contoso.com/options/teams", new { value = "board" }, null);
        Assert.Equal("board", (string)(await set.JsonAsync())["value"]!);
    }

    [Fact]
    public async Task A_forced_filter_says_who_forced_it_and_why()
    {
        const string Option = "/api/tracking/mailboxes/ben@contoso.com/options/incomingemailfilteringmethod";
        using var admin = await silo.AsAsync(Role.Administrator);
        using var set = await SetAsync(admin, Option, new { value = 4 }, null);
        var free = await set.JsonAsync();
        Assert.Equal(("4", "4", null), ((string)free["value"]!, (string)free["effectivevalue"]!, free["forced"]));
        await silo.Client.SetSettingAsync("SSSForceFilteringMethodForUserMailboxes", "1", new Author("Cleo", "works council"));
        try
        {
            var forced = await admin.ReadAsync(Option);
            Assert.Equal(("4", "1"), ((string)forced["value"]!, (string)forced["effectivevalue"]!));
            Assert.Equal(
                ("Cleo", "works council", "SSSForceFilteringMethodForUserMailboxes"),
                ((string)forced["forced"]!["modifiedby"]!, (string)forced["forced"]!["why"]!, (string)forced["forced"]!["setting"]!));
        }
        finally
        {
            await silo.Client.SetSettingAsync("SSSForceFilteringMethodForUserMailboxes", "-1", new Author("Cleo"));
        }

        Assert.Null((await admin.ReadAsync(Option))["forced"]);
        Assert.Equal(0, (int)(await admin.ReadAsync($"{Option}/preview?value=0"))["additionalemails"]!);
        await admin.RefusedAsync(HttpStatusCode.BadRequest, Asking.Path($"{Option}/preview?value=1"), "Only the choice of all mail");
    }

    [Fact]
    public async Task A_folder_rule_is_made_replaced_and_removed_by_the_name_of_its_folder()
    {
        var account = new RecordReference("account", Guid.NewGuid());
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(account, IsActive: true, null, DateTimeOffset.UnixEpoch), "Fabrikam", [])]);
        using var ana = silo.With(silo.Issuer.Token("ana"));

        // A slash between folders, one that is written as %2F, and a name that has %2F in it.
        const string Rules = "/api/tracking/mailboxes/ana@contoso.com/folder-rules";
        using var made = await SetAsync(ana, $"{Rules}/Inbox/100%252F", new { regardingobjectid = new { logicalname = "account", id = account.Id } }, null);
        var rule = (await made.JsonAsync())["rule"]!;
        Assert.Equal(("Inbox/100%2F", "active", account.Id), ((string)rule["foldername"]!, (string)rule["state"]!, (Guid)rule["regardingobjectid"]!["id"]!));
        using var second = await SetAsync(ana, $"{Rules}/Inbox%2FFair", new { from = "2026-03-01", until = "2026-04-01" }, null);
        Assert.Equal("Inbox/Fair", (string)(await second.JsonAsync())["rule"]!["foldername"]!);
        Assert.Equal(2, (await ana.ReadAsync(Rules))["value"]!.AsArray().Count(one => ((string)one!["foldername"]!).StartsWith("Inbox/", StringComparison.Ordinal)));

        using var again = new HttpRequestMessage(HttpMethod.Put, Asking.Path($"{Rules}/Inbox/Fair")) { Content = System.Net.Http.Json.JsonContent.Create(new { }) };
        again.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var there = await ana.SendAsync(again);
        await there.RefusedAsync(HttpStatusCode.PreconditionFailed);
        var tag = second.Headers.ETag!.ToString();
        using var replaced = await SetAsync(ana, $"{Rules}/Inbox/Fair", new { }, tag);
        Assert.Null((await replaced.JsonAsync())["rule"]!["from"]);
        using var late = await SetAsync(ana, $"{Rules}/Inbox/Fair", new { }, tag);
        await late.RefusedAsync(HttpStatusCode.PreconditionFailed);
        using var wrong = await SetAsync(ana, $"{Rules}/Inbox/Fair", new { regardingobjectid = new { logicalname = "account", id = Guid.NewGuid() } }, null);
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity, "There is no record account/");
        using var nothing = await SetAsync(ana, $"{Rules}/Inbox/Fair", new { applytoexisting = true }, null);
        await nothing.RefusedAsync(HttpStatusCode.BadRequest, "applytoexisting gives mail a record");

        Assert.Equal(0, (int)(await ana.ReadAsync("/api/tracking/mailboxes/ana@contoso.com/folder-rule-previews/Inbox/Fair"))["trackedemails"]!);
        foreach (var folder in (string[])["Inbox/Fair", "Inbox/100%252F"])
        {
            using var removed = await ana.SendAsync("DELETE", $"{Rules}/{folder}");
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        using var gone = await ana.SendAsync("DELETE", $"{Rules}/Inbox/Fair");
        await gone.RefusedAsync(HttpStatusCode.NotFound, "The folder has no rule.");
    }

    private static async Task<HttpResponseMessage> SetAsync(HttpClient client, string path, object body, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Asking.Path(path)) { Content = System.Net.Http.Json.JsonContent.Create(body) };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await client.SendAsync(request);
    }
}
