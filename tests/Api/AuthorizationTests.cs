using System.Net;
using System.Text;
using EmailTracking.Access;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Tests.Api;

/// <summary>Every endpoint, every role, own and foreign mailboxes: who may.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class AuthorizationTests(ApiSilo silo)
{
    private const string Own = "ana@contoso.com";
    private const string Foreign = "ben@contoso.com";

    // Scripts and styles: what the pages look like, and no data.
    private static readonly string[] Files = ["/_content/", "/_framework/", "/pages/"];

    // none: refused; own: let in for one's own mailbox; all: let in.
    //   method   path, with ADDRESS for the mailbox                                           reader user operator administrator
    private static readonly (string Method, string Path, string May)[] Table =
    [
        ("GET",    "/api/tracking/whoami",                                                    "all  all  all  all"),
        ("GET",    "/api/tracking/api-keys",                                                  "none none none all"),
        ("POST",   "/api/tracking/api-keys",                                                  "none none none all"),
        ("DELETE", "/api/tracking/api-keys/{id}",                                             "none none none all"),
        ("GET",    "/api/tracking/principals",                                                "none none none all"),
        ("PUT",    "/api/tracking/principals/{subject}",                                      "none none none all"),
        ("DELETE", "/api/tracking/principals/{subject}",                                      "none none none all"),
        ("GET",    "/api/tracking/audit-log",                                                 "none none none all"),
        ("GET",    "/api/tracking/mailboxes",                                                 "all  all  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}",                                       "own  own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/test",                                  "none own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/disable",                               "none own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/look",                                  "none own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/audit",                                 "none own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/backfill",                              "none own  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/options",                               "own  own  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/options/{name}",                        "own  own  all  all"),
        ("PUT",    "/api/tracking/mailboxes/{address}/options/{name}",                        "none own  own  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/options/{name}/preview",                "own  own  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/option-changes",                        "own  own  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/folder-rules",                          "own  own  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/folder-rules/{**folder}",               "own  own  all  all"),
        ("PUT",    "/api/tracking/mailboxes/{address}/folder-rules/{**folder}",               "none own  own  all"),
        ("DELETE", "/api/tracking/mailboxes/{address}/folder-rules/{**folder}",               "none own  own  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/folder-rule-previews/{**folder}",       "own  own  all  all"),
        ("GET",    "/api/tracking/overview",                                                  "all  all  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/delegates",                             "own  own  all  all"),
        ("PUT",    "/api/tracking/mailboxes/{address}/delegates/{systemuser:guid}",           "none own  own  all"),
        ("DELETE", "/api/tracking/mailboxes/{address}/delegates/{systemuser:guid}",           "none own  own  all"),
        ("GET",    "/api/tracking/alerts",                                                    "all  all  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/emails",                                "none own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/emails/batch",                          "none own  all  all"),
        ("GET",    "/api/tracking/dead-letters",                                              "all  all  all  all"),
        ("GET",    "/api/tracking/mailboxes/{address}/dead-letters/{item}",                   "own  own  all  all"),
        ("POST",   "/api/tracking/mailboxes/{address}/dead-letters/{item}/retry",             "none own  all  all"),
        ("GET",    "/api/tracking/settings",                                                  "all  all  all  all"),
        ("GET",    "/api/tracking/settings/{name}",                                           "all  all  all  all"),
        ("PUT",    "/api/tracking/settings/{name}",                                           "none none none all"),
        ("POST",   "/api/tracking/settings/presets/{preset}",                                 "none none none all"),
        ("GET",    "/api/tracking/setting-changes",                                           "all  all  all  all"),
        ("GET",    "/api/tracking/creation-rules",                                            "none none all  all"),
        ("GET",    "/api/tracking/creation-rules/{queue}",                                    "none none all  all"),
        ("PUT",    "/api/tracking/creation-rules/{queue}",                                    "none none none all"),
        ("DELETE", "/api/tracking/creation-rules/{queue}",                                    "none none none all"),
        ("GET",    "/api/tracking/creation-rules/{queue}/versions",                           "none none all  all"),
        ("GET",    "/api/tracking/queues",                                                    "all  all  none all"),
        ("GET",    "/api/tracking/queues/{address}/items",                                    "own  own  none all"),
        ("GET",    "/api/tracking/review/crowded-ids",                                        "none none all  all"),
        ("GET",    "/api/tracking/review/shared-addresses",                                   "none none none all"),
        ("POST",   "/api/tracking/records",                                                   "none none none all"),
        ("GET",    "/api/tracking/records/{table}/{id:guid}",                                 "all  all  none all"),
        ("GET",    "/api/tracking/records/{table}/{id:guid}/preview",                         "none none none all"),
        ("POST",   "/api/tracking/records/{table}/{id:guid}/activate",                        "none none none all"),
        ("POST",   "/api/tracking/records/{table}/{id:guid}/deactivate",                      "none none none all"),
        ("POST",   "/api/tracking/records/{table}/{id:guid}/merge",                           "none none none all"),
        ("POST",   "/api/tracking/records/{table}/{id:guid}/convert",                         "none none none all"),
        ("DELETE", "/api/tracking/records/{table}/{id:guid}",                                 "none none none all"),
        ("PUT",    "/api/tracking/address-choices/{emailaddress}",                            "none none none all"),
        ("DELETE", "/api/tracking/address-choices/{emailaddress}",                            "none none none all"),
        ("GET",    "/api/tracking/address-choices/{emailaddress}/preview",                    "none none none all"),
        ("GET",    "/api/tracking/acts",                                                      "all  all  none all"),
        ("GET",    "/api/tracking/acts/pending",                                              "all  all  none all"),
        ("POST",   "/api/tracking/acts/{id:guid}/undo",                                       "none none none all"),
        ("POST",   "/api/tracking/acts/track",                                                "none all  none all"),
        ("POST",   "/api/tracking/acts/untrack",                                              "none all  none all"),
        ("POST",   "/api/tracking/acts/set-regarding",                                        "none all  none all"),
        ("POST",   "/api/tracking/acts/stop",                                                 "none all  none all"),
        ("POST",   "/api/tracking/acts/resume",                                               "none all  none all"),
        ("POST",   "/api/tracking/acts/admit",                                                "none all  none all"),
        ("POST",   "/api/tracking/acts/merge",                                                "none all  none all"),
        ("POST",   "/api/tracking/acts/split",                                                "none all  none all"),
        ("POST",   "/api/tracking/acts/resolve",                                              "none all  none all"),
        ("POST",   "/preview/sessions",                                                       "none none none all"),
        ("PUT",    "/preview/sessions/{id:guid}/file",                                        "none none none all"),
        ("GET",    "/preview/sessions/{id:guid}",                                             "none none none all"),
        ("GET",    "/preview/sessions/{id:guid}/mails",                                       "none none none all"),
        ("GET",    "/preview/sessions/{id:guid}/mails/{number:int}",                          "none none none all"),
        ("DELETE", "/preview/sessions/{id:guid}",                                             "none none none all"),
        ("GET",    "/api/tracking/emails",                                                    "all  all  none all"),
        ("GET",    "/api/tracking/events",                                                    "all  all  none all"),
        ("GET",    "/api/tracking/emails/{email}",                                            "all  all  none all"),
        ("GET",    "/api/tracking/emails/{email}/why",                                        "all  all  none all"),
        ("GET",    "/api/tracking/decisions",                                                 "all  all  none all"),
        ("GET",    "/api/tracking/decisions/{email}",                                         "all  all  none all"),
        ("POST",   "/api/tracking/preview",                                                   "none none none all"),
        ("GET",    "/api/tracking/emails/{email}/raw",                                        "all  all  none all"),
        ("GET",    "/api/tracking/emails/{email}/body",                                       "all  all  none all"),
        ("GET",    "/api/tracking/emails/{email}/attachments",                                "all  all  none all"),
        ("GET",    "/api/tracking/emails/{email}/attachments/{number:int}",                   "all  all  none all"),
        ("GET",    "/api/tracking/conversations/{conversation:guid}",                         "all  all  none all"),
        ("GET",    "/api/tracking/records/{table}/{id:guid}/timeline",                        "all  all  none all"),
        ("GET",    "/api/data/v9.2/emails({id:guid})",                                        "all  all  none all"),
    ];

    [Fact]
    public void Every_endpoint_has_a_rule_and_a_row()
    {
        Assert.NotEmpty(silo.Server.Endpoints);
        Assert.Empty(silo.Server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null).Select(endpoint => endpoint.DisplayName));
        Assert.Equal(
            Guarded().Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal),
            Table.Select(row => $"{row.Method} {row.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_anybody_may_see_is_a_short_list() => Assert.Equal(
        [
            "/api/docs/favicon.svg", "/api/docs/scalar.aspnetcore.js", "/api/docs/scalar.js", "/api/docs/{documentName?}", "/api/openapi.json",
            "/preview", "/preview/page.js", "/preview/style.css", "/signin", "/signin/out",
        ],
        silo.Server.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { Target: AccessTarget.Open })
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(path => !Files.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_page_tells_who_is_not_let_in_why_and_opens_no_connection()
    {
        using var nobody = silo.With(null);
        foreach (var path in Pages())
        {
            using var answer = await nobody.GetAsync(Asking.Path(Filled(path, Own)));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode} {text}");
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("href=\"/signin?returnUrl=", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<!--Blazor:", text, StringComparison.Ordinal);
        }

        using var connection = await nobody.PostAsync(Asking.Path("/_blazor/negotiate?negotiateVersion=1"), null);
        Assert.Equal(HttpStatusCode.Unauthorized, connection.StatusCode);
        using var unknown = silo.With("et_nonsense");
        using var refused = await unknown.GetAsync(Asking.Path("/"));
        Assert.Contains("This is no whole key.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_is_for_whoever_says_who_they_are()
    {
        var connections = silo.Server.Endpoints.OfType<RouteEndpoint>()
            .Where(IsBlazors).ToArray();
        Assert.NotEmpty(connections);
        Assert.All(connections, endpoint => Assert.Equal(AccessTarget.Themselves, endpoint.Metadata.GetMetadata<AccessRule>()!.Target));
    }

    [Fact]
    public void Whatever_is_not_only_read_is_in_the_audit_log() => Assert.Empty(Guarded()
        .Where(endpoint => !endpoint.Name.StartsWith("GET ", StringComparison.Ordinal) && endpoint.Name.Contains("/api/", StringComparison.Ordinal))
        .Where(endpoint => !endpoint.Rule.IsChange && endpoint.Name != "POST /api/tracking/preview")
        .Select(endpoint => endpoint.Name));

    [Fact]
    public async Task Nobody_is_let_in_without_saying_who_they_are()
    {
        using var nobody = silo.With(null);
        foreach (var (method, path, _) in Table)
        {
            using var answer = await SendAsync(nobody, method, path, Own);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData(Role.Reader)]
    [InlineData(Role.User)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Administrator)]
    public async Task Each_role_may_what_the_table_says(Role role)
    {
        using var client = await silo.AsAsync(role, ApiSilo.Ana);
        var wrong = new List<string>();
        foreach (var (method, path, may) in Table)
        {
            var reach = may.Split(' ', StringSplitOptions.RemoveEmptyEntries)[(int)role - 1];
            foreach (var address in (string[])[Own, Foreign])
            {
                using var answer = await SendAsync(client, method, path, address);
                var isLetIn = answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
                var isToBe = reach == "all" || (reach == "own" && address == Own);
                if (isLetIn != isToBe || answer.StatusCode == HttpStatusCode.InternalServerError)
                {
                    wrong.Add($"{method} {path} of {address}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    // Where an open page talks with the silo.
    private static bool IsBlazors(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.TrimStart('/') is var path &&
        (path.StartsWith("_blazor", StringComparison.Ordinal) || path == "_framework/opaque-redirect");

    private IEnumerable<string> Pages() => silo.Server.Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { Target: AccessTarget.Page })
        .Select(endpoint => endpoint.RoutePattern.RawText!);

    private IEnumerable<(string Name, AccessRule Rule)> Guarded() =>
        from endpoint in silo.Server.Endpoints.OfType<RouteEndpoint>()
        let rule = endpoint.Metadata.GetMetadata<AccessRule>()
        where rule is not { Target: AccessTarget.Open or AccessTarget.Page } && !IsBlazors(endpoint)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select ($"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}", rule);

    // Nothing is sent that would change anything: to be let in is to be told that it is wrong.
    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Asking.Path(Filled(path, address)));
        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new StringContent("[]", Encoding.UTF8, "application/json");
        }

        // What goes on for as long as somebody listens is told by how it begins.
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string Filled(string path, string address) => path
            .Replace("{address}", address, StringComparison.Ordinal)
            .Replace("{id:guid}", Guid.Empty.ToString(), StringComparison.OrdinalIgnoreCase)
            .Replace("{systemuser:guid}", Guid.Empty.ToString(), StringComparison.Ordinal)
            .Replace("{conversation:guid}", Guid.Empty.ToString(), StringComparison.Ordinal)
            .Replace("{number:int}", "1", StringComparison.Ordinal)
            .Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal);
}
