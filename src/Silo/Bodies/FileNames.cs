using System.Globalization;
using System.Text;

namespace EmailTracking.Silo.Bodies;

/// <summary>Names of files that came by mail.</summary>
internal static class FileNames
{
    private const int LengthMax = 200;

    /// <summary>A name that hides nothing: the last part of a path, without control and format characters (a right-to-left override turns exe.txt round).</summary>
    /// <param name="name">As the sender wrote it; may be null.</param>
    /// <param name="otherwise">The name of a file that has none.</param>
    public static string Clean(string? name, string otherwise)
    {
        var last = (name ?? "")[((name ?? "").LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder();
        foreach (var rune in last.EnumerateRunes())
        {
            clean.Append(IsHidden(rune) ? "" : IsSpecial(rune) ? "_" : rune.ToString());
        }

        // Windows leaves out dots and blanks at the end, and so would open a.exe for "a.exe. ".
        var trimmed = clean.ToString().Trim().TrimEnd('.', ' ');
        return trimmed.Length == 0 ? otherwise : trimmed.Length <= LengthMax ? trimmed : Shorten(trimmed);
    }

    /// <summary>The extension, in lower case without its dot; empty when there is none.</summary>
    public static string Extension(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant();

    // The extension says what a file is, so it stays.
    private static string Shorten(string name)
    {
        var extension = Path.GetExtension(name);
        return extension.Length < LengthMax / 2 ? name[..(LengthMax - extension.Length)] + extension : name[^LengthMax..];
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsSpecial(Rune rune) => rune.Value is '"' or '<' or '>' or ':' or '|' or '?' or '*';
}
