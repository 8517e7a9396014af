using System.Net;
using EmailTracking.Silo.Api.Describing;
using EmailTracking.Silo.Pages;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EmailTracking.Silo.Web;

/// <summary>Keeps other web sites from asking through somebody's browser, and browsers from doing more with an answer than showing it.</summary>
/// <remarks>
/// Every web site that a browser shows can send requests here, and what the browser knows of us goes along: a cookie, or only that it
/// is on this machine. The name in Host, or the site in Origin or Sec-Fetch-Site, gives it away: a name that points to our address
/// (DNS rebinding) is not one of ours, and another site's origin is not either. A bearer token is never sent by a browser on its own,
/// so a request with one may come from anywhere.
/// </remarks>
internal sealed class RequestGuard(RequestDelegate next, WebOptions options)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'";

    // A year, as browsers that keep lists of such hosts ask for.
    private const string OnlyTls = "max-age=31536000";

    // What may be opened by a link from elsewhere: pages, which say nothing; what they ask for then is asked by themselves.
    private static readonly PathString[] Asked = [PreviewEndpoints.Sessions, PagesPart.Connection, BrowserSignIn.Out, "/api"];

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OnlyTls;
        }

        if (!IsLetIn(context.Request))
        {
            await Answers.Problem(
                StatusCodes.Status403Forbidden,
                "Another web site asks",
                "The request came for another name, or from another web site. Open the address that the silo printed at its start" +
                (options.PublicName is null ? ", or name the host that browsers know it by: EmailTracking__Web__PublicName." : "."))
                .ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private bool IsLetIn(HttpRequest request)
    {
        if (Bearer.IsIn(request))
        {
            return true;
        }

        if (!IsOurs(request.Host.Host, request.HttpContext.Connection.LocalIpAddress))
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return request.Path.StartsWithSegments(ApiPage.Path) || !Array.Exists(Asked, path => request.Path.StartsWithSegments(path)) || IsSameSite(request.Headers["Sec-Fetch-Site"]);
    }

    private static bool IsSameSite(StringValues site) => site.ToString() is "" or "same-origin" or "none";

    private bool IsOurs(string host, IPAddress? local) =>
        host.Equals(options.PublicName, StringComparison.OrdinalIgnoreCase) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host.Trim('[', ']'), out var address) && (IPAddress.IsLoopback(address) || address.Equals(local)));
}
