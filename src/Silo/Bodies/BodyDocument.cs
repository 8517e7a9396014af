using System.Collections.Frozen;
using System.Net;

namespace EmailTracking.Silo.Bodies;

/// <summary>The body of a mail as a document of its own, to be shown in a frame of its own.</summary>
/// <param name="Html">The document.</param>
/// <param name="BlockedCount">How many pictures from elsewhere are left out.</param>
/// <param name="IsHtml">Whether it is the HTML body; else the text.</param>
internal sealed record BodyDocument(string Html, int BlockedCount, bool IsHtml)
{
    /// <summary>
    /// What the document may do (Content Security Policy Level 3): nothing. It is sandboxed, so that even what got past
    /// <see cref="SafeHtml"/> has no scripts, no forms, no origin; links open beside it.
    /// </summary>
    /// <param name="showsRemote">Whether pictures from elsewhere are shown.</param>
    public static string Policy(bool showsRemote) =>
        $"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:{(showsRemote ? " https:" : "")}; " +
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private const string Head =
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Mail</title>" +
        "<style>body{font-family:'Segoe UI',system-ui,sans-serif;font-size:14px;margin:12px;overflow-wrap:anywhere;background:#fff;color:#242424}" +
        "img{max-width:100%}pre{white-space:pre-wrap;font-family:inherit;margin:0}</style></head><body>";

    private const string Tail = "</body></html>";

    // With all of its pictures the document stays below this, whatever the mail holds.
    private const long PictureBytesMax = 16 * 1024 * 1024;

    private static readonly FrozenSet<string> Pictures =
        new[] { "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes it.</summary>
    /// <param name="content">The mail.</param>
    /// <param name="showsRemote">Whether pictures from elsewhere are shown.</param>
    /// <param name="cancellationToken">Whoever asked went away.</param>
    public static async Task<BodyDocument> OfAsync(MailContent content, bool showsRemote, CancellationToken cancellationToken)
    {
        var room = PictureBytesMax;
        string? Picture(string id)
        {
            var file = content.Files.FirstOrDefault(file => file.ContentId == id);
            if (file is null || !Pictures.Contains(file.MediaType) || file.Size > room)
            {
                return null;
            }

            room -= file.Size;
            using var bytes = new MemoryStream();
            using var picture = file.Open();
            picture.CopyTo(bytes);
            return $"data:{file.MediaType};base64,{Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length)}";
        }

        if (content.Html is { } html)
        {
            return await SafeHtml.OfAsync(html, Picture, showsRemote, cancellationToken) is { } safe
                ? new BodyDocument(Head + safe.Body + Tail, safe.BlockedCount, IsHtml: true)
                : Plain(content.Text ?? "The HTML of this mail is too long or too deep to be shown safely. Download the raw mail to see it.");
        }

        return Plain(content.Text ?? "");
    }

    private static BodyDocument Plain(string text) => new($"{Head}<pre>{WebUtility.HtmlEncode(Cut(text))}</pre>{Tail}", 0, IsHtml: false);

    private static string Cut(string text) => text.Length <= SafeHtml.LengthMax ? text : text[..SafeHtml.LengthMax] + "\n…";
}
