namespace EmailTracking.Client.Readers;

/// <summary>Takes one '&gt;' off every line of '&gt;'s and "From ", as mboxrd put it there.</summary>
internal static class MboxUnquoting
{
    private static ReadOnlySpan<byte> QuotedMark => ">From "u8;

    /// <param name="message">The message as it stands in the mailbox, from the beginning of a line.</param>
    /// <param name="lineEnd">The last byte of a line end.</param>
    public static byte[] Unquote(ReadOnlySpan<byte> message, byte lineEnd)
    {
        var quoted = 0;
        for (var from = 0; NextQuote(message, lineEnd, ref from) >= 0;)
        {
            quoted++;
        }

        if (quoted == 0)
        {
            return message.ToArray();
        }

        var content = GC.AllocateUninitializedArray<byte>(message.Length - quoted);
        var (kept, filled, next) = (0, 0, 0);
        for (var drop = NextQuote(message, lineEnd, ref next); drop >= 0; drop = NextQuote(message, lineEnd, ref next))
        {
            message[kept..drop].CopyTo(content.AsSpan(filled));
            filled += drop - kept;
            kept = drop + 1;
        }

        message[kept..].CopyTo(content.AsSpan(filled));
        return content;
    }

    // The first byte of the next quoted line, or -1. Looking for the rare mark and then back to the beginning of its line
    // leaves all other lines to one vectorised search; no '>' is looked at twice, so a long run of them costs its length.
    private static int NextQuote(ReadOnlySpan<byte> message, byte lineEnd, ref int from)
    {
        while (true)
        {
            var found = message[from..].IndexOf(QuotedMark);
            if (found < 0)
            {
                return -1;
            }

            var mark = from + found;
            var run = message[from..mark];
            var start = mark - (run.Length - run.TrimEnd((byte)'>').Length);
            from = mark + QuotedMark.Length;
            if (start == 0 || message[start - 1] == lineEnd)
            {
                return start;
            }
        }
    }
}
