using System.Net;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Tests.Api;

/// <summary>The document that says what the API takes and answers.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class DescriptionTests(ApiSilo silo)
{
    [Fact]
    public async Task Every_operation_is_described_once_with_what_it_takes_and_answers()
    {
        using var nobody = silo.With(null);
        var document = await nobody.ReadAsync("/api/openapi.json");
        Assert.Equal("3.1", ((string)document["openapi"]!)[..3]);
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(one => (Name: $"{one.Key.ToUpperInvariant()} {path.Key}", Operation: one.Value!)))
            .ToList();
        var endpoints = from endpoint in silo.Server.Endpoints.OfType<RouteEndpoint>()
                        let route = endpoint.RoutePattern.RawText!.TrimEnd('/')
                        where route.StartsWith("/api/", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<AccessRule>() is not { Target: AccessTarget.Open }
                        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                        select $"{method} {route}";
        Assert.Equal(
            endpoints.Select(Plain).Order(StringComparer.Ordinal), operations.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Distinct(operations.Select(one => (string)one.Operation["operationId"]!));
        Assert.All(operations, one => Assert.NotEmpty((string)one.Operation["summary"]!));
        Assert.All(operations, one => Assert.NotEmpty(one.Operation["tags"]!.AsArray()));
        Assert.All(operations, one => Assert.NotEmpty(one.Operation["responses"]!.AsObject()));
    }

    [Fact]
    public async Task Names_are_as_they_are_sent()
    {
        using var nobody = silo.With(null);
        var document = await nobody.ReadAsync("/api/openapi.json");
        var schemas = document["components"]!["schemas"]!.AsObject();
        Assert.Contains("incomingemailfilteringmethod", schemas["MailboxAnswer"]!["properties"]!.AsObject().Select(one => one.Key));
        Assert.Contains("@odata.etag", schemas["OptionAnswer"]!["properties"]!.AsObject().Select(one => one.Key));
        Assert.Equal("bearer", (string)document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!);
        var delivery = document["paths"]!["/api/tracking/mailboxes/{address}/emails"]!["post"]!;
        Assert.Contains("message/rfc822", delivery["requestBody"]!["content"]!.AsObject().Select(one => one.Key));
        Assert.Equal("Needs the privilege delivermail.", (string)delivery["description"]!);
    }

    [Fact]
    public async Task The_page_for_it_asks_nobody_else()
    {
        using var nobody = silo.With(null);

        // As a link on another web site opens it.
        using var request = new HttpRequestMessage(HttpMethod.Get, Asking.Path("/api/docs/"));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var page = await nobody.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        Assert.Contains($"nonce=\"{nonce}\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var again = await nobody.GetAsync(Asking.Path("/api/docs/"));
        Assert.DoesNotContain(nonce, again.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var script = await nobody.GetAsync(Asking.Path("/api/docs/scalar.js"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
    }

    // The document has no constraints of routes.
    private static string Plain(string route) => System.Text.RegularExpressions.Regex.Replace(route, @"\{\**(\w+)(:\w+)?\}", "{$1}");
}
