using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EmailTracking.Access;

namespace EmailTracking.Tests.Api;

/// <summary>What each filter would make of a mail, through the API.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class PreviewTests(ApiSilo silo)
{
    private const string Letter =
        "Message-ID: <preview-api@fabrikam.com>\r\nDate: Sat, 31 Jan 2026 12:00:00 +0000\r\nFrom: bo@fabrikam.com\r\nTo: ana@contoso.com\r\nSubject: Desks\r\n\r\nHi\r\n";

    [Fact]
    public async Task A_raw_message_is_decided_by_each_filter_with_the_reasons_and_nothing_is_written()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        using var answer = await AskAsync(admin, Letter, "?mailbox=ana@contoso.com");
        var json = await answer.JsonAsync();
        Assert.Equal(
            ("preview-api@fabrikam.com", "Desks", "bo@fabrikam.com", "ana@contoso.com", false),
            ((string)json["messageid"]!, (string)json["subject"]!, (string)json["sender"]!, (string)json["mailbox"]!, (bool)json["isknown"]!));
        var filters = json["filters"]!.AsArray();
        Assert.Equal([0, 1, 2, 3, 4], filters.Select(filter => (int)filter!["incomingemailfilteringmethod"]!));
        Assert.Equal(["tracked", "skipped", "skipped", "skipped", "skipped"], filters.Select(filter => (string)filter!["outcome"]!));
        Assert.Equal("the mailbox takes all mail", (string)filters[0]!["reason"]!);
        Assert.All(filters, filter => Assert.NotEmpty(filter!["why"]!.AsArray()));
        Assert.Null(await silo.Client.ExplainAsync("preview-api@fabrikam.com"));
    }

    [Fact]
    public async Task What_is_no_message_is_refused_with_words()
    {
        using var admin = await silo.AsAsync(Role.Administrator);
        using var address = await AskAsync(admin, Letter, "?mailbox=ana");
        await address.RefusedAsync(HttpStatusCode.BadRequest, "is no mailbox address");
        using var nothing = await AskAsync(admin, "", "");
        await nothing.RefusedAsync(HttpStatusCode.UnprocessableEntity);
        using var type = await admin.SendAsync("POST", "/api/tracking/preview", new { });
        await type.RefusedAsync(HttpStatusCode.UnsupportedMediaType, "message/rfc822");
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string raw, string query)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(raw));
        content.Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
        return await client.PostAsync(Asking.Path($"/api/tracking/preview{query}"), content);
    }
}
