using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>A mailbox that lies on a server: tested, enabled, read, audited.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class ReadMailboxTests(ApiSilo silo)
{
    private static readonly DateTimeOffset Old = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_mailbox_is_tested_enabled_read_and_filled_with_old_mail()
    {
        await using var mailbox = (await DovecotServer.GetAsync()).CreateUser();
        await mailbox.CreateFolderAsync("INBOX/Deals");
        await mailbox.DeliverAsync("INBOX", DovecotMailbox.Mail("old-1@fabrikam.com"), Old);
        await mailbox.DeliverAsync("INBOX", DovecotMailbox.Mail("old-2@fabrikam.com"), Old);
        await mailbox.DeliverAsync("INBOX", DovecotMailbox.Mail("new@fabrikam.com"));
        var address = ApiSilo.Mail(mailbox.Address);
        await silo.Client.SaveMailboxAsync(new MailboxFacts(address, new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.All, []));
        Assert.Null(await silo.Client.SaveProfileAsync(mailbox.Profile));
        Assert.Null(await silo.Client.ConnectMailboxAsync(new MailboxConnection
        {
            Mailbox = address,
            Profile = mailbox.Profile.Name,
            UserName = mailbox.Login.UserName,
            Secret = mailbox.Login.Secret,
            StartsOn = DateOnly.FromDateTime(DateTime.UtcNow),
            Approval = AccessApproval.Approved,
        }));
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        var path = $"/api/tracking/mailboxes/{mailbox.Address}";
        using var early = await ana.SendAsync("POST", $"{path}/look");
        await early.RefusedAsync(HttpStatusCode.UnprocessableEntity, "it is not enabled. Test and enable it.");

        using var tested = await ana.SendAsync("POST", $"{path}/test", new { enable = true });
        var test = await tested.JsonAsync();
        Assert.Equal((true, true, 1), ((bool)test["isopened"]!, (bool)test["enabledforincomingemail"]!, (int)test["emailrouteraccessapproval"]!));
        Assert.Contains("Inbox/Deals", test["folders"]!.AsArray().Select(folder => (string)folder!));
        using var looked = await ana.SendAsync("POST", $"{path}/look");
        Assert.Equal("healthy", (string)(await looked.JsonAsync())["state"]!);
        var details = await ana.ReadAsync(path);
        Assert.Equal("healthy", (string)details["mailbox"]!["health"]!["state"]!);
        Assert.Contains(details["folders"]!.AsArray(), folder => ((string)folder!["name"]!, (bool)folder["isfollowed"]!) == ("Inbox", true));
        Assert.DoesNotContain("env:", details.ToJsonString(), StringComparison.Ordinal);

        var audit = await EventsAsync(ana, $"{path}/audit", new { since = "2026-01-01" });
        Assert.Equal(["progress", "done"], audit.Select(one => one.EventType));
        Assert.Equal((2, 0), ((int)audit[^1].Data["missing"]!, (int)audit[^1].Data["decidednow"]!));
        var filled = await EventsAsync(ana, $"{path}/backfill", new { since = "2026-01-01" });
        Assert.Equal("progress", filled[0].EventType);
        Assert.Equal(2, (int)filled[0].Data["missing"]!);
        Assert.Equal("done", filled[^1].EventType);
        Assert.Equal((0, 2), ((int)filled[^1].Data["missing"]!, (int)filled[^1].Data["decidednow"]!));
        var inbox = Assert.Single(filled[^1].Data["folders"]!.AsArray(), folder => (string)folder!["foldername"]! == "Inbox")!;
        Assert.Equal((3, 3, 3), ((int)inbox["observed"]!, (int)inbox["decided"]!, (int)inbox["tracked"]!));
        using var undated = await ana.SendAsync("POST", $"{path}/audit", new { });
        await undated.RefusedAsync(HttpStatusCode.BadRequest, "Say from which day on");

        using var disabled = await ana.SendAsync("POST", $"{path}/disable");
        Assert.False((bool)(await disabled.JsonAsync())["enabledforincomingemail"]!);
        using var closed = await ana.SendAsync("POST", $"{path}/audit", new { since = "2026-01-01" });
        await closed.RefusedAsync(HttpStatusCode.BadGateway, "may not be read now");
    }

    [Fact]
    public async Task What_a_folder_rule_would_bring_in_is_told_before_it_is_made()
    {
        await using var mailbox = (await DovecotServer.GetAsync()).CreateUser();
        await mailbox.CreateFolderAsync("INBOX/Fair");
        await mailbox.DeliverAsync("INBOX/Fair", DovecotMailbox.Mail("fair-old@fabrikam.com"), Old);
        await mailbox.DeliverAsync("INBOX/Fair", DovecotMailbox.Mail("fair-new@fabrikam.com"));
        var address = ApiSilo.Mail(mailbox.Address);
        await silo.Client.SaveMailboxAsync(new MailboxFacts(address, new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.None, []));
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        var path = $"/api/tracking/mailboxes/{mailbox.Address}/folder-rule-previews/Inbox/Fair";
        var without = await ana.ReadAsync(path);
        Assert.Null(without["newemails"]);
        Assert.Contains("has no server", (string)without["problem"]!, StringComparison.Ordinal);

        // What lies there from before the start stays out, and so does what the rule is not for.
        Assert.Null(await silo.Client.SaveProfileAsync(mailbox.Profile));
        Assert.Null(await silo.Client.ConnectMailboxAsync(new MailboxConnection
        {
            Mailbox = address,
            Profile = mailbox.Profile.Name,
            UserName = mailbox.Login.UserName,
            Secret = mailbox.Login.Secret,
            StartsOn = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-1)),
            Approval = AccessApproval.Approved,
            IsEnabled = true,
        }));
        Assert.Equal(1, (int)(await ana.ReadAsync(path))["newemails"]!);
        Assert.Equal(0, (int)(await ana.ReadAsync($"{path}?until=2026-02-01"))["newemails"]!);
        Assert.Contains("There is no folder", (string)(await ana.ReadAsync(path + "ness"))["problem"]!, StringComparison.Ordinal);

        using var set = await ana.SendAsync("PUT", $"/api/tracking/mailboxes/{mailbox.Address}/folder-rules/Inbox/Fair", new { });
        Assert.True(set.IsSuccessStatusCode);
        using var looked = await ana.SendAsync("POST", $"/api/tracking/mailboxes/{mailbox.Address}/look");
        Assert.Equal("healthy", (string)(await looked.JsonAsync())["state"]!);
        var after = await ana.ReadAsync(path);
        Assert.Equal((1, 0), ((int)after["trackedemails"]!, (int)after["newemails"]!));
    }

    [Fact]
    public async Task Alerts_are_told_to_whom_the_mailbox_belongs()
    {
        await using var mailbox = (await DovecotServer.GetAsync()).CreateUser();
        var address = ApiSilo.Mail(mailbox.Address);
        await silo.Client.SaveMailboxAsync(new MailboxFacts(address, new RecordReference(Tables.SystemUser, ApiSilo.Ben), IsQueue: false, FilterMethod.All, []));
        Assert.Null(await silo.Client.SaveProfileAsync(mailbox.Profile));
        Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_WRONG", "wrong");
        Assert.Null(await silo.Client.ConnectMailboxAsync(new MailboxConnection
        {
            Mailbox = address,
            Profile = mailbox.Profile.Name,
            UserName = mailbox.Login.UserName,
            Secret = "env:EMAILTRACKING_TEST_WRONG",
            StartsOn = DateOnly.FromDateTime(DateTime.UtcNow),
            Approval = AccessApproval.Approved,
        }));
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        using var tested = await ben.SendAsync("POST", $"/api/tracking/mailboxes/{mailbox.Address}/test", new { enable = true });
        var test = await tested.JsonAsync();
        Assert.Equal((false, false), ((bool)test["isopened"]!, (bool)test["enabledforincomingemail"]!));
        Assert.NotNull(test["nextstep"]);

        // Enabled all the same, reading it fails, and whoever looks is told so.
        var status = await silo.Client.ReadMailboxStatusAsync(address);
        Assert.Null(await silo.Client.ConnectMailboxAsync(status!.Connection with { IsEnabled = true }));
        using var looked = await ben.SendAsync("POST", $"/api/tracking/mailboxes/{mailbox.Address}/look");
        var health = await looked.JsonAsync();
        Assert.Equal(("stopped", "signin"), ((string)health["state"]!, (string)health["kind"]!));
        var alert = Assert.Single((await ben.ReadAsync("/api/tracking/alerts"))["value"]!.AsArray())!;
        Assert.Equal((mailbox.Address, 3), ((string)alert["mailbox"]!, (int)alert["traceloglevel"]!));
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        Assert.DoesNotContain((await ana.ReadAsync("/api/tracking/alerts?all=true"))["value"]!.AsArray(), one => (string?)one!["mailbox"] == mailbox.Address);
        using var keeper = await silo.AsAsync(Role.Operator);
        Assert.Contains((await keeper.ReadAsync("/api/tracking/alerts"))["value"]!.AsArray(), one => (string?)one!["mailbox"] == mailbox.Address);
        Assert.Null(await silo.Client.ConnectMailboxAsync(status.Connection));
    }

    private static async Task<List<(string EventType, JsonNode Data)>> EventsAsync(HttpClient client, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Asking.Path(path)) { Content = JsonContent.Create(body) };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync())}");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var events = new List<(string, JsonNode)>();
        await foreach (var one in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            events.Add((one.EventType, JsonNode.Parse(one.Data)!));
        }

        return events;
    }
}
