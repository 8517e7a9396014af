using System.Collections.Frozen;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Web;

/// <summary>The files of the preview's page; they lie in the program itself.</summary>
internal static class PreviewFiles
{
    private static readonly FrozenDictionary<string, PreviewFile> Files = new Dictionary<string, PreviewFile>
    {
        [PreviewEndpoints.Root] = Read("index.html", "text/html; charset=utf-8"),
        ["/preview/page.js"] = Read("page.js", "text/javascript; charset=utf-8"),
        ["/preview/style.css"] = Read("style.css", "text/css; charset=utf-8"),
    }.ToFrozenDictionary();

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, file) in Files)
        {
            routes.MapGet(path, () => Results.Bytes(file.Content, file.Type)).ForAnybody();
        }
    }

    private static PreviewFile Read(string name, string type)
    {
        using var stream = typeof(PreviewFiles).Assembly.GetManifestResourceStream($"EmailTracking.Silo.Web.Page.{name}")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new PreviewFile(bytes.ToArray(), type);
    }
}

/// <summary>A file as it is served.</summary>
internal sealed record PreviewFile(byte[] Content, string Type);
