using System.Text;
using EmailTracking.Listing;
using MimeKit.Text;

namespace EmailTracking.Silo.Mime;

/// <summary>Reads the text of raw mail.</summary>
/// <remarks>The plain text of alternatives is enough; of HTML what is shown, not what is in tags, scripts and styles.</remarks>
public sealed class MailText : IMailText
{
    private const int LengthMax = 65_536;
    private const int PartsMax = 1_000;
    private const int DepthMax = 30;

    // Of one part; encoded and in tags text is longer than what is kept of it.
    private const int BytesMax = 8 * LengthMax;

    private static readonly MimeOptions Options = new();

    static MailText() => Charsets.Register();

    /// <inheritdoc/>
    public string Read(ReadOnlyMemory<byte> content)
    {
        var text = new StringBuilder();
        var parts = 0;
        Add(content.Span, 0, text, ref parts);
        return text.Length > LengthMax ? text.ToString(0, LengthMax) : text.ToString();
    }

    private static void Add(ReadOnlySpan<byte> bytes, int depth, StringBuilder text, ref int parts)
    {
        if (text.Length >= LengthMax || depth > DepthMax || ++parts > PartsMax)
        {
            return;
        }

        var part = BodyPart.Read(bytes, Options);
        var body = bytes[part.BodyStart..];
        if (part.Type.IsMultipart)
        {
            foreach (var range in Chosen(part.Type, body, BodyPart.PartsOf(part.Type, body, PartsMax)))
            {
                Add(body[range], depth + 1, text, ref parts);
            }
        }
        else if (part.Type.IsAttachedMessage)
        {
            AddSubject(body, text);
            Add(body, depth + 1, text, ref parts);
        }
        else if (part.Type is { IsText: true, IsFile: false })
        {
            AddText(part, body[..Math.Min(body.Length, BytesMax)], text);
        }
        else
        {
            Append(part.Type.FileName ?? "", text);
            text.Append('\n');
        }
    }

    // Of alternatives the plain text, else the last, which is the fullest (RFC 2046 section 5.1.4).
    private static List<Range> Chosen(MediaType multipart, ReadOnlySpan<byte> body, List<Range> parts)
    {
        if (parts.Count < 2 || !IsSubtype(multipart, "alternative"))
        {
            return parts;
        }

        foreach (var range in parts)
        {
            if (BodyPart.Read(body[range], Options).Type is { IsText: true, IsFile: false } type && IsSubtype(type, "plain"))
            {
                return [range];
            }
        }

        return [parts[^1]];
    }

    private static void AddSubject(ReadOnlySpan<byte> message, StringBuilder text)
    {
        if (HeaderBlock.Read(message, isWhole: true, Options, new WarningSet()) is { } block)
        {
            Append(new HeaderText(null, new WarningSet()).Text(block.FirstOf(HeaderName.Subject, message)), text);
            text.Append('\n');
        }
    }

    private static void AddText(BodyPart part, ReadOnlySpan<byte> body, StringBuilder text)
    {
        if (IsSubtype(part.Type, "html"))
        {
            AddHtml(part.TextOf(body), text);
        }
        else
        {
            Append(part.TextOf(body), text);
        }

        text.Append('\n');
    }

    private static bool IsSubtype(MediaType type, string subtype) => string.Equals(type.Subtype, subtype, StringComparison.OrdinalIgnoreCase);

    private static void AddHtml(string html, StringBuilder text)
    {
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true, IgnoreTruncatedTags = true };
        var hidden = HtmlTagId.Unknown;
        while (text.Length < LengthMax && tokens.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { Id: HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Title } tag:
                    hidden = tag.IsEndTag || tag.IsEmptyElement ? HtmlTagId.Unknown : tag.Id;
                    break;
                case HtmlTagToken:
                    text.Append(' ');
                    break;
                case HtmlDataToken data when hidden == HtmlTagId.Unknown && token.Kind == HtmlTokenKind.Data:
                    Append(data.Data, text);
                    break;
            }
        }
    }

    private static void Append(string more, StringBuilder text) =>
        text.Append(more, 0, Math.Min(more.Length, LengthMax - text.Length > 0 ? LengthMax - text.Length : 0));
}
