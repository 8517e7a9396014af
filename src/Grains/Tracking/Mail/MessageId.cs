using System.Buffers;
using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>A Message-ID without its angle brackets, compared byte for byte.</summary>
/// <remarks>
/// Shape: what stands between <c>&lt;</c> and <c>&gt;</c> with white space and control characters removed (folding breaks long
/// ids); 1 to 998 characters, longer ones are not ids. An <c>@</c> is not required: relays write bare ids. Source: RFC 5322
/// section 3.6.4.
/// </remarks>
[GenerateSerializer, Immutable, Alias("MessageId")]
public readonly record struct MessageId
{
    /// <summary>The longest id that is accepted, in characters (RFC 5322 section 2.1.1).</summary>
    public const int LengthMax = 998;

    private static readonly SearchValues<char> BlanksAndControls =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(code => (char)code), '\u007f', '\u00a0']);

    private MessageId(string value) => Value = value;

    /// <summary>The id, for example <c>1234@contoso.com</c>.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>Reads the one id of a Message-ID header.</summary>
    /// <param name="header">The header's value; an id without brackets is accepted when it is one word with an <c>@</c>.</param>
    /// <param name="id">The id when there is one.</param>
    /// <returns>False when the header names no id: absent, <c>&lt; &gt;</c>, free text, over-long.</returns>
    public static bool TryParse(string? header, out MessageId id)
    {
        foreach (var found in ParseAll(header))
        {
            id = found;
            return true;
        }

        id = default;
        return false;
    }

    /// <summary>Reads every id of an In-Reply-To or References header, in order, repeats included.</summary>
    /// <remarks>
    /// Comments, phrases and e-mail addresses outside brackets name nothing. A header without any bracket counts only when the
    /// whole of it is one word with an <c>@</c>.
    /// </remarks>
    public static IEnumerable<MessageId> ParseAll(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            yield break;
        }

        var open = header.IndexOf('<');
        if (open < 0)
        {
            var word = header.Trim();
            if (word.Contains('@') && word.AsSpan().IndexOfAny(BlanksAndControls) < 0 && word.Length <= LengthMax)
            {
                yield return new MessageId(word);
            }

            yield break;
        }

        while (open >= 0)
        {
            var close = header.IndexOf('>', open);
            if (close < 0)
            {
                yield break;
            }

            // "<a <b@c>": the innermost bracket is the id.
            open = header.LastIndexOf('<', close);
            if (TryClean(header.AsSpan(open + 1, close - open - 1), out var id))
            {
                yield return id;
            }

            open = header.IndexOf('<', close);
        }
    }

    /// <summary>The ids of one mail that may be remembered: without repeats and without itself, the first and last of a long list.</summary>
    /// <param name="ids">Ids in header order.</param>
    /// <param name="edgeMax">How many are kept from either end.</param>
    public static ImmutableArray<MessageId> Bounded(IEnumerable<MessageId> ids, int edgeMax)
    {
        ImmutableArray<MessageId> distinct = [.. ids.Distinct()];
        return distinct.Length <= 2 * edgeMax ? distinct : [.. distinct[..edgeMax], .. distinct[^edgeMax..]];
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool TryClean(ReadOnlySpan<char> inside, out MessageId id)
    {
        id = default;
        inside = inside.Trim();
        if (inside.IsEmpty)
        {
            return false;
        }

        if (inside.IndexOfAny(BlanksAndControls) >= 0)
        {
            // "<see the attached file>" is a phrase; "<long\r\n id@host>" is an id that was folded.
            if (!inside.Contains('@'))
            {
                return false;
            }

            var kept = new char[inside.Length];
            var length = 0;
            foreach (var character in inside)
            {
                if (!BlanksAndControls.Contains(character))
                {
                    kept[length++] = character;
                }
            }

            inside = kept.AsSpan(0, length);
        }

        if (inside.Length > LengthMax)
        {
            return false;
        }

        id = new MessageId(inside.ToString());
        return true;
    }
}
