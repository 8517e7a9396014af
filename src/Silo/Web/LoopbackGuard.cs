using System.Net;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web;

/// <summary>Lets in nobody but programs of this machine and the page itself.</summary>
/// <remarks>
/// The port is on loopback, but every web site that a browser shows can send requests there. Its name in Host, or the site in Origin
/// or Sec-Fetch-Site, gives it away: a name that points to 127.0.0.1 (DNS rebinding) is not one of ours, and another site's origin
/// is not either.
/// </remarks>
internal sealed class LoopbackGuard(RequestDelegate next)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'";

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
        if (!IsLetIn(context.Request))
        {
            await Answers.Problem(
                StatusCodes.Status403Forbidden,
                "Only this machine may ask",
                "The request came for another name, or from another web site. Open the address that the silo printed at its start.")
                .ExecuteAsync(context);
            return;
        }

        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null } refused)
        {
            await Answers.Problem(refused.StatusCode, "Not understood", "There is nothing here of that name, or it is asked in another way.")
                .ExecuteAsync(context);
        }
    }

    private static bool IsLetIn(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // A link from elsewhere may lead to the page, which says nothing; what it asks for then is asked by itself.
        return !request.Path.StartsWithSegments(PreviewEndpoints.Root) ||
            request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
