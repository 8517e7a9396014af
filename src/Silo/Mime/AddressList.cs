namespace EmailTracking.Silo.Mime;

/// <summary>Where the addresses lie in the value of a To, Cc or From header.</summary>
/// <remarks>
/// Splits at commas and semicolons that are in no quoted string, comment or bracket, and leaves the names of groups out
/// (RFC 5322 section 3.4), so that one address that cannot be read does not take the others with it. Linear in the length of the
/// value: what is never closed is looked for once.
/// </remarks>
internal static class AddressList
{
    // "Doe, Ana <ana@contoso.com>": how many commas an unquoted name may hold.
    private const int NameCommasMax = 4;

    /// <summary>The ranges of the addresses, in order; blank ones left out.</summary>
    internal static IEnumerable<Range> Split(ReadOnlyMemory<byte> value)
    {
        var start = 0;
        var commas = new List<int>(NameCommasMax);
        var (hasAt, hasAngle) = (false, false);
        for (var scan = new Scanner(value); ; scan.Next())
        {
            switch (scan.Special)
            {
                case (byte)'@':
                    hasAt = true;
                    continue;
                case (byte)'<':
                    (hasAt, hasAngle) = (true, true);
                    continue;
                case (byte)':' when !hasAt:
                    (start, hasAngle) = (scan.Position + 1, false);
                    commas.Clear();
                    continue;
                case (byte)':':
                    continue;

                // A comma before any address belongs to a name, if an address in brackets follows.
                case (byte)',' when !hasAt && commas.Count < NameCommasMax:
                    commas.Add(scan.Position);
                    continue;
            }

            if (!hasAngle)
            {
                foreach (var comma in commas)
                {
                    if (!IsBlank(value, start, comma))
                    {
                        yield return start..comma;
                    }

                    start = comma + 1;
                }
            }

            if (!IsBlank(value, start, scan.Position))
            {
                yield return start..scan.Position;
            }

            if (scan.Special == 0)
            {
                yield break;
            }

            start = scan.Position + 1;
            (hasAt, hasAngle) = (false, false);
            commas.Clear();
        }
    }

    private static bool IsBlank(ReadOnlyMemory<byte> value, int start, int end) =>
        value.Span[start..end].IndexOfAnyExcept(" \t,;"u8) < 0;

    /// <summary>Steps from one special character to the next, over quoted strings, comments and bracketed addresses.</summary>
    private struct Scanner
    {
        private readonly ReadOnlyMemory<byte> _value;
        private bool _quotesEnd = true;
        private bool _commentsEnd = true;

        internal Scanner(ReadOnlyMemory<byte> value)
        {
            _value = value;
            Position = -1;
            Next();
        }

        internal int Position { get; private set; }

        /// <summary>One of <c>@ &lt; : , ;</c>, or 0 at the end.</summary>
        internal byte Special { get; private set; }

        internal void Next()
        {
            var text = _value.Span;

            // At an opening bracket we go on behind the closing one.
            var at = Special == '<' ? Position + AngleLength(text[Position..]) : Position + 1;
            while (at < text.Length)
            {
                switch (text[at])
                {
                    case (byte)'@' or (byte)'<' or (byte)':' or (byte)',' or (byte)';':
                        (Position, Special) = (at, text[at]);
                        return;
                    case (byte)'\\':
                        at += 2;
                        break;
                    case (byte)'"' when _quotesEnd:
                        at += QuotedLength(text[at..]);
                        break;
                    case (byte)'(' when _commentsEnd:
                        at += CommentLength(text[at..]);
                        break;
                    default:
                        at++;
                        break;
                }
            }

            (Position, Special) = (text.Length, 0);
        }

        private static int AngleLength(ReadOnlySpan<byte> text)
        {
            var end = text[1..].IndexOfAny((byte)'<', (byte)'>');
            return end >= 0 && text[end + 1] == '>' ? end + 2 : 1;
        }

        private int QuotedLength(ReadOnlySpan<byte> text)
        {
            for (var index = 1; index < text.Length; index++)
            {
                if (text[index] == '\\')
                {
                    index++;
                }
                else if (text[index] == '"')
                {
                    return index + 1;
                }
            }

            _quotesEnd = false;
            return 1;
        }

        private int CommentLength(ReadOnlySpan<byte> text)
        {
            var depth = 0;
            for (var index = 0; index < text.Length; index++)
            {
                switch (text[index])
                {
                    case (byte)'\\':
                        index++;
                        break;
                    case (byte)'(':
                        depth++;
                        break;
                    case (byte)')' when --depth == 0:
                        return index + 1;
                }
            }

            _commentsEnd = false;
            return 1;
        }
    }
}
