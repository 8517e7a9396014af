using System.Text;
using System.Text.Unicode;
using MimeKit;
using MimeKit.Utils;

namespace EmailTracking.Silo.Mime;

/// <summary>From the raw bytes of one mail's header values to text.</summary>
/// <param name="charset">The charset of the mail's text, for raw 8-bit values; null when the mail names none.</param>
/// <param name="warnings">Takes what was odd.</param>
internal sealed class HeaderText(string? charset, WarningSet warnings)
{
    /// <summary>The longest piece of text that is decoded at once, in bytes: 800 characters encoded one by one fit in.</summary>
    internal const int TextBytesMax = 16_384;

    private const int Windows1252 = 1252;

    private readonly Encoding? _raw = Charsets.ForRawText(charset);
    private readonly Charsets _charsets = new();

    private ParserOptions? _options;

    /// <summary>How MimeKit reads this mail: what has no charset is UTF-8 if it can be, else the mail's own, else Latin 1.</summary>
    internal ParserOptions Options =>
        _options ??= new ParserOptions { CharsetEncoding = _raw ?? Encoding.GetEncoding(Windows1252) };

    /// <summary>The bytes of a header value on one line: line ends and NUL gone, trimmed.</summary>
    internal byte[] Unfold(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        if (value.IndexOfAny("\r\n\0"u8) < 0)
        {
            return value.ToArray();
        }

        if (value.Contains((byte)0))
        {
            warnings.Add(MimeWarning.CharactersReplaced);
        }

        var line = new byte[value.Length];
        var length = 0;
        foreach (var one in value)
        {
            if (one is not ((byte)'\r' or (byte)'\n' or 0))
            {
                line[length++] = one;
            }
        }

        return line[..length];
    }

    /// <summary>The decoded text of an unstructured header (RFC 2047, RFC 6532, and what senders make of them).</summary>
    internal string Text(ReadOnlySpan<byte> value)
    {
        if (value.Length > TextBytesMax)
        {
            warnings.Add(MimeWarning.TextCut);
            value = value[..TextBytesMax];
        }

        var bytes = Utf8Of(Unfold(value));
        if (bytes.AsSpan().IndexOf("=?"u8) < 0)
        {
            return Encoding.UTF8.GetString(bytes);
        }

        VetWords(bytes);
        var text = Rfc2047.DecodeText(Options, bytes);
        return IsGarbled(text) && Rfc2047.DecodeText(Options, Charless(bytes)) is var guess && !IsGarbled(guess)
            ? Guessed(guess)
            : text;
    }

    /// <summary>A value of ids: what is not UTF-8 is Latin 1, whatever the body says, so that parent and reply agree.</summary>
    internal static string Ids(ReadOnlySpan<byte> value) =>
        Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : Encoding.Latin1.GetString(value);

    /// <summary>The same text in UTF-8.</summary>
    /// <remarks>With encoded words in it, it stays as it is: bytes inside them are in theirs, and MimeKit guesses the others.</remarks>
    internal byte[] Utf8Of(byte[] value)
    {
        var hasWords = value.AsSpan().IndexOf("=?"u8) >= 0;
        var isStateful = !hasWords && _raw is { CodePage: >= 50220 and <= 50229 } && value.Contains((byte)0x1B);
        if (!isStateful && Utf8.IsValid(value))
        {
            return value;
        }

        if (!isStateful && ReplaceSurrogates(value) && Utf8.IsValid(value))
        {
            warnings.Add(MimeWarning.CharactersReplaced);
            return value;
        }

        warnings.Add(MimeWarning.CharsetGuessed);
        return hasWords ? value : Encoding.UTF8.GetBytes(Options.CharsetEncoding.GetString(value));
    }

    /// <summary>Makes encoded words safe for MimeKit, in place: unknown charset names are blotted out, then it guesses.</summary>
    internal void VetWords(Span<byte> text)
    {
        for (var start = 0; TryWord(text, ref start, out var name);)
        {
            // What is not ASCII in there would become question marks.
            var isAscii = Ascii.EqualsIgnoreCase(name, "us-ascii"u8);
            if (isAscii || !_charsets.IsKnown(name))
            {
                Blot(name);
                if (!isAscii)
                {
                    warnings.Add(MimeWarning.CharsetGuessed);
                }
            }
        }
    }

    /// <summary>The same text with all charset names blotted out.</summary>
    internal static byte[] Charless(ReadOnlySpan<byte> text)
    {
        var copy = text.ToArray();
        for (var start = 0; TryWord(copy, ref start, out var name);)
        {
            Blot(name);
        }

        return copy;
    }

    /// <summary>Whether bytes were found that the charset does not have.</summary>
    internal static bool IsGarbled(string text) => text.Contains('\uFFFD');

    /// <summary>Passes a text on that was decoded against what it says of itself.</summary>
    internal string Guessed(string text)
    {
        warnings.Add(MimeWarning.CharsetGuessed);
        return text;
    }

    // Everything that could be taken for the beginning of an encoded word: "=?name?Q?" (RFC 2047 section 2).
    private static bool TryWord(Span<byte> text, ref int start, out Span<byte> name)
    {
        while (text[start..].IndexOf("=?"u8) is >= 0 and var found)
        {
            start += found + 2;
            var rest = text[start..];
            var end = rest.IndexOf((byte)'?');
            if (end > 0 && end + 2 < rest.Length && rest[end + 2] == '?' && (rest[end + 1] | 0x20) is 'b' or 'q')
            {
                name = rest[..end];
                return true;
            }
        }

        name = default;
        return false;
    }

    // Names that are too long must not reach MimeKit in any number of lengths: a question mark inside ends them early.
    private static void Blot(Span<byte> name)
    {
        name.Fill((byte)'x');
        if (name.Length > Charsets.NameBytesMax)
        {
            name[Charsets.NameBytesMax] = (byte)'?';
        }
    }

    // A surrogate written in UTF-8 (ED A0..BF 80..BF) becomes U+FFFD (EF BF BD); the rest of the value stays what it is.
    private static bool ReplaceSurrogates(Span<byte> text)
    {
        var any = false;
        for (var index = 0; index + 2 < text.Length; index++)
        {
            if (text[index] == 0xED && text[index + 1] is >= 0xA0 and <= 0xBF && text[index + 2] is >= 0x80 and <= 0xBF)
            {
                (text[index], text[index + 1], text[index + 2]) = (0xEF, 0xBF, 0xBD);
                any = true;
            }
        }

        return any;
    }
}
