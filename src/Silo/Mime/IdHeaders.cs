using System.Text;

namespace EmailTracking.Silo.Mime;

/// <summary>Reads headers of message ids: all values of a repeated one together, of a long one both ends.</summary>
internal static class IdHeaders
{
    /// <summary>The value, at most <see cref="MimeOptions.HeaderBytesMax"/> long; null when there is none.</summary>
    internal static string? Read(
        ReadOnlySpan<byte> mail, IEnumerable<Range> values, HeaderText text, MimeOptions options, WarningSet warnings)
    {
        StringBuilder? joined = null;
        foreach (var value in values)
        {
            joined = (joined?.Append(' ') ?? new StringBuilder()).Append(HeaderText.Ids(text.Unfold(mail[value])));
        }

        return joined is null
            ? null
            : StorableText.Value(Bounded(joined.ToString(), options, warnings), options.HeaderBytesMax, warnings);
    }

    // The nearest ancestors stand last and the root stands first; the middle is what a long thread can do without.
    private static string Bounded(string value, MimeOptions options, WarningSet warnings)
    {
        if (value.Length <= options.HeaderBytesMax)
        {
            return value;
        }

        warnings.Add(MimeWarning.HeaderCut);
        var half = (options.HeaderBytesMax - 1) / 2;
        var (head, tail) = (value[..half], value[^half..]);
        var first = tail.IndexOf('<');
        return head[..(head.LastIndexOf('>') + 1)] + ' ' + (first < 0 ? "" : tail[first..]);
    }
}
