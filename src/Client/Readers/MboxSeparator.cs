using System.Buffers;
using System.Buffers.Text;

namespace EmailTracking.Client.Readers;

/// <summary>Tells the line that begins a message in an mbox from a line of text that merely begins with "From ".</summary>
/// <remarks>
/// RFC 4155 appendix A: "From ", the sender, a blank, the date as asctime writes it. Met as well: zones before and after
/// the year, RFC 5322 dates, "-", "MAILER-DAEMON", "name at host", a Git commit, "remote from host", and no date at all.
/// A mailbox that quotes has no other such line in it; one that does not has prose ("From here on it rained"). A wrong split
/// makes two broken mails of a good one and a missed split hides a mail, so the line is asked for more the less its
/// surroundings say: after a blank line a date at its end, or a lone address; after any other line an address and a
/// date with its weekday.
/// </remarks>
internal static class MboxSeparator
{
    /// <summary>The longest line that is looked at; a longer one is text.</summary>
    public const int LineBytesMax = 1024;

    private static readonly SearchValues<byte> _zoneLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ()"u8);

    /// <summary>What every separator begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "From "u8;

    /// <param name="line">A line that begins with <see cref="Mark"/>, with or without its line end.</param>
    /// <param name="afterBlank">Whether a blank line or nothing stands before it.</param>
    public static bool Is(ReadOnlySpan<byte> line, bool afterBlank)
    {
        var rest = line[Mark.Length..].Trim(" \t\r\n"u8);
        var sender = NextWord(ref rest);
        var address = sender.Contains((byte)'@');
        if (afterBlank)
        {
            return (address && rest.IsEmpty) || EndsWithDate(rest, weekdayNeeded: false);
        }

        return (address || sender.SequenceEqual("-"u8) || sender.SequenceEqual("MAILER-DAEMON"u8))
            && EndsWithDate(rest, weekdayNeeded: true);
    }

    private static bool EndsWithDate(ReadOnlySpan<byte> rest, bool weekdayNeeded)
    {
        var (weekday, month, time, year) = (false, false, false, false);
        while (!rest.IsEmpty)
        {
            var word = NextWord(ref rest).TrimEnd((byte)',');
            if (month && word.SequenceEqual("remote"u8))
            {
                break;
            }

            weekday |= IsName(word, "MonTueWedThuFriSatSun"u8);
            if (IsName(word, "JanFebMarAprMayJunJulAugSepOctNovDec"u8))
            {
                month = true;
            }
            else if (IsTime(word))
            {
                time = true;
            }
            else if (IsYear(word))
            {
                year = true;
            }
            else if (month && !IsDayOrZone(word))
            {
                return false;
            }
        }

        return month && time && year && (weekday || !weekdayNeeded);
    }

    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..].TrimStart(" \t"u8);
        return word;
    }

    private static bool IsName(ReadOnlySpan<byte> word, ReadOnlySpan<byte> names) =>
        word.Length == 3 && names.IndexOf(word) is >= 0 and var at && at % 3 == 0;

    private static bool IsTime(ReadOnlySpan<byte> word)
    {
        var colon = word.IndexOf((byte)':');
        return colon is 1 or 2
            && IsDigits(word[..colon])
            && (word.Length == colon + 3 || (word.Length == colon + 6 && word[colon + 3] == ':' && IsDigits(word[^2..])))
            && IsDigits(word.Slice(colon + 1, 2));
    }

    private static bool IsYear(ReadOnlySpan<byte> word) =>
        word.Length == 4 && Utf8Parser.TryParse(word, out int year, out var used) && used == 4 && year is >= 1900 and < 2200;

    private static bool IsDayOrZone(ReadOnlySpan<byte> word)
    {
        var zone = word.TrimStart("+-"u8);
        return (word.Length <= 2 && IsDigits(word))
            || (zone.Length == 4 && word.Length == 5 && IsDigits(zone))
            || (word.Length is >= 1 and <= 6 && !word.ContainsAnyExcept(_zoneLetters));
    }

    private static bool IsDigits(ReadOnlySpan<byte> word) =>
        !word.IsEmpty && !word.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
