using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace EmailTracking.Silo.Mime;

/// <summary>Which charset names of one mail mean something.</summary>
/// <remarks>
/// MimeKit remembers every charset name that it was ever asked for, for the life of the process, and a mail can bring a hundred
/// thousand made-up ones. So names are looked up here first, a bounded number for each mail, and unknown ones never reach it.
/// </remarks>
internal sealed partial class Charsets
{
    /// <summary>The longest charset name that is looked up, in bytes.</summary>
    internal const int NameBytesMax = 40;

    private const int LookupsMax = 64;

    // Names that MimeKit knows and .NET does not; families of numbers (windows-1252, cp1252, iso8859-1) are told by their form.
    private static readonly FrozenSet<string> Aliases = new[]
    {
        "utf8", "unicode", "ansi_x3.4-1968", "ansi_x3.110-1983", "latin1", "ksc-5601", "ksc-5601-1987", "ksc-5601_1987", "5601",
        "ks_c_5861-1992", "euckr-0", "big5-0", "big5.eten-0", "big5hkscs-0", "gb-2312", "gb2312-0", "gbk-0", "x-gbk", "gbk",
        "hz-gb2312", "gb18030-0", "eucjp-0", "ujis-0", "ujis", "pck",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, bool> _looked = new(StringComparer.Ordinal);

    /// <summary>Makes the legacy code pages known to the process; safe to repeat.</summary>
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Whether text can be decoded by this name.</summary>
    internal bool IsKnown(ReadOnlySpan<byte> name)
    {
        // RFC 2231 section 5: a language may follow.
        var star = name.IndexOf((byte)'*');
        name = star < 0 ? name : name[..star];
        if (Ascii.EqualsIgnoreCase(name, "utf-8"u8) || Ascii.EqualsIgnoreCase(name, "iso-8859-1"u8))
        {
            return true;
        }

        if (name.IsEmpty || name.Length > NameBytesMax || !Ascii.IsValid(name))
        {
            return false;
        }

        var text = Encoding.ASCII.GetString(name).ToLowerInvariant();
        if (!_looked.TryGetValue(text, out var known) && _looked.Count < LookupsMax)
        {
            known = Aliases.Contains(text) || Numbered().IsMatch(text) || Find(text) is not null;
            _looked.Add(text, known);
        }

        return known;
    }

    /// <summary>The encoding for raw text in a mail whose body says this charset; null when that helps nothing.</summary>
    /// <remarks>
    /// Latin 1 and ASCII are read as windows-1252, as browsers do (WHATWG Encoding section 4.2): what calls itself so often holds
    /// its quotes and dashes. Never UTF-16 or UTF-32: headers are made of bytes.
    /// </remarks>
    internal static Encoding? ForRawText(string? charset)
    {
        var encoding = charset is { Length: > 0 and <= NameBytesMax } ? Find(charset.ToLowerInvariant()) : null;
        return encoding?.CodePage is null or 65001 or 20127 or 28591 or 1200 or 1201 or 12000 or 12001 ? null : encoding;
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return Encoding.GetEncoding(name switch { "gbk" or "x-gbk" => "gb18030", _ => name });
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?:(?:windows|cp|ibm)[-_]?\d{1,5}|iso[-_]?8859[-_]\d{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();
}
