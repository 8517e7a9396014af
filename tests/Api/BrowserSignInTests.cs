using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Access;

namespace EmailTracking.Tests.Api;

/// <summary>People sign in with a browser at the identity provider; a cookie remembers who they are, and only that.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class BrowserSignInTests(ApiSilo silo) : IDisposable
{
    private const string Who = "/api/tracking/whoami";

    private readonly HttpClientHandler _browser = new();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Who_signs_in_comes_back_to_where_they_were_and_is_asked_no_more()
    {
        using var client = Client("ana");
        var me = JsonNode.Parse(await client.GetStringAsync(Uri($"/signin?returnUrl={Who}")))!;
        Assert.Equal(("Ana", "user"), ((string)me["name"]!, (string)me["role"]!));
        Assert.Equal("Ana", (string)(await client.ReadAsync(Who))["name"]!);
        var cookie = Assert.Single(_browser.CookieContainer.GetCookies(silo.Address));
        Assert.True(cookie.HttpOnly);

        // It is sealed: it tells nothing, and nobody can make one.
        Assert.DoesNotContain("ana", Encoding.Latin1.GetString(Convert.FromBase64String(Padded(cookie.Value))), StringComparison.Ordinal);
        _browser.CookieContainer.Add(new Cookie(cookie.Name, cookie.Value[..^8] + "AAAAAAAA", cookie.Path, cookie.Domain));
        (await client.RefusedAsync(HttpStatusCode.Unauthorized, Uri(Who), "Send a key")).Dispose();
    }

    [Fact]
    public async Task Who_signs_out_is_nobody()
    {
        using var client = await SignedInAsync("ana");
        using (await client.GetAsync(Uri("/signin/out")))
        {
        }

        (await client.RefusedAsync(HttpStatusCode.Unauthorized, Uri(Who))).Dispose();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("evil")]
    public async Task One_comes_back_to_a_page_of_ours_only(string address)
    {
        using var client = Client("ana");
        using var answer = await client.GetAsync(Uri($"/signin?returnUrl={System.Uri.EscapeDataString(address)}"));
        Assert.Equal(silo.Address, answer.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task Other_sites_cannot_use_the_cookie()
    {
        using var client = await SignedInAsync("ana");
        foreach (var (header, value) in new[] { ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Uri("/api/tracking/acts/track"))
            {
                Content = new StringContent("{\"emails\":[\"1@x\"]}", Encoding.UTF8, "application/json"),
                Headers = { { header, value } },
            };
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("Another web site asks", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Nor sign anybody out.
        using var away = new HttpRequestMessage(HttpMethod.Get, Uri("/signin/out")) { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var refused = await client.SendAsync(away);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("Ana", (string)(await client.ReadAsync(Who))["name"]!);
    }

    [Fact]
    public async Task Who_is_known_to_the_provider_alone_is_told_what_to_ask_for()
    {
        using var client = Client("stranger");
        (await client.RefusedAsync(
            HttpStatusCode.Forbidden, Uri($"/signin?returnUrl={Who}"), "signed in as 'stranger'", "emailtracking principal set stranger")).Dispose();
    }

    [Fact]
    public async Task What_somebody_may_ends_when_an_administrator_says_so()
    {
        Assert.Null(await silo.Client.SavePersonAsync(new SignedIn("dora", "Dora", Role.Reader, null, [], "tests", default)));
        using var client = await SignedInAsync("dora");
        Assert.Equal("Dora", (string)(await client.ReadAsync(Who))["name"]!);
        Assert.True(await silo.Client.RemovePersonAsync("dora"));
        (await client.RefusedAsync(HttpStatusCode.Forbidden, Uri(Who), "not known here")).Dispose();
    }

    [Fact]
    public async Task An_answer_that_was_not_asked_for_signs_nobody_in()
    {
        using var client = Client("ana");
        (await client.RefusedAsync(HttpStatusCode.Unauthorized, Uri("/signin/callback?code=1&state=2"), "did not sign you in", "/signin")).Dispose();
        Assert.Empty(_browser.CookieContainer.GetCookies(silo.Address));
    }

    private async Task<HttpClient> SignedInAsync(string subject)
    {
        var client = Client(subject);
        using var answer = await client.GetAsync(Uri($"/signin?returnUrl={Who}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return client;
    }

    private HttpClient Client(string subject)
    {
        silo.Issuer.Person = subject;
        return new HttpClient(_browser, disposeHandler: false) { BaseAddress = silo.Address };
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private static string Padded(string text) => text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
}
