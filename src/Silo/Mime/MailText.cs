using System.Text;
using EmailTracking.Listing;
using MimeKit;
using MimeKit.Text;

namespace EmailTracking.Silo.Mime;

/// <summary>Reads the text of raw mail with MimeKit.</summary>
/// <remarks>The first text of each alternative is enough; of HTML what is shown, not what is in tags, scripts and styles.</remarks>
public sealed class MailText : IMailText
{
    private const int LengthMax = 65_536;
    private const int PartsMax = 1_000;
    private const int DepthMax = 100;

    // A mail that is larger is found by its headers alone: to read it takes its size in memory, several times.
    private const int BytesMax = 32 << 20;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = DepthMax };

    static MailText() => Charsets.Register();

    /// <inheritdoc/>
    public string Read(ReadOnlyMemory<byte> content)
    {
        if (content.Length > BytesMax)
        {
            return "";
        }

        try
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            using var message = MimeMessage.Load(Options, stream, persistent: true);
            var text = new StringBuilder();
            var parts = 0;
            Add(message.Body, text, ref parts);
            return text.Length > LengthMax ? text.ToString(0, LengthMax) : text.ToString();
        }
        catch (Exception unreadable) when (unreadable is FormatException or ParseException or NotSupportedException or ArgumentException)
        {
            // It is tracked all the same, and found by its headers.
            return "";
        }
    }

    private static void Add(MimeEntity? entity, StringBuilder text, ref int parts)
    {
        if (entity is null || text.Length >= LengthMax || ++parts > PartsMax)
        {
            return;
        }

        switch (entity)
        {
            case MultipartAlternative alternative when alternative.OfType<TextPart>().FirstOrDefault(part => part.IsPlain) is { } plain:
                AddText(plain, text);
                break;
            case MultipartAlternative alternative:
                Add(alternative.LastOrDefault(), text, ref parts);
                break;
            case Multipart multipart:
                foreach (var part in multipart)
                {
                    Add(part, text, ref parts);
                }

                break;
            case MessagePart { Message: { } attached }:
                text.Append(attached.Subject).Append('\n');
                Add(attached.Body, text, ref parts);
                break;
            case TextPart { IsAttachment: false } part:
                AddText(part, text);
                break;
            case MimePart { FileName: { } name }:
                text.Append(name).Append('\n');
                break;
        }
    }

    private static void AddText(TextPart part, StringBuilder text)
    {
        if (part.IsHtml)
        {
            AddHtml(part.Text, text);
        }
        else
        {
            Append(part.Text, text);
        }

        text.Append('\n');
    }

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
