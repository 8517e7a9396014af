using System.Text;
using System.Text.Unicode;
using MimeKit.Encodings;

namespace EmailTracking.Silo.Mime;

/// <summary>A part of a mail, or a whole mail: what its headers say of it, and where its body begins.</summary>
/// <param name="Type">Its Content-Type and Content-Disposition.</param>
/// <param name="Transfer">Its Content-Transfer-Encoding.</param>
/// <param name="BodyStart">The first byte of its body.</param>
internal readonly record struct BodyPart(MediaType Type, string Transfer, int BodyStart)
{
    private const int Windows1252 = 1252;

    /// <summary>Reads the headers of a part; it may have none at all (RFC 2046 section 5.1).</summary>
    internal static BodyPart Read(ReadOnlySpan<byte> part, MimeOptions options)
    {
        if (part is [(byte)'\n' or (byte)'\r', ..] || HeaderBlock.Read(part, isWhole: true, options, new WarningSet()) is not { Count: > 0 } block)
        {
            return new BodyPart(new MediaType("text", "plain", null, null, IsFile: false), "", 0);
        }

        var text = new HeaderText(null, new WarningSet());
        var type = MediaType.Read(
            text.Unfold(block.FirstOf(HeaderName.ContentType, part)), text.Unfold(block.FirstOf(HeaderName.ContentDisposition, part)), isDigest: false);
        return new BodyPart(type, Encoding.Latin1.GetString(block.FirstOf(HeaderName.ContentTransferEncoding, part)), block.BodyStart);
    }

    /// <summary>Where the parts of a multipart's body lie; the last one may be cut off.</summary>
    internal static List<Range> PartsOf(MediaType multipart, ReadOnlySpan<byte> body, int countMax)
    {
        var boundary = Encoding.UTF8.GetBytes("--" + multipart.Boundary?.TrimEnd());
        var parts = new List<Range>();
        if (boundary.Length <= 2)
        {
            return parts;
        }

        var start = -1;
        for (var at = 0; at < body.Length && parts.Count < countMax;)
        {
            var end = body[at..].IndexOfAny((byte)'\n', (byte)'\r');
            var next = end < 0 ? body.Length : at + end + 1;
            if (body[at..].StartsWith(boundary))
            {
                if (start >= 0)
                {
                    parts.Add(start..at);
                }

                // Behind the last boundary is what no program shows.
                if (body[(at + boundary.Length)..].StartsWith("--"u8))
                {
                    return parts;
                }

                start = next < body.Length && body[next - 1] == '\r' && body[next] == '\n' ? next + 1 : next;
            }

            at = next;
        }

        if (start >= 0 && start < body.Length && parts.Count < countMax)
        {
            parts.Add(start..body.Length);
        }

        return parts;
    }

    /// <summary>The text of a body; what is no UTF-8 is read by its charset, else as windows-1252.</summary>
    internal string TextOf(ReadOnlySpan<byte> body)
    {
        var bytes = Decoded(body);

        // A bound may have cut a character in two.
        var isUtf8 = Utf8.IsValid(bytes) || string.Equals(Type.Charset, "utf-8", StringComparison.OrdinalIgnoreCase);
        return (isUtf8 && !IsShifted ? Encoding.UTF8 : Charsets.ForRawText(Type.Charset) ?? Encoding.GetEncoding(isUtf8 ? 65001 : Windows1252)).GetString(bytes);
    }

    // Text of these is ASCII to the eye (RFC 1468, RFC 1557, RFC 1843).
    private bool IsShifted => Type.Charset is { } charset &&
        (charset.StartsWith("iso-2022-", StringComparison.OrdinalIgnoreCase) || charset.StartsWith("hz-", StringComparison.OrdinalIgnoreCase));

    private byte[] Decoded(ReadOnlySpan<byte> body)
    {
        IMimeDecoder? decoder = Transfer.Trim().ToUpperInvariant() switch
        {
            "BASE64" => new Base64Decoder(),
            "QUOTED-PRINTABLE" => new QuotedPrintableDecoder(),
            _ => null,
        };
        var input = body.ToArray();
        if (decoder is null)
        {
            return input;
        }

        var output = new byte[decoder.EstimateOutputLength(input.Length)];
        return output[..decoder.Decode(input, 0, input.Length, output)];
    }
}
