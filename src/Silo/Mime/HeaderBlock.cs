namespace EmailTracking.Silo.Mime;

/// <summary>Where the headers of a mail lie in its bytes, and where its body begins.</summary>
/// <remarks>
/// Lines end in LF, in CR LF, or in CR alone when the first line does: then the whole mail is read so. Framing is our own
/// because a header block is hostile input of any size: nothing is copied and nothing is kept of headers that are not read.
/// </remarks>
internal sealed class HeaderBlock
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly List<(HeaderName Name, Range Value)> _fields = [];

    // Whether the last field is one that is read, so that continuation lines belong to it.
    private bool _open;

    private HeaderBlock(byte lineEnd) => LineEnd = lineEnd;

    /// <summary>LF, or CR in mail that knows no LF.</summary>
    internal byte LineEnd { get; }

    /// <summary>How many header fields there are, read or not.</summary>
    internal int Count { get; private set; }

    /// <summary>The first byte of the body.</summary>
    internal int BodyStart { get; private set; }

    /// <summary>Whether the headers go on where reading ended.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>Where the values of a header lie, in order.</summary>
    internal IEnumerable<Range> ValuesOf(HeaderName name)
    {
        foreach (var field in _fields)
        {
            if (field.Name == name)
            {
                yield return field.Value;
            }
        }
    }

    /// <summary>The first value of a header that is not blank; empty when there is none.</summary>
    internal ReadOnlySpan<byte> FirstOf(HeaderName name, ReadOnlySpan<byte> mail)
    {
        foreach (var field in _fields)
        {
            if (field.Name == name && mail[field.Value].Trim(" \t\r\n\0"u8) is { IsEmpty: false } value)
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>Whether any header of the mail that is read stands more than once; how its body is encoded is no matter here.</summary>
    internal bool HasRepeats()
    {
        var seen = 0u;
        foreach (var (name, _) in _fields)
        {
            var bit = 1u << (int)name;
            if (name != HeaderName.ContentTransferEncoding && (seen & bit) != 0)
            {
                return true;
            }

            seen |= bit;
        }

        return false;
    }

    /// <summary>Reads the headers at the beginning of a mail.</summary>
    /// <param name="mail">The mail, or as much of it as has come.</param>
    /// <param name="isWhole">Whether nothing follows.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="warnings">Takes what was odd.</param>
    /// <returns>Null when the end of the headers has not come yet.</returns>
    internal static HeaderBlock? Read(ReadOnlySpan<byte> mail, bool isWhole, MimeOptions options, WarningSet warnings)
    {
        var isCut = mail.Length > options.HeaderBlockBytesMax;
        mail = isCut ? mail[..options.HeaderBlockBytesMax] : mail;

        var block = new HeaderBlock(LineEndOf(mail));
        var found = new WarningSet();
        if (!block.Scan(mail, isWhole || isCut, options, found))
        {
            return null;
        }

        block.IsCut = isCut && block.BodyStart == mail.Length;
        if (block.IsCut)
        {
            found.Add(MimeWarning.HeadersCut);
        }

        if (block.LineEnd == '\r')
        {
            found.Add(MimeWarning.BareCarriageReturns);
        }

        warnings.AddAll(found);
        return block;
    }

    // "\r\r\n" is a CR LF that was converted twice.
    private static byte LineEndOf(ReadOnlySpan<byte> mail)
    {
        var end = mail.IndexOfAny((byte)'\r', (byte)'\n');
        var next = end < 0 ? -1 : mail[end..].IndexOfAnyExcept((byte)'\r');
        return next > 0 && mail[end + next] != '\n' ? (byte)'\r' : (byte)'\n';
    }

    private bool Scan(ReadOnlySpan<byte> mail, bool isWhole, MimeOptions options, WarningSet warnings)
    {
        var position = mail.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        if (position > 0)
        {
            warnings.Add(MimeWarning.LeadingLines);
        }

        while (position < mail.Length)
        {
            var start = position;
            if (!TryLine(mail, isWhole, ref position, out var line))
            {
                return false;
            }

            if (line.IsEmpty && Count > 0)
            {
                BodyStart = position;
                return true;
            }

            if (Count == 0 && line.IndexOfAnyExcept(" \t\0"u8) < 0)
            {
                warnings.Add(MimeWarning.LeadingLines);
            }
            else if (line[0] is (byte)' ' or (byte)'\t')
            {
                Continue(start, position);
            }
            else if (HeaderNames.NameLength(line, out var colon) is > 0 and var length)
            {
                Add(HeaderNames.Find(line[..length]), start + colon + 1, position, options, warnings);
            }
            else if (line.StartsWith("From "u8) || line.StartsWith(">From "u8))
            {
                _open = false;
                warnings.Add(MimeWarning.LeadingLines);
            }
            else
            {
                // One bad line among headers is skipped; one that no header follows is the body's first line.
                if (!TryPeek(mail, isWhole, position, out var following))
                {
                    return false;
                }

                if (HeaderNames.NameLength(following, out _) == 0)
                {
                    warnings.Add(MimeWarning.SeparatorMissing);
                    BodyStart = start;
                    return true;
                }

                _open = false;
                warnings.Add(MimeWarning.HeaderLineUnreadable);
            }
        }

        BodyStart = mail.Length;
        return isWhole;
    }

    private void Add(HeaderName? name, int start, int end, MimeOptions options, WarningSet warnings)
    {
        Count = Math.Min(Count, options.HeadersMax) + 1;
        _open = name is not null && Count <= options.HeadersMax;
        if (_open)
        {
            _fields.Add((name!.Value, start..end));
        }
        else if (Count > options.HeadersMax)
        {
            warnings.Add(MimeWarning.HeadersCut);
        }
    }

    private void Continue(int start, int end)
    {
        if (_open && _fields[^1].Value.End.Value == start)
        {
            _fields[^1] = (_fields[^1].Name, _fields[^1].Value.Start..end);
        }
    }

    // The next line that is no continuation.
    private bool TryPeek(ReadOnlySpan<byte> mail, bool isWhole, int position, out ReadOnlySpan<byte> line)
    {
        do
        {
            if (!TryLine(mail, isWhole, ref position, out line))
            {
                return false;
            }
        }
        while (line is [(byte)' ' or (byte)'\t', ..]);

        return true;
    }

    private bool TryLine(ReadOnlySpan<byte> mail, bool isWhole, scoped ref int position, out ReadOnlySpan<byte> line)
    {
        var rest = mail[position..];
        var end = rest.IndexOf(LineEnd);
        line = (end < 0 ? rest : rest[..end]).Trim("\r\n"u8);
        position = end < 0 ? mail.Length : position + end + 1;
        return end >= 0 || isWhole;
    }
}
