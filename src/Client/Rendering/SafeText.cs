using System.Globalization;
using System.Text;

namespace EmailTracking.Client.Rendering;

/// <summary>Text of mail as a terminal may show it: without anything that moves, hides or colours.</summary>
internal static class SafeText
{
    public const int LengthMax = 1_000;

    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text on one line; control, direction and other invisible characters are taken out.</summary>
    /// <param name="text">What an outsider wrote; null gives nothing.</param>
    /// <param name="lengthMax">The longest text that is shown whole.</param>
    public static string Of(string? text, int lengthMax = LengthMax)
    {
        var safe = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (safe.Length >= lengthMax)
            {
                return safe.Append('\u2026').ToString();
            }

            if (Rune.IsWhiteSpace(rune))
            {
                safe.Append(' ');
            }
            else if (IsVisible(rune))
            {
                safe.Append(rune.ToString());
            }
        }

        return safe.ToString().Trim();
    }

    // Joiners shape Persian, Indian scripts and emoji; every other format character only deceives.
    private static bool IsVisible(Rune rune) => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
