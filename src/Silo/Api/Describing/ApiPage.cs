using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace EmailTracking.Silo.Api.Describing;

/// <summary>The page on which people read <see cref="ApiDescription"/> and try what it describes, made by Scalar (MIT). It has no data.</summary>
/// <remarks>
/// All of it lies in the program. What else the library would ask of others (fonts, counting, a proxy, a chat) is switched off here and
/// refused by the browser as well: the policy lets the page ask nobody but us. What a person fills in is not kept by the browser.
/// </remarks>
internal static class ApiPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/api/docs";

    // Zod, which the library checks its configuration with, would try whether it may write code, which it may not.
    private const string NoCode = "globalThis.__zod_globalConfig = { jitless: true };";

    // The library begins with a script in the page, which is let in by a number that is good once, and writes its styles itself. It writes
    // markup as well, not all of it through trusted types; a script in there would not run, since it has no number.
    private static readonly CompositeFormat Policy = CompositeFormat.Parse(
        $"default-src 'none'; script-src 'self' 'sha256-{Digest(NoCode)}' 'nonce-{{0}}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapScalarApiReference(Path, Choose)
        .AddEndpointFilter(NarrowAsync)
        .ForAnybody();

    private static void Choose(ScalarOptions options)
    {
        options.Title = "EmailTracking API";
        options.HeadContent = $"<script>{NoCode}</script>";
        options.OpenApiRoutePattern = ApiDescription.Path;
        options.DynamicNonce = true;
        options.DefaultFonts = false;
        options.Telemetry = false;
        options.ProxyUrl = null;
        options.PersistentAuthentication = false;
        options.HideClientButton = true;
        options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        options.Agent = new ScalarAgentOptions { Disabled = true };
        options.Mcp = new ScalarMcpOptions { Disabled = true };
    }

    private static async ValueTask<object?> NarrowAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        var http = context.HttpContext;
        if (http.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce)
        {
            http.Response.Headers.ContentSecurityPolicy = string.Format(CultureInfo.InvariantCulture, Policy, nonce);
        }
        else
        {
            // Its files change with the program: they are kept, and asked for only when they are others.
            http.Response.Headers.CacheControl = "no-cache";
        }

        return answer;
    }

    private static string Digest(string script) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
}
