using System.Net;
using System.Text;
using System.Text.Unicode;
using EmailTracking.Tracking.Mail;
using MimeKit.Encodings;

namespace EmailTracking.Silo.Mime;

/// <summary>The beginning of the body of a mail that calls itself a forward: who wrote what it forwards.</summary>
/// <remarks>
/// Of an attached mail its From header tells, in text the block of header lines that mail programs write (<see cref="ForwardedText"/>);
/// the first that is found counts. Only the first <see cref="BytesMax"/> bytes are kept and looked at, and only of mail whose subject
/// begins as a forward's does: answers quote such blocks as well.
/// </remarks>
internal sealed class ForwardedBody(MediaType type, string encoding, MimeOptions options)
{
    /// <summary>How much of a body is looked at, in bytes.</summary>
    internal const int BytesMax = 65_536;

    private const int DepthMax = 8;
    private const int PartsMax = 50;
    private const int Windows1252 = 1252;

    private readonly List<byte> _body = [];
    private int _parts;

    /// <summary>Whether more of the body would change nothing.</summary>
    internal bool IsFull => _body.Count == BytesMax;

    /// <summary>Takes the next bytes of the body.</summary>
    internal void Take(ReadOnlySpan<byte> data) => _body.AddRange(data[..Math.Min(data.Length, BytesMax - _body.Count)]);

    /// <summary>Who wrote what is forwarded; null when nothing tells.</summary>
    internal Participant? Find() => Find(type, encoding, _body.ToArray(), 0);

    private Participant? Find(MediaType part, string transfer, ReadOnlySpan<byte> body, int depth) =>
        part.IsMultipart ? InParts(part, body, depth)
        : part.IsAttachedMessage ? InMessage(body)
        : part is { IsText: true, IsFile: false } ? ForwardedText.Find(Lines(part, Decoded(transfer, body)))
        : null;

    private Participant? InParts(MediaType multipart, ReadOnlySpan<byte> body, int depth)
    {
        var boundary = Encoding.UTF8.GetBytes("--" + multipart.Boundary?.TrimEnd());
        if (boundary.Length <= 2 || depth == DepthMax)
        {
            return null;
        }

        var start = -1;
        for (var at = 0; at < body.Length && _parts < PartsMax;)
        {
            var end = body[at..].IndexOfAny((byte)'\n', (byte)'\r');
            var next = end < 0 ? body.Length : at + end + 1;
            if (body[at..].StartsWith(boundary))
            {
                if (start >= 0 && InPart(body[start..at], depth) is { } found)
                {
                    return found;
                }

                start = next < body.Length && body[next - 1] == '\r' && body[next] == '\n' ? next + 1 : next;
            }

            at = next;
        }

        // What the bound cut off ends here.
        return start >= 0 && start < body.Length ? InPart(body[start..], depth) : null;
    }

    private Participant? InPart(ReadOnlySpan<byte> part, int depth)
    {
        _parts++;
        var text = new HeaderText(null, new WarningSet());

        // A part may have no headers at all (RFC 2046 section 5.1).
        if (part is [(byte)'\n' or (byte)'\r', ..] || HeaderBlock.Read(part, isWhole: true, options, new WarningSet()) is not { Count: > 0 } block)
        {
            return Find(new MediaType("text", "plain", null, null, IsFile: false), "", part, depth + 1);
        }

        var read = MediaType.Read(
            text.Unfold(block.FirstOf(HeaderName.ContentType, part)), text.Unfold(block.FirstOf(HeaderName.ContentDisposition, part)), isDigest: false);
        return Find(
            read, Encoding.Latin1.GetString(block.FirstOf(HeaderName.ContentTransferEncoding, part)), part[block.BodyStart..], depth + 1);
    }

    private Participant? InMessage(ReadOnlySpan<byte> message)
    {
        var warnings = new WarningSet();
        if (HeaderBlock.Read(message, isWhole: true, options, warnings) is not { } block)
        {
            return null;
        }

        var people = new Participants(new HeaderText(null, warnings), options, warnings);
        people.Add(ParticipationType.Sender, block.FirstOf(HeaderName.From, message), max: 1);
        return people.Found is [{ Address: not null } author] ? author : null;
    }

    private static byte[] Decoded(string transfer, ReadOnlySpan<byte> body)
    {
        IMimeDecoder? decoder = transfer.Trim().ToUpperInvariant() switch
        {
            "BASE64" => new Base64Decoder(),
            "QUOTED-PRINTABLE" => new QuotedPrintableDecoder(),
            _ => null,
        };
        if (decoder is null)
        {
            return body.ToArray();
        }

        var input = body.ToArray();
        var output = new byte[decoder.EstimateOutputLength(input.Length)];
        return output[..decoder.Decode(input, 0, input.Length, output)];
    }

    private static string[] Lines(MediaType part, byte[] bytes)
    {
        // The bound may have cut a character in two.
        var isUtf8 = Utf8.IsValid(bytes) || string.Equals(part.Charset, "utf-8", StringComparison.OrdinalIgnoreCase);
        var text = (isUtf8 ? Encoding.UTF8 : Charsets.ForRawText(part.Charset) ?? Encoding.GetEncoding(Windows1252)).GetString(bytes);
        return (string.Equals(part.Subtype, "html", StringComparison.OrdinalIgnoreCase) ? OfHtml(text) : text).Split('\n');
    }

    // Tags are blanks, those that end a line line ends.
    private static string OfHtml(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length; at++)
        {
            if (html[at] != '<')
            {
                text.Append(html[at] is '\r' or '\n' ? ' ' : html[at]);
                continue;
            }

            var end = html.IndexOf('>', at);
            if (end < 0)
            {
                break;
            }

            text.Append(EndsLine(html.AsSpan(at + 1, end - at - 1)) ? '\n' : ' ');
            at = end;
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    private static bool EndsLine(ReadOnlySpan<char> tag)
    {
        var name = tag.TrimStart('/');
        var length = 0;
        while (length < name.Length && char.IsAsciiLetter(name[length]))
        {
            length++;
        }

        return name[..length].ToString().ToUpperInvariant() is "BR" or "P" or "DIV" or "TR" or "LI" or "BLOCKQUOTE";
    }
}
