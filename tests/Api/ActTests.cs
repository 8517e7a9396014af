using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>What people do to mail by hand through the API.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class ActTests(ApiSilo silo)
{
    [Fact]
    public async Task Mail_is_tracked_and_untracked_in_bulk_and_that_is_taken_back_as_one()
    {
        await silo.Client.SaveMailboxAsync(new MailboxFacts(
            ApiSilo.Mail("acts@contoso.com"), new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.None, []));
        var account = new RecordReference(Tables.Account, Guid.NewGuid());
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(account, IsActive: true, null, DateTimeOffset.UnixEpoch), "Fabrikam", [])]);
        string[] emails = ["act-1@fabrikam.com", "act-2@fabrikam.com"];
        foreach (var email in emails)
        {
            await DeliverAsync("acts@contoso.com", email);
        }

        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        var act = await DoneAsync(ana, "track", new { emails, regardingobjectid = new { logicalname = "account", id = account.Id } });
        var rows = await WaitAsync(emails, row => row.Activity is not null && row.Activity.Regarding == account);
        Assert.Equal(2, rows.Length);
        var history = (await ana.ReadAsync($"/api/tracking/acts?email={emails[0]}"))["value"]!.AsArray();
        Assert.Equal(
            ("track", 2, (Guid)act["id"]!),
            ((string)Assert.Single(history)!["kind"]!, (int)history[0]!["emails"]!, (Guid)history[0]!["id"]!));
        Assert.StartsWith("test (key:", (string)history[0]!["createdby"]!, StringComparison.Ordinal);

        var untracked = (Guid)(await DoneAsync(ana, "untrack", new { emails }))["id"]!;
        await WaitAsync(emails, row => row.Activity is { State.LeftOut: not null });

        // Another key is somebody else, who takes nothing back of hers.
        using var other = await silo.AsAsync(Role.User, ApiSilo.Ana);
        using var foreign = await other.SendAsync("POST", $"/api/tracking/acts/{untracked}/undo");
        await foreign.RefusedAsync(HttpStatusCode.Forbidden, "none of your own acts");
        Assert.Equal(2, (int)(await DoneAsync(ana, $"{untracked}/undo", new { }))["changed"]!);
        await WaitAsync(emails, row => row.Activity is { State.LeftOut: null });
    }

    [Fact]
    public async Task Mail_of_others_is_as_if_it_were_not_there()
    {
        await DeliverAsync("ben@contoso.com", "act-ben@fabrikam.com");
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        using var act = await ana.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "act-ben@fabrikam.com" } });
        await act.RefusedAsync(HttpStatusCode.NotFound, "No email or conversation 'act-ben@fabrikam.com' was seen in a mailbox of yours.");
        using var nothing = await ana.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "act-nobody@fabrikam.com" } });
        await nothing.RefusedAsync(HttpStatusCode.NotFound, "No email or conversation 'act-nobody@fabrikam.com' was seen in a mailbox of yours.");
        await ana.RefusedAsync(HttpStatusCode.NotFound, Asking.Path("/api/tracking/acts?email=act-ben@fabrikam.com"));
        await ana.RefusedAsync(HttpStatusCode.BadRequest, Asking.Path("/api/tracking/acts"), "Say of which email");
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        await DoneAsync(ben, "track", new { emails = new[] { "act-ben@fabrikam.com" } });
    }

    [Fact]
    public async Task A_conversation_is_stopped_merged_split_and_admitted_and_a_wrong_call_says_what_to_do()
    {
        await DeliverAsync("support@contoso.com", "act-a@fabrikam.com");
        await DeliverAsync("support@contoso.com", "act-b@fabrikam.com");
        using var ana = silo.With(silo.Issuer.Token("ana"));
        using var admin = await silo.AsAsync(Role.Administrator);
        string[] both = ["act-a@fabrikam.com", "act-b@fabrikam.com"];
        var merged = await DoneAsync(ana, "merge", new { emails = both });
        var rows = await WaitAsync(both, row => row.Activity is not null);
        Assert.Single(rows.Select(row => row.Activity!.State.ConversationId).Distinct());
        var conversation = rows[0].Activity!.State.ConversationId.ToString();
        await DoneAsync(ana, "stop", new { emails = new[] { conversation } });
        await DoneAsync(ana, "resume", new { emails = new[] { conversation } });
        await DoneAsync(ana, "split", new { emails = new[] { both[1] }, onlythese = true });
        Assert.Equal(2, (await WaitAsync(both, row => row.Activity is not null)).Select(row => row.Activity!.State.ConversationId).Distinct().Count());
        using var admitted = await ana.SendAsync("POST", "/api/tracking/acts/admit", new { emails = new[] { both[0] } });
        Assert.True(admitted.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{admitted.StatusCode}");
        Assert.Contains(
            (await admin.ReadAsync("/api/tracking/acts?count=1000"))["value"]!.AsArray(), act => (Guid)act!["id"]! == (Guid)merged["id"]!);

        await RefusedAsync(ana, "merge", new { emails = new[] { both[0] } }, "Name two");
        await RefusedAsync(ana, "set-regarding", new { emails = new[] { both[0] } }, "Say which record");
        await RefusedAsync(ana, "track", new { }, "Name the emails");
        await RefusedAsync(ana, "resolve", new { emails = new[] { both[0] }, regardingobjectid = new { logicalname = "contact", id = Guid.NewGuid() } }, "Say which address");
        using var unknown = await ana.SendAsync("POST", "/api/tracking/acts/set-regarding", new { emails = new[] { both[0] }, regardingobjectid = new { logicalname = "contact", id = Guid.NewGuid() } });
        await unknown.RefusedAsync(HttpStatusCode.UnprocessableEntity, "There is no record contact/");
    }

    private async Task DeliverAsync(string mailbox, string id)
    {
        using var raw = new MemoryStream(Encoding.ASCII.GetBytes(
            $"Message-ID: <{id}>\r\nDate: Sat, 31 Jan 2026 12:00:00 +0000\r\nFrom: bo@fabrikam.com\r\nTo: {mailbox}\r\nSubject: {id}\r\n\r\nHi\r\n"));
        await silo.Client.DeliverAsync(new Delivery(mailbox, "Inbox", null, null), raw);
    }

    // Copies that are decided again are so by the outbox; the lists tell when something changed.
    private async Task<EmailRow[]> WaitAsync(string[] emails, Func<EmailRow, bool> holds)
    {
        for (var attempt = 1; ; attempt++)
        {
            var mark = (await silo.Client.WatchAsync(Principal.Local, null)).Mark;
            var rows = await Task.WhenAll(emails.Select(async email => (await silo.Client.ExplainAsync(email))!.Email));
            if (rows.All(holds))
            {
                return rows;
            }

            Assert.True(attempt < 100, string.Join("; ", rows.Select(row => $"{row.Outcome} {row.Reason} {row.Activity?.State.LeftOut} {row.Activity?.Regarding}")));
            await silo.Client.WatchAsync(Principal.Local, mark);
        }
    }

    private static async Task<JsonNode> DoneAsync(HttpClient client, string act, object body)
    {
        using var answer = await client.SendAsync("POST", $"/api/tracking/acts/{act}", body);
        return await answer.JsonAsync();
    }

    private static async Task RefusedAsync(HttpClient client, string act, object body, string words)
    {
        using var answer = await client.SendAsync("POST", $"/api/tracking/acts/{act}", body);
        await answer.RefusedAsync(HttpStatusCode.BadRequest, words);
    }
}
