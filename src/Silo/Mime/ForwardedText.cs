using System.Collections.Frozen;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Mime;

/// <summary>The block of header lines that mail programs write above the text of a mail that they forward.</summary>
/// <remarks>
/// Shape: lines of a name, a colon and a value, with a From line that has an address and two of date, recipients and subject, in any
/// order; quoted, in bold, or neither. In the languages in which Outlook, Gmail, Apple Mail and Thunderbird are met most.
/// </remarks>
internal static class ForwardedText
{
    private const int NameLengthMax = 20;
    private const int LineLengthMax = 1_000;

    // Long lists of recipients go on over lines; what goes on longer is text.
    private const int LinesBetweenMax = 3;

    private static readonly FrozenDictionary<string, Field> Names = new Dictionary<Field, string[]>
    {
        [Field.From] = ["from", "von", "de", "da", "van", "från", "fra", "od", "expéditeur", "mittente", "lähettäjä"],
        [Field.Date] =
        [
            "date", "sent", "datum", "gesendet", "envoyé", "enviado", "enviado el", "fecha", "data", "inviato", "verzonden", "skickat", "sendt",
            "dato", "wysłano", "lähetetty",
        ],
        [Field.To] = ["to", "an", "à", "a", "para", "aan", "till", "til", "do", "vastaanottaja"],
        [Field.Subject] = ["subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "temat", "aihe"],
    }.SelectMany(field => field.Value.Select(name => (name, field.Key))).ToFrozenDictionary(
        one => one.name, one => one.Key, StringComparer.OrdinalIgnoreCase);

    [Flags]
    private enum Field
    {
        None = 0,
        From = 1,
        Date = 2,
        To = 4,
        Subject = 8,
    }

    /// <summary>Who wrote what the text forwards first; null when it has no such block.</summary>
    internal static Participant? Find(IEnumerable<string> lines)
    {
        var (found, author, between) = (Field.None, default(Participant), 0);
        foreach (var line in lines)
        {
            var text = Bare(line);
            var (field, value) = Split(text);
            if (field == Field.None)
            {
                between = text.Length == 0 && found == Field.None ? 0 : between + 1;
                (found, author) = between > LinesBetweenMax ? (Field.None, null) : (found, author);
                continue;
            }

            // A second From line begins a block of its own.
            if (field == Field.From)
            {
                (found, author) = found.HasFlag(Field.From) ? (Field.None, null) : (found, author);
                author = Author(value);
            }

            (found, between) = (found | field, 0);
            if (author is not null && System.Numerics.BitOperations.PopCount((uint)found) >= 3)
            {
                return author;
            }
        }

        return null;
    }

    // Without the signs of quotes and of bold text.
    private static ReadOnlySpan<char> Bare(string line) => line.AsSpan()[..Math.Min(line.Length, LineLengthMax)].Trim().TrimStart("> |*\u00A0").Trim();

    private static (Field Field, string Value) Split(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOfAny(':', '：');
        if (colon is <= 0 or > NameLengthMax)
        {
            return (Field.None, "");
        }

        var name = line[..colon].Trim("* \u00A0").ToString();
        return Names.TryGetValue(name, out var field) ? (field, line[(colon + 1)..].Trim("* \u00A0\t").ToString()) : (Field.None, "");
    }

    // "Bo <bo@fabrikam.com>", "Bo [mailto:bo@fabrikam.com]", "bo@fabrikam.com <mailto:bo@fabrikam.com>".
    private static Participant? Author(string value)
    {
        foreach (var word in value.Split([' ', '\t', '<', '>', '[', ']', '(', ')', '"', ';', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var bare = word.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? word["mailto:".Length..] : word;
            if (bare.Contains('@', StringComparison.Ordinal) && EmailAddress.TryParse(bare, out var address))
            {
                var name = value[..value.IndexOf(word, StringComparison.Ordinal)].Trim(' ', '\t', '<', '[', '(', '"', '\'', '*');
                return new Participant(
                    ParticipationType.Sender, address, StorableText.Line(name, Participants.NameLengthMax, new WarningSet()));
            }
        }

        return null;
    }
}
