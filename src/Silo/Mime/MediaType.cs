using System.Text;
using MimeKit;

namespace EmailTracking.Silo.Mime;

/// <summary>What the Content-Type and Content-Disposition headers of one part say.</summary>
/// <param name="Type">The type, for example <c>text</c>.</param>
/// <param name="Subtype">The subtype, for example <c>plain</c>.</param>
/// <param name="Boundary">What parts a multipart; null when absent.</param>
/// <param name="Charset">The charset parameter; null when absent.</param>
/// <param name="IsFile">Whether the part is named as a file, or disposed as an attachment.</param>
internal readonly record struct MediaType(string Type, string Subtype, string? Boundary, string? Charset, bool IsFile)
{
    /// <summary>The longest value of either header that is read, in bytes.</summary>
    internal const int BytesMax = 4_096;

    private static readonly ParserOptions Lenient = new();

    /// <summary>The name of the file, decoded; null when it has none.</summary>
    internal string? FileName { get; private init; }

    internal bool IsMultipart => Is(Type, "multipart");

    internal bool IsText => Is(Type, "text");

    /// <summary>Whether the part is something that a person would call attached.</summary>
    /// <remarks>
    /// Files, attached messages, and whatever is neither text nor a machine's report (RFC 3464, 5965, 8098). Pictures inside
    /// the text count: Dataverse keeps them as attachments, too. Signatures, TNEF and encrypted bodies count unopened.
    /// </remarks>
    internal bool IsAttachment => !IsMultipart && (IsFile || IsAttachedMessage || !(IsText || Is(Type, "message")));

    /// <summary>Whether the part is a mail of its own.</summary>
    internal bool IsAttachedMessage =>
        Is(Type, "message") && (Is(Subtype, "rfc822") || Is(Subtype, "global") || Is(Subtype, "news"));

    /// <summary>Reads the two headers of a part.</summary>
    /// <param name="type">Content-Type, unfolded; empty when absent.</param>
    /// <param name="disposition">Content-Disposition, unfolded; empty when absent.</param>
    /// <param name="isDigest">Whether a part without a type is a message (RFC 2046 section 5.1.5).</param>
    internal static MediaType Read(ReadOnlySpan<byte> type, ReadOnlySpan<byte> disposition, bool isDigest)
    {
        ContentDisposition? disposed = null;
        var isFile = disposition.Length > 0
            && ContentDisposition.TryParse(Lenient, Plain(disposition), out disposed)
            && (disposed.IsAttachment || disposed.Parameters.Any(one => IsName(one.Name, "filename")));
        if (type.IsEmpty && isDigest)
        {
            return new MediaType("message", "rfc822", null, null, isFile);
        }

        // RFC 2045 section 5.2: what is absent or cannot be read is plain text.
        return ContentType.TryParse(Lenient, Plain(type), out var read)
            ? new MediaType(
                read.MediaType,
                read.MediaSubtype,
                read.Boundary,
                read.Charset,
                isFile || read.Parameters.Any(one => IsName(one.Name, "name")))
            {
                FileName = Decoded(disposed?.FileName ?? read.Name),
            }
            : new MediaType("text", "plain", null, null, isFile);
    }

    // No parameter's charset matters here, and MimeKit remembers each charset name for ever (see Charsets): RFC 2231 values are
    // all made UTF-8, and encoded words are made plain text.
    private static byte[] Plain(ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(value.Length, BytesMax)];
        var plain = new List<byte>(value.Length + 16);
        while (value.IndexOf("*="u8) is >= 0 and var star && value[(star + 2)..].IndexOf((byte)'\'') is >= 0 and var quote)
        {
            var name = value.Slice(star + 2, quote).TrimStart(" \t"u8);
            plain.AddRange(value[..(star + 2)]);
            value = value[(star + 2)..];
            if (name.StartsWith("\""u8) || !name.Contains((byte)';'))
            {
                plain.AddRange(name.StartsWith("\""u8) ? "\"utf-8"u8 : "utf-8"u8);
                value = value[quote..];
            }
        }

        plain.AddRange(value);
        var bytes = plain.ToArray();
        for (var rest = bytes.AsSpan(); rest.IndexOf("=?"u8) is >= 0 and var start; rest = rest[(start + 2)..])
        {
            rest[start + 1] = (byte)'_';
        }

        return bytes;
    }

    // The encoded words that were made plain, as the text that they stand for.
    private static string? Decoded(string? name) => name is null
        ? null
        : new HeaderText(null, new WarningSet()).Text(Encoding.UTF8.GetBytes(name.Replace("=_", "=?", StringComparison.Ordinal)));

    private static bool IsName(string? parameter, string name) =>
        parameter?.StartsWith(name, StringComparison.OrdinalIgnoreCase) ?? false;

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
