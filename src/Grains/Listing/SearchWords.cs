using System.Buffers;
using System.Globalization;
using System.Text;

namespace EmailTracking.Listing;

/// <summary>Words of a text as they are searched: lower case, without accents, letters and digits only.</summary>
/// <remarks>
/// Chinese, Japanese and Korean are written without blanks: of such text each two neighbours are a word. Words have no underscore,
/// so that nothing an outsider writes is a <see cref="ListTerms">term of our own</see>.
/// </remarks>
public static class SearchWords
{
    /// <summary>The longest word, in characters; what is behind is left out.</summary>
    public const int LengthMax = 64;

    private static readonly SearchValues<char> AsciiLettersAndDigits =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The words of a text in order, with repeats.</summary>
    public static IEnumerable<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Split(text);
    }

    private static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        Rune? neighbour = null;
        var isPaired = false;
        for (var at = 0; at < text.Length;)
        {
            if (word.Length == 0 && neighbour is null && AsciiWordLength(text, at) is > 0 and var ascii)
            {
                yield return text.Substring(at, Math.Min(ascii, LengthMax)).ToLowerInvariant();
                at += ascii;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(at), out var written, out var length);
            at += length;
            var rune = AccentedLetters.Fold(Rune.ToLowerInvariant(Narrow(written)));
            if (IsMark(rune))
            {
                continue;
            }

            var isUnspaced = IsUnspaced(rune);
            if (word.Length > 0 && (isUnspaced || !Rune.IsLetterOrDigit(rune)))
            {
                yield return Take(word);
            }

            if (neighbour is { } before)
            {
                if (isUnspaced)
                {
                    yield return $"{before}{rune}";
                }
                else if (!isPaired)
                {
                    yield return before.ToString();
                }
            }

            isPaired = isUnspaced && neighbour is not null;
            neighbour = isUnspaced ? rune : null;
            if (!isUnspaced && Rune.IsLetterOrDigit(rune) && word.Length < LengthMax)
            {
                word.Append(rune);
            }
        }

        if (word.Length > 0)
        {
            yield return Take(word);
        }

        if (neighbour is { } last && !isPaired)
        {
            yield return last.ToString();
        }
    }

    // Most words of most mail, which need no look at each letter. An accent may follow as a letter of its own: then it is none.
    private static int AsciiWordLength(string text, int at)
    {
        var rest = text.AsSpan(at);
        var length = rest.IndexOfAnyExcept(AsciiLettersAndDigits);
        return length < 0 ? rest.Length : char.IsAscii(rest[length]) ? length : 0;
    }

    private static string Take(StringBuilder word)
    {
        var text = word.ToString();
        word.Clear();
        return text;
    }

    private static bool IsMark(Rune rune) => !rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format;

    // Full-width forms of ASCII, as they are typed among Chinese and Japanese.
    private static Rune Narrow(Rune rune) => rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;

    // Kana, Han, Hangul, also as letters and half-width.
    private static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x11FF) or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or
        (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFFDC) or (>= 0x20000 and <= 0x3FFFF);
}
