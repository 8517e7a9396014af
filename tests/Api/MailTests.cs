using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>Mail through the API: found, explained, in its conversation and timeline, by those who may see it and by nobody else.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class MailTests(ApiSilo silo) : IAsyncLifetime
{
    private const string Canary = "kingfisher";
    private const string Danas = "danas@adatum.com";
    private const string Evans = "evans@adatum.com";
    private const string Reply = "reply@contoso.com";
    private const string Shared = "shared@adatum.com";
    private const string Private = "private@adatum.com";

    private static readonly Guid Dana = new(21, 0, 0, new byte[8]);
    private static readonly Guid Evan = new(22, 0, 0, new byte[8]);
    private static readonly RecordReference Deal = new(Tables.Opportunity, new Guid(9, 0, 0, new byte[8]));

    public async Task InitializeAsync()
    {
        if (await silo.Client.ExplainAsync(Reply) is null)
        {
            await LoadAsync();
        }

        await ListedAsync(new ListQuery { Visible = [], Text = "adatum" }, 4);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task LoadAsync()
    {
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(Deal, true, Evan, DateTimeOffset.UnixEpoch), "Desks", [])]);
        foreach (var (address, filter) in new[] { ("dana@contoso.com", FilterMethod.All), ("evan@contoso.com", FilterMethod.Replies) })
        {
            await silo.Client.EnsureMailboxAsync(new MailboxFacts(
                ApiSilo.Mail(address), new RecordReference(Tables.SystemUser, address[0] == 'd' ? Dana : Evan), false, filter, []));
        }

        await DeliverAsync("dana@contoso.com", Danas, "zoe@adatum.com", "dana@contoso.com", "Blue desks");
        await DeliverAsync("dana@contoso.com", Shared, "zoe@adatum.com", "dana@contoso.com", "For both");
        await DeliverAsync("evan@contoso.com", Shared, "zoe@adatum.com", "dana@contoso.com", "For both");
        await DeliverAsync("evan@contoso.com", Private, "zoe@adatum.com", "evan@contoso.com", $"Private {Canary}");
        await DeliverAsync("evan@contoso.com", Evans, "zoe@adatum.com", "evan@contoso.com", $"Secret {Canary}");
        await ActAsync(ActKind.Track, Evans, null);
        await DeliverAsync("evan@contoso.com", Reply, "evan@contoso.com", "zoe@adatum.com", $"Re: Secret {Canary}", Evans);
    }

    private async Task ListedAsync(ListQuery query, int count)
    {
        var until = DateTime.UtcNow.AddMinutes(1);
        while ((await silo.Client.ListAsync(Principal.Local, query)).Emails is var emails && emails.Length < count)
        {
            Assert.True(DateTime.UtcNow < until, $"Listed so far: {string.Join(' ', emails.Select(email => email.Activity!.MessageId))}");
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Mail_is_found_by_what_is_asked_page_by_page()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        Assert.Equal([Danas], await IdsAsync(admin, "/api/tracking/emails?search=blue desk*"));
        Assert.Equal([Danas], await IdsAsync(admin, "/api/tracking/emails?search=body -both -secret&address=zoe@adatum.com&mailbox=dana@contoso.com&hasregarding=false"));
        Assert.Equal([Reply], await IdsAsync(admin, "/api/tracking/emails?correlationmethod=3&address=evan@contoso.com"));

        var first = await admin.ReadAsync("/api/tracking/emails?search=adatum&top=3&count=true");
        Assert.Equal((3, 4, false), (first["value"]!.AsArray().Count, (int)first["count"]!, (bool)first["totalrecordcountlimitexceeded"]!));
        var last = await admin.ReadAsync((string)first["nextlink"]!);
        Assert.Single(last["value"]!.AsArray());
        Assert.Null(last["nextlink"]);
    }

    [Theory]
    [InlineData("top=0", "1 to 1000")]
    [InlineData("mailbox=nothing", "address of a mailbox")]
    [InlineData("correlationmethod=9", "0 to 7")]
    [InlineData("address=nothing", "email address")]
    public async Task What_is_asked_wrongly_is_told(string query, string words)
    {
        using var reader = await silo.AsAsync(Role.Reader, Dana);
        (await reader.RefusedAsync(HttpStatusCode.BadRequest, Asking.Path($"/api/tracking/emails?{query}"), words)).Dispose();
    }

    [Fact]
    public async Task Own_mail_is_seen_and_foreign_mail_is_as_if_it_were_not_there()
    {
        using var dana = await silo.AsAsync(Role.Reader, Dana);
        Assert.Equal(new[] { Danas, Shared }.Order(), (await IdsAsync(dana, "/api/tracking/emails")).Order());
        var evans = (await silo.Client.ExplainAsync(Evans))!.Email.Activity!;
        string[] paths =
        [
            $"/api/tracking/emails?search={Canary}", "/api/tracking/emails?mailbox=evan@contoso.com", $"/api/tracking/records/opportunity/{Deal.Id}/timeline",
            $"/api/tracking/emails/{Evans}", $"/api/tracking/emails/{Private}", $"/api/tracking/emails/{Reply}", $"/api/tracking/emails/{evans.ActivityId}",
            $"/api/tracking/emails/{Evans}/why", $"/api/tracking/emails/{Private}/why", $"/api/tracking/emails/{Evans}/raw",
            $"/api/tracking/emails/{Evans}/body", $"/api/tracking/emails/{Evans}/attachments", $"/api/tracking/emails/{Evans}/attachments/0",
            $"/api/tracking/conversations/{evans.State.ConversationId}", $"/api/data/v9.2/emails({evans.ActivityId})", $"/api/tracking/emails/{Shared}/why",
        ];
        foreach (var path in paths)
        {
            using var answer = await dana.GetAsync(Asking.Path(path));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain(Canary, text, StringComparison.OrdinalIgnoreCase);
            Assert.True(
                answer.StatusCode == HttpStatusCode.NotFound || path.Contains('?', StringComparison.Ordinal) || path.Contains("timeline", StringComparison.Ordinal) ||
                path.Contains(Shared, StringComparison.Ordinal),
                $"{path}: {answer.StatusCode} {text}");
        }

        // Who else got it is theirs to know.
        var shared = await dana.ReadAsync($"/api/tracking/emails/{Shared}/why");
        Assert.Equal("dana@contoso.com", (string?)Assert.Single(shared["email"]!["mailboxes"]!.AsArray()));
        Assert.DoesNotContain("evan@contoso.com", shared.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_see_a_mail_sees_all_of_it()
    {
        using var evan = await silo.AsAsync(Role.Reader, Evan);
        Assert.Equal("Skipped", (string?)(await evan.ReadAsync($"/api/tracking/emails/{Private}"))["outcome"]);
        var why = await evan.ReadAsync($"/api/tracking/emails/{Uri.EscapeDataString(Evans)}/why");
        Assert.Contains(why["why"]!.AsArray(), sentence => ((string)sentence!).Contains("track", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(why["parties"]!.AsArray(), party => (string?)party!["addressused"] == "evan@contoso.com");
        var raw = await evan.GetAsync(Asking.Path($"/api/tracking/emails/{Reply}/raw"));
        Assert.Equal("attachment", raw.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains(Canary, await raw.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var conversation = await evan.ReadAsync($"/api/tracking/conversations/{why["email"]!["activity"]!["conversationtrackingid"]}");
        Assert.Equal(2, conversation["emails"]!.AsArray().Count);
        Assert.Equal(0, (int)conversation["hiddencount"]!);
    }

    [Fact]
    public async Task What_was_decided_of_mail_that_is_not_tracked_is_listed_for_the_owners_of_its_mailboxes()
    {
        var evans = (await silo.Client.ExplainAsync(Private))!.Email.Key.ToString();
        using var evan = await silo.AsAsync(Role.Reader, Evan);
        var left = (await evan.ReadAsync("/api/tracking/decisions?outcome=untracked&reason=nocorrelationmatch&mailbox=evan@contoso.com"))["value"]!.AsArray();
        var decision = Assert.Single(left, one => (string?)one!["key"] == evans)!;
        Assert.Equal(("evan@contoso.com", "Inbox", "Skipped"), ((string?)decision["mailbox"], (string?)decision["folder"], (string?)decision["outcome"]));
        Assert.Contains("answers to tracked mail", (string?)decision["why"], StringComparison.Ordinal);
        Assert.Equal("Skipped", (string?)(await evan.ReadAsync($"/api/tracking/decisions/{evans}"))["email"]!["outcome"]);
        Assert.Equal("Skipped", (string?)(await evan.ReadAsync($"/api/tracking/decisions/{Private}"))["email"]!["outcome"]);

        // Page by page it is the same; whoever has no part in it sees none of it.
        using var admin = await silo.AsAsync(Role.Administrator);
        var paged = new List<string>();
        for (var next = "/api/tracking/decisions?top=2"; next is not null;)
        {
            var page = await admin.ReadAsync(next);
            paged.AddRange(page["value"]!.AsArray().Select(one => $"{one!["key"]} {one["mailbox"]} {one["folder"]}"));
            next = (string?)page["nextlink"];
        }

        Assert.Distinct(paged);
        Assert.Contains($"{evans} evan@contoso.com Inbox", paged);
        using var dana = await silo.AsAsync(Role.Reader, Dana);
        var danas = (await dana.ReadAsync("/api/tracking/decisions?top=200"))["value"]!.AsArray();
        Assert.NotEmpty(danas);
        Assert.All(danas, one => Assert.Equal("dana@contoso.com", (string?)one!["mailbox"]));
        Assert.Empty((await dana.ReadAsync("/api/tracking/decisions?mailbox=evan@contoso.com"))["value"]!.AsArray());
        (await dana.RefusedAsync(HttpStatusCode.NotFound, Asking.Path($"/api/tracking/decisions/{evans}"))).Dispose();
        using var nobodys = await silo.AsAsync(Role.Reader, Guid.NewGuid());
        Assert.Empty((await nobodys.ReadAsync("/api/tracking/decisions"))["value"]!.AsArray());
    }

    [Theory]
    [InlineData("outcome=maybe", "tracked or untracked")]
    [InlineData("reason=weather", "NoCorrelationMatch")]
    [InlineData("reason=9999", "NoCorrelationMatch")]
    [InlineData("mailbox=nothing", "address of a mailbox")]
    [InlineData("top=201", "1 to 200")]
    [InlineData("before=!", "Follow nextlink")]
    [InlineData("before=e30", "Follow nextlink")]
    public async Task What_is_asked_wrongly_of_the_decisions_is_told(string query, string words)
    {
        using var reader = await silo.AsAsync(Role.Reader, Dana);
        (await reader.RefusedAsync(HttpStatusCode.BadRequest, Asking.Path($"/api/tracking/decisions?{query}"), words)).Dispose();
    }

    [Fact]
    public async Task A_body_is_shown_in_a_frame_that_may_do_nothing_and_files_are_downloads()
    {
        const string Id = "files@adatum.com";
        await silo.Client.DeliverAsync("dana@contoso.com", "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"""
            From: zoe@adatum.com
            To: dana@contoso.com
            Subject: With files
            Date: Mon, 2 Mar 2026 10:00:00 +0000
            Message-ID: <{Id}>
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: text/html

            <p onclick=x()>Hello</p>
            --m
            Content-Type: text/html; name=page.html

            <script>x()</script>
            --m
            Content-Type: text/html; name=notes.txt

            Notes.
            --m--
            """.ReplaceLineEndings("\r\n"))), null);
        using var dana = await silo.AsAsync(Role.Reader, Dana);

        using var body = await dana.GetAsync(Asking.Path($"/api/tracking/emails/{Id}/body"));
        Assert.Contains("<p>Hello</p>", await body.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith("sandbox allow-popups", Assert.Single(body.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", Assert.Single(body.Headers.GetValues("X-Frame-Options")));

        var files = (await dana.ReadAsync($"/api/tracking/emails/{Id}/attachments"))["value"]!.AsArray();
        Assert.Equal([("page.html", true), ("notes.txt", false)], files.Select(file => ((string)file!["filename"]!, (bool)file["isblocked"]!)));
        using var notes = await dana.GetAsync(Asking.Path($"/api/tracking/emails/{Id}/attachments/1"));
        Assert.Equal(
            ("application/octet-stream", "attachment", "notes.txt"),
            (notes.Content.Headers.ContentType!.MediaType, notes.Content.Headers.ContentDisposition!.DispositionType, notes.Content.Headers.ContentDisposition.FileName));
        Assert.Equal("Notes.", (await notes.Content.ReadAsStringAsync()).Trim());
        (await dana.RefusedAsync(HttpStatusCode.Forbidden, Asking.Path($"/api/tracking/emails/{Id}/attachments/0"), ".html are not handed out")).Dispose();
        (await dana.RefusedAsync(HttpStatusCode.NotFound, Asking.Path($"/api/tracking/emails/{Id}/attachments/2"), "has 2 attachments")).Dispose();
    }

    [Fact]
    public async Task A_record_has_a_timeline_for_whoever_owns_it()
    {
        await ActAsync(ActKind.Regarding, Evans, Deal);
        using var evan = await silo.AsAsync(Role.Reader, Evan);
        await ListedAsync(new ListQuery { Visible = [], Within = [EmailLists.OfRecord(GrainKeys.DefaultOrganization, Deal)] }, 1);
        Assert.Contains(Evans, await IdsAsync(evan, $"/api/tracking/records/opportunity/{Deal.Id}/timeline"));
    }

    [Fact]
    public async Task One_email_is_answered_as_Dataverse_does()
    {
        using var evan = await silo.AsAsync(Role.Reader, Evan);
        var reply = (await silo.Client.ExplainAsync(Reply))!.Email.Activity!;
        using var answer = await evan.GetAsync(Asking.Path($"/api/data/v9.2/emails({reply.ActivityId})?$select=subject,correlationmethod"));
        var email = (await answer.JsonAsync()).AsObject();
        Assert.Equal(["@odata.context", "@odata.etag", "activityid", "subject", "correlationmethod"], email.Select(pair => pair.Key));
        Assert.Equal((reply.Subject, 3, reply.ActivityId), ((string)email["subject"]!, (int)email["correlationmethod"]!, (Guid)email["activityid"]!));
        Assert.EndsWith("/api/data/v9.2/$metadata#emails(subject,correlationmethod)/$entity", (string)email["@odata.context"]!, StringComparison.Ordinal);
        Assert.Equal("4.0", Assert.Single(answer.Headers.GetValues("OData-Version")));

        using var wrong = await evan.GetAsync(Asking.Path($"/api/data/v9.2/emails({reply.ActivityId})?$select=color"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("'color'", (string)JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["error"]!["message"]!, StringComparison.Ordinal);
        using var none = await evan.GetAsync(Asking.Path($"/api/data/v9.2/emails({Guid.NewGuid()})"));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static async Task<string[]> IdsAsync(HttpClient client, string path) =>
        [.. (await client.ReadAsync(path))["value"]!.AsArray().Select(email => (string)email!["activity"]!["messageid"]!)];

    private async Task ActAsync(ActKind kind, string email, RecordReference? record) => Assert.Null((await silo.Client.ActAsync(
        new Acts.ActCall { Id = Guid.NewGuid(), Kind = kind, By = "tests", Names = [email], Record = record })).Problem);

    private async Task DeliverAsync(string mailbox, string id, string from, string to, string subject, string? answers = null) =>
        await silo.Client.DeliverAsync(mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"""
            From: {from}
            To: {to}
            Subject: {subject}
            Date: Mon, 2 Mar 2026 09:00:00 +0000
            Message-ID: <{id}>
            {(answers is null ? "X-None: 1" : $"In-Reply-To: <{answers}>")}

            The body of {subject}.
            """.ReplaceLineEndings("\r\n"))), null);
}
