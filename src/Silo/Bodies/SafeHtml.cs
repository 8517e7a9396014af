using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace EmailTracking.Silo.Bodies;

/// <summary>HTML of a stranger, made safe to show: what it may not have is taken out, not repaired.</summary>
/// <param name="Body">What stands inside of a body element.</param>
/// <param name="BlockedCount">How many pictures and the like would be loaded from elsewhere; that tells the sender who reads, and when.</param>
internal sealed record SafeHtml(string Body, int BlockedCount)
{
    /// <summary>The longest HTML that is looked at, in characters.</summary>
    public const int LengthMax = 2 * 1024 * 1024;

    // A tree is written out by recursion: far below what a thread's stack holds, far above what mail has.
    private const int DepthMax = 256;

    // What is in these is no text of the mail, or is read by rules of its own.
    private const string Foreign =
        "script, style, template, noscript, noembed, noframes, iframe, frameset, object, embed, applet, svg, math, xmp, plaintext, textarea, select, title";

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    private static readonly string[] Tags =
    [
        "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
        "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
        "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
        "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
    ];

    private static readonly string[] Attributes =
    [
        "abbr", "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "datetime", "dir", "face", "headers",
        "height", "href", "lang", "nowrap", "rowspan", "scope", "size", "span", "src", "start", "style", "title", "type", "valign", "width",
    ];

    // Sizes, colours and boxes; nothing that lies over what is around it, and nothing that changes by itself.
    private static readonly string[] Properties =
    [
        "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right",
        "border-spacing", "border-style", "border-top", "border-width", "color", "direction", "display", "font", "font-family", "font-size",
        "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin", "margin-bottom",
        "margin-left", "margin-right", "margin-top", "max-width", "min-width", "overflow-wrap", "padding", "padding-bottom", "padding-left",
        "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align",
        "white-space", "width", "word-break", "word-spacing", "word-wrap",
    ];

    /// <summary>Makes HTML safe.</summary>
    /// <param name="html">As it was sent.</param>
    /// <param name="picture">The <c>data:</c> address of a picture in the mail itself, by its content id; null: there is none, or it is not shown.</param>
    /// <param name="showsRemote">Whether pictures from elsewhere are shown; only by https.</param>
    /// <param name="cancellationToken">Whoever asked went away.</param>
    /// <returns>Null when it is too long, too deep or takes too long to be looked at.</returns>
    public static async Task<SafeHtml?> OfAsync(string html, Func<string, string?> picture, bool showsRemote, CancellationToken cancellationToken)
    {
        var sanitizer = Sanitizer();
        if (html.Length > LengthMax || await ParseAsync(sanitizer, html, cancellationToken) is not { } document || IsDeep(document))
        {
            return null;
        }

        foreach (var element in document.QuerySelectorAll(Foreign))
        {
            element.Remove();
        }

        var blocked = 0;
        using var _ = document;
        sanitizer.FilterUrl += (_, url) =>
        {
            if (url.Tag is IHtmlAnchorElement)
            {
                return;
            }

            var isRemote = Uri.TryCreate(url.OriginalUrl.Trim(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
            blocked += isRemote && !showsRemote ? 1 : 0;
            url.SanitizedUrl = address is { Scheme: "cid" } ? picture(Uri.UnescapeDataString(address.AbsolutePath))
                : isRemote && showsRemote && address!.Scheme == Uri.UriSchemeHttps ? address.AbsoluteUri
                : null;
        };
        sanitizer.PostProcessNode += (_, node) => OpenApart(node.Node as IHtmlAnchorElement);

        // A frameset stands where a body would: there is nothing in it to be read.
        return document.Body is not { LocalName: "body" } body
            ? new SafeHtml("", 0)
            : new SafeHtml(sanitizer.SanitizeDom(document, body).Body!.InnerHtml, blocked);
    }

    private static async Task<IHtmlDocument?> ParseAsync(HtmlSanitizer sanitizer, string html, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeMax);
        try
        {
            return await sanitizer.HtmlParserFactory().ParseDocumentAsync(html, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // In another tab, which learns nothing of this one; where it leads is told before it is followed.
    private static void OpenApart(IHtmlAnchorElement? link)
    {
        if (link?.GetAttribute("href") is { } address)
        {
            link.SetAttribute("target", "_blank");
            link.SetAttribute("rel", "noopener noreferrer nofollow");
            link.SetAttribute("title", address);
        }
    }

    private static HtmlSanitizer Sanitizer() => new(new HtmlSanitizerOptions
    {
        AllowedTags = Tags.ToHashSet(),
        AllowedAttributes = Attributes.ToHashSet(),
        AllowedCssProperties = Properties.ToHashSet(),
        AllowedSchemes = new HashSet<string> { "http", "https", "mailto", "tel", "cid" },
        UriAttributes = new HashSet<string> { "href", "src" },
    })
    {
        // The words of a paragraph inside of an unknown element are still words.
        KeepChildNodes = true,
    };

    private static bool IsDeep(INode root)
    {
        var depth = 0;
        for (var node = root; node is not null;)
        {
            if (node.FirstChild is { } child)
            {
                (node, depth) = (child, depth + 1);
                if (depth > DepthMax)
                {
                    return true;
                }

                continue;
            }

            while (node is not null && node.NextSibling is null)
            {
                (node, depth) = (node.Parent, depth - 1);
            }

            node = node?.NextSibling;
        }

        return false;
    }
}
