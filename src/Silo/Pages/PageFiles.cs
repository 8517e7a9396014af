using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EmailTracking.Silo.Pages;

/// <summary>The files of the pages: scripts and styles, ours, Blazor's and the component library's. They lie in the program itself.</summary>
internal static class PageFiles
{
    private const string Prefix = "pages/";

    // A browser asks each time whether it has the right one: after an update it may not use an older one.
    private const string AskAgain = "no-cache";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var assembly = typeof(PageFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var content = Read(assembly, name);
            var type = Types[Path.GetExtension(name)];
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
            routes.MapGet(PathOf(name), (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = AskAgain;
                return Results.Bytes(content, type, entityTag: tag);
            }).ForAnybody();
        }
    }

    // Ours are below pages/; the libraries look for theirs where they expect them.
    private static string PathOf(string resource)
    {
        var rest = resource[Prefix.Length..];
        return rest.StartsWith('_') ? $"/{rest}" : $"/{resource}";
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
