using System.Net;
using System.Text;
using EmailTracking.Access;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>A user who sees and tracks mail of another's mailbox for them.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class DelegateTests(ApiSilo silo)
{
    private const string Mailbox = "delegated@contoso.com";

    [Fact]
    public async Task A_delegate_sees_and_tracks_mail_for_the_owner_in_both_names_until_the_owner_says_otherwise()
    {
        await silo.Client.SaveMailboxAsync(new MailboxFacts(
            ApiSilo.Mail(Mailbox), new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.None, []));
        await DeliverAsync("delegated-1@fabrikam.com");
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        var delegates = $"/api/tracking/mailboxes/{Mailbox}/delegates";
        await ben.RefusedAsync(HttpStatusCode.NotFound, Asking.Path("/api/tracking/emails/delegated-1@fabrikam.com"));
        using var grab = await ben.SendAsync("PUT", $"{delegates}/{ApiSilo.Ben}");
        await grab.RefusedAsync(HttpStatusCode.Forbidden, "not a mailbox of yours");

        using var added = await ana.SendAsync("PUT", $"{delegates}/{ApiSilo.Ben}");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        var listed = Assert.Single((await ana.ReadAsync(delegates))["value"]!.AsArray())!;
        Assert.Equal(ApiSilo.Ben, (Guid)listed["systemuserid"]!);
        Assert.StartsWith("test (key:", (string)listed["createdby"]!, StringComparison.Ordinal);

        await ben.ReadAsync("/api/tracking/emails/delegated-1@fabrikam.com");
        Assert.Contains((await ben.ReadAsync($"/api/tracking/decisions?mailbox={Mailbox}"))["value"]!.AsArray(), row => (string)row!["mailbox"]! == Mailbox);
        using var done = await ben.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "delegated-1@fabrikam.com" } });
        var act = (Guid)(await done.JsonAsync())["id"]!;
        var history = Assert.Single((await ana.ReadAsync("/api/tracking/acts?email=delegated-1@fabrikam.com"))["value"]!.AsArray())!;
        Assert.EndsWith($") for {Mailbox}", (string)history["createdby"]!, StringComparison.Ordinal);

        // What is the owner's to decide stays theirs: the mailbox itself is not the delegate's.
        await ben.RefusedAsync(HttpStatusCode.Forbidden, Asking.Path($"/api/tracking/mailboxes/{Mailbox}"));
        using var more = await ben.SendAsync("PUT", $"{delegates}/{ApiSilo.Ben}");
        await more.RefusedAsync(HttpStatusCode.Forbidden, "not a mailbox of yours");

        using var pending = await ben.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "<delegated-2@fabrikam.com>" }, mailbox = Mailbox });
        Assert.Equal(1, (int)(await pending.JsonAsync())["pending"]!);
        var waits = Assert.Single((await ben.ReadAsync("/api/tracking/acts/pending"))["value"]!.AsArray())!;
        Assert.EndsWith($") for {Mailbox}", (string)waits["createdby"]!, StringComparison.Ordinal);
        using var taken = await ben.SendAsync("POST", $"/api/tracking/acts/{waits["id"]}/undo");
        await taken.JsonAsync();
        using var undone = await ben.SendAsync("POST", $"/api/tracking/acts/{act}/undo");
        await undone.JsonAsync();

        using var admin = await silo.AsAsync(Role.Administrator);
        var log = (await admin.ReadAsync("/api/tracking/audit-log?count=50"))["value"]!.AsArray();
        Assert.Contains(log, entry => (string)entry!["operation"]! == "add-mailbox-delegate");
        Assert.Contains(log, entry => (string)entry!["operation"]! == "act-for-owner" && ((string)entry["principalname"]!).EndsWith($" for {Mailbox}", StringComparison.Ordinal));

        using var removed = await ana.SendAsync("DELETE", $"{delegates}/{ApiSilo.Ben}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await ben.RefusedAsync(HttpStatusCode.NotFound, Asking.Path("/api/tracking/emails/delegated-1@fabrikam.com"));
        using var foreign = await ben.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "delegated-1@fabrikam.com" } });
        await foreign.RefusedAsync(HttpStatusCode.NotFound, "was seen in a mailbox of yours");
    }

    [Fact]
    public async Task Who_is_no_user_or_the_owner_is_no_delegate_and_a_reader_who_is_one_only_sees()
    {
        await silo.Client.SaveMailboxAsync(new MailboxFacts(
            ApiSilo.Mail(Mailbox), new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.None, []));
        await DeliverAsync("delegated-3@fabrikam.com");
        using var admin = await silo.AsAsync(Role.Administrator);
        var delegates = $"/api/tracking/mailboxes/{Mailbox}/delegates";
        using var nobody = await admin.SendAsync("PUT", $"{delegates}/{Guid.NewGuid()}");
        await nobody.RefusedAsync(HttpStatusCode.UnprocessableEntity, "There is no user");
        using var owner = await admin.SendAsync("PUT", $"{delegates}/{ApiSilo.Ana}");
        await owner.RefusedAsync(HttpStatusCode.UnprocessableEntity, "the mailbox's owner");
        using var added = await admin.SendAsync("PUT", $"{delegates}/{ApiSilo.Ben}");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        using var reader = await silo.AsAsync(Role.Reader, ApiSilo.Ben);
        await reader.ReadAsync("/api/tracking/emails/delegated-3@fabrikam.com");
        using var act = await reader.SendAsync("POST", "/api/tracking/acts/track", new { emails = new[] { "delegated-3@fabrikam.com" } });
        await act.RefusedAsync(HttpStatusCode.Forbidden);
        using var removed = await admin.SendAsync("DELETE", $"{delegates}/{ApiSilo.Ben}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    private async Task DeliverAsync(string id)
    {
        using var raw = new MemoryStream(Encoding.ASCII.GetBytes(
            $"Message-ID: <{id}>\r\nDate: Sat, 31 Jan 2026 12:00:00 +0000\r\nFrom: bo@fabrikam.com\r\nTo: {Mailbox}\r\nSubject: {id}\r\n\r\nHi\r\n"));
        await silo.Client.DeliverAsync(new Delivery(Mailbox, "Inbox", null, null), raw);
    }
}
