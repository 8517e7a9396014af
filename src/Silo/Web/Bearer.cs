using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web;

/// <summary>A bearer token of a request (RFC 6750).</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether there is one, of whatever worth.</summary>
    public static bool IsIn(HttpRequest request) => Of(request) is not null;

    /// <summary>The token; null when there is none.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
