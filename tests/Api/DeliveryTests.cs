using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Api;

/// <summary>Raw mail that programs bring, and what of it cannot be decided.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class DeliveryTests(ApiSilo silo)
{
    private const string Emails = "/api/tracking/mailboxes/support@contoso.com/emails";

    [Fact]
    public async Task A_message_is_delivered_once_however_often_it_is_sent()
    {
        using var program = await silo.AsAsync(Role.Operator);
        var raw = Mail("api-once@fabrikam.com");
        var first = await DeliveredAsync(program, Emails, raw);
        Assert.Equal(("tracked", true), ((string)first["outcome"]!, (bool)first["isfirst"]!));
        var again = await DeliveredAsync(program, Emails, raw);
        Assert.Equal(("tracked", false, (Guid)first["activityid"]!), ((string)again["outcome"]!, (bool)again["isfirst"]!, (Guid)again["activityid"]!));
        using var kept = await silo.Client.OpenRawAsync((Guid)first["activityid"]!);
        using var reader = new StreamReader(kept!, Encoding.Latin1);
        Assert.Equal(raw, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_message_of_many_parts_comes_through_byte_for_byte()
    {
        using var program = await silo.AsAsync(Role.Operator);
        var raw = Mail("api-large@fabrikam.com", string.Concat(Enumerable.Range(0, 60_000).Select(line => $"This is line {line} of a long message.\r\n")));
        Assert.True(raw.Length > 2 * IIntakeGrain.PartBytesMax);
        var answer = await DeliveredAsync(program, Emails, raw);
        using var kept = await silo.Client.OpenRawAsync((Guid)answer["activityid"]!);
        using var reader = new StreamReader(kept!, Encoding.Latin1);
        Assert.Equal(raw, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task An_operation_is_used_for_one_message()
    {
        using var program = await silo.AsAsync(Role.Operator);
        await DeliveredAsync(program, Emails, Mail("api-op-1@fabrikam.com"), operation: "night-1");
        await DeliveredAsync(program, Emails, Mail("api-op-1@fabrikam.com"), operation: "night-1");
        using var other = await SendAsync(program, Emails, Mail("api-op-2@fabrikam.com"), operation: "night-1");
        await other.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Operation night-1 was used for another message");
    }

    [Fact]
    public async Task What_can_never_be_taken_is_told_apart_from_what_is_to_be_sent_again()
    {
        using var program = await silo.AsAsync(Role.Administrator);
        using var nobody = await SendAsync(program, "/api/tracking/mailboxes/nobody@contoso.com/emails", Mail("api-nobody@fabrikam.com"));
        await nobody.RefusedAsync(HttpStatusCode.NotFound, "There is no mailbox nobody@contoso.com.");
        using var json = await program.SendAsync("POST", Emails, new { });
        await json.RefusedAsync(HttpStatusCode.UnsupportedMediaType, "Content-Type: message/rfc822");
        using var empty = await SendAsync(program, Emails, "");
        await empty.RefusedAsync(HttpStatusCode.BadRequest, "Send the message as the body");
        using var huge = new HttpRequestMessage(HttpMethod.Post, Asking.Path(Emails)) { Content = new Zeros(EmailTrackingClient.MessageBytesMax + 1L) };
        huge.Headers.ExpectContinue = true;
        using var refused = await program.SendAsync(huge);
        await refused.RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "docs/options.md");

        // No mail at all is kept as a dead letter, shown to whose mailbox it is, and tried again when asked for.
        using var wrong = await SendAsync(program, Emails, "\0\0\0 this is no mail");
        await wrong.RefusedAsync(HttpStatusCode.UnprocessableEntity, "kept as a dead letter");
        using var ana = silo.With(silo.Issuer.Token("ana"));
        var letter = Assert.Single((await ana.ReadAsync("/api/tracking/dead-letters"))["value"]!.AsArray(), one => (string)one!["mailbox"]! == "support@contoso.com")!;
        Assert.True((bool)letter["iskept"]!);
        using var ben = await silo.AsAsync(Role.User, ApiSilo.Ben);
        Assert.Empty((await ben.ReadAsync("/api/tracking/dead-letters"))["value"]!.AsArray());
        var path = $"/api/tracking/mailboxes/support@contoso.com/dead-letters/{(string)letter["item"]!}";
        Assert.Equal((string)letter["failedon"]!, (string)(await ana.ReadAsync($"{path}?folder=Inbox"))["failedon"]!);
        using var retried = await ana.SendAsync("POST", $"{path}/retry?folder=Inbox");
        await retried.RefusedAsync(HttpStatusCode.UnprocessableEntity, "It is a dead letter still");
        await ana.RefusedAsync(HttpStatusCode.NotFound, Asking.Path($"{path}?folder=Other"), "There is no such dead letter.");
    }

    [Fact]
    public async Task A_file_of_many_messages_is_delivered_as_old_mail()
    {
        using var program = await silo.AsAsync(Role.Operator);
        var mbox = string.Concat(Enumerable.Range(0, 40).Select(i => $"From ana@fabrikam.com Sat Jan 31 12:00:00 2026\n{Mail($"api-batch-{i % 30}@fabrikam.com").ReplaceLineEndings("\n")}\n"));
        var answer = await DeliveredAsync(program, $"{Emails}/batch?folder=Old", mbox, "application/mbox", "batch-1");
        Assert.Equal(40, (int)answer["seen"]!);
        Assert.Equal(30, (int)answer["tracked"]!);
        Assert.Equal(40, (int)answer["tracked"]! + (int)answer["alreadytracked"]! + (int)answer["failed"]!);

        // Message 31 is message 1 once more, under another operation: that is no other message.
        Assert.Equal(0, (int)answer["failed"]!);
        using var packed = await SendAsync(program, $"{Emails}/batch", "\u001f\u008b\u0008", "application/mbox");
        await packed.RefusedAsync(HttpStatusCode.UnsupportedMediaType, "The file is compressed.");
        var nothing = await DeliveredAsync(program, $"{Emails}/batch", "This is no mailbox.", "application/mbox");
        Assert.Equal((1, 1), ((int)nothing["seen"]!, (int)nothing["failed"]!));
        Assert.Contains("neither an mbox nor an email", (string)nothing["problems"]![0]!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_answers_where_it_hangs_and_why_it_is_not_tracked()
    {
        var address = ApiSilo.Mail("quiet@contoso.com");
        await silo.Client.SaveMailboxAsync(new MailboxFacts(address, new RecordReference(Tables.SystemUser, ApiSilo.Ana), IsQueue: false, FilterMethod.None, []));
        using var ana = await silo.AsAsync(Role.User, ApiSilo.Ana);
        var answer = await DeliveredAsync(ana, "/api/tracking/mailboxes/quiet@contoso.com/emails?folder=Inbox&receivedon=2026-01-31T12:00Z", Mail("api-quiet@fabrikam.com"));
        Assert.Equal("skipped", (string)answer["outcome"]!);
        Assert.NotEmpty((string)answer["reason"]!);
        Assert.Null(answer["activityid"]);
    }

    private static string Mail(string id, string body = "Hi\r\n") =>
        $"Message-ID: <{id}>\r\nDate: Sat, 31 Jan 2026 12:00:00 +0000\r\nFrom: ana@fabrikam.com\r\nTo: support@contoso.com\r\nSubject: Pump\r\n\r\n{body}";

    private static async Task<JsonNode> DeliveredAsync(
        HttpClient client, string path, string raw, string type = "message/rfc822", string? operation = null)
    {
        using var answer = await SendAsync(client, path, raw, type, operation);
        return await answer.JsonAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string path, string raw, string type = "message/rfc822", string? operation = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Asking.Path(path)) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(raw)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (operation is not null)
        {
            request.Headers.Add("Operation-Id", operation);
        }

        return await client.SendAsync(request);
    }

    /// <summary>As many bytes as it says, which nobody has to hold.</summary>
    private sealed class Zeros : HttpContent
    {
        private readonly long _length;

        public Zeros(long length)
        {
            _length = length;
            Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var part = new byte[81_920];
            for (var left = _length; left > 0; left -= part.Length)
            {
                await stream.WriteAsync(part.AsMemory(0, (int)Math.Min(left, part.Length)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }
}
