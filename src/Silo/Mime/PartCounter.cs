using System.Runtime.InteropServices;
using System.Text;

namespace EmailTracking.Silo.Mime;

/// <summary>Counts what is attached to a multipart mail while its body passes by.</summary>
/// <remarks>
/// Looks at boundary lines and at the two headers of each part that matter, and keeps nothing else, so a body of any size, depth
/// and number of parts costs the memory of one line. Attached messages are not opened. Our own, because a parser that builds or
/// reports every part keeps each header whole, whatever its length.
/// </remarks>
internal sealed class PartCounter
{
    /// <summary>The longest line that is looked at, in bytes; of longer ones the beginning.</summary>
    internal const int LineBytesMax = 8_192;

    // Lines that look like boundaries cost most: a mail of nothing else must end, too.
    private const int DashLinesMax = 1_000_000;

    private readonly MimeOptions _options;
    private readonly WarningSet _warnings;
    private readonly byte _lineEnd;
    private readonly List<(byte[] Boundary, bool IsDigest)> _open = [];
    private readonly List<byte> _type = [];
    private readonly List<byte> _disposition = [];
    private List<byte>? _field;
    private bool _inHeaders;
    private bool _inLine;
    private bool _isDigest;
    private int _parts;
    private int _dashLines;

    /// <summary>Begins behind the headers of a mail.</summary>
    /// <param name="top">The mail's own type.</param>
    /// <param name="lineEnd">What its lines end in.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="warnings">Takes what was odd.</param>
    internal PartCounter(MediaType top, byte lineEnd, MimeOptions options, WarningSet warnings)
    {
        (_lineEnd, _options, _warnings) = (lineEnd, options, warnings);
        Open(top);
    }

    /// <summary>Attachments and attached messages so far.</summary>
    internal int Attachments { get; private set; }

    /// <summary>The charset of the first text part that names one; null when none does.</summary>
    internal string? TextCharset { get; private set; }

    /// <summary>Whether the rest of the body changes nothing.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>Takes the next bytes of the body.</summary>
    /// <param name="data">What was left of the last call, and more.</param>
    /// <param name="isEnd">Whether nothing follows.</param>
    /// <returns>How many bytes were used; the others are given again. Fewer than <see cref="LineBytesMax"/> are left.</returns>
    internal int Feed(ReadOnlySpan<byte> data, bool isEnd)
    {
        var position = 0;
        while (position < data.Length && !IsDone)
        {
            var rest = data[position..];
            if (_inLine)
            {
                var end = rest.IndexOf(_lineEnd);
                _inLine = end < 0;
                position += end < 0 ? rest.Length : end + 1;
            }
            else if (!_inHeaders && rest.Length >= 2 && !rest.StartsWith("--"u8))
            {
                position += SkipText(rest);
            }
            else if (!TryLine(rest, isEnd, ref position))
            {
                break;
            }
        }

        if (isEnd && _inHeaders)
        {
            EndHeaders();
        }

        return IsDone ? data.Length : position;
    }

    // Only lines that begin with two dashes matter in a body.
    private int SkipText(ReadOnlySpan<byte> rest)
    {
        var next = rest.IndexOf([_lineEnd, (byte)'-', (byte)'-']);
        if (next >= 0)
        {
            return next + 1;
        }

        var tail = rest[(rest.LastIndexOf(_lineEnd) + 1)..];
        if (tail is [(byte)'-'])
        {
            return rest.Length - 1;
        }

        _inLine = tail.Length > 0;
        return rest.Length;
    }

    private bool TryLine(ReadOnlySpan<byte> rest, bool isEnd, ref int position)
    {
        var seen = rest[..Math.Min(rest.Length, LineBytesMax)];
        var end = seen.IndexOf(_lineEnd);
        if (end < 0 && !isEnd && seen.Length < LineBytesMax)
        {
            return false;
        }

        _inLine = end < 0 && seen.Length == LineBytesMax;
        position += end < 0 ? seen.Length : end + 1;
        Line((end < 0 ? seen : seen[..end]).Trim("\r\n"u8));
        return true;
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("--"u8) && TryBoundary(line[2..].TrimEnd(" \t"u8)))
        {
            return;
        }

        if (!_inHeaders)
        {
            return;
        }

        if (line.IsEmpty)
        {
            EndHeaders();
        }
        else if (line[0] is (byte)' ' or (byte)'\t')
        {
            Append(line);
        }
        else
        {
            var length = HeaderNames.NameLength(line, out var colon);
            var field = (length == 0 ? null : HeaderNames.Find(line[..length])) switch
            {
                HeaderName.ContentType => _type,
                HeaderName.ContentDisposition => _disposition,
                _ => null,
            };

            // The first of each counts.
            _field = field is { Count: 0 } ? field : null;
            Append(line[Math.Max(colon + 1, 0)..]);
        }
    }

    private void Append(ReadOnlySpan<byte> line)
    {
        if (_field is { } field)
        {
            field.AddRange(line[..Math.Min(line.Length, MediaType.BytesMax - field.Count)]);
        }
    }

    private bool TryBoundary(ReadOnlySpan<byte> found)
    {
        if (++_dashLines > DashLinesMax)
        {
            _warnings.Add(MimeWarning.PartsCut);
            IsDone = true;
            return true;
        }

        for (var index = _open.Count - 1; index >= 0; index--)
        {
            var (boundary, isDigest) = _open[index];
            if (found.StartsWith(boundary) && (found.Length == boundary.Length || found[boundary.Length..].SequenceEqual("--"u8)))
            {
                if (_inHeaders)
                {
                    EndHeaders();
                }

                if (found.Length == boundary.Length)
                {
                    _open.RemoveRange(index + 1, _open.Count - index - 1);
                    BeginPart(isDigest);
                }
                else
                {
                    _open.RemoveRange(index, _open.Count - index);
                    IsDone = index == 0;
                }

                return true;
            }
        }

        return false;
    }

    private void BeginPart(bool isDigest)
    {
        if (++_parts > _options.PartsMax)
        {
            _warnings.Add(MimeWarning.PartsCut);
            IsDone = true;
            return;
        }

        _type.Clear();
        _disposition.Clear();
        (_field, _isDigest, _inHeaders) = (null, isDigest, true);
    }

    private void EndHeaders()
    {
        _inHeaders = false;
        var part = MediaType.Read(CollectionsMarshal.AsSpan(_type), CollectionsMarshal.AsSpan(_disposition), _isDigest);
        if (part.IsMultipart)
        {
            Open(part);
        }

        Attachments += part.IsAttachment ? 1 : 0;
        TextCharset ??= part.IsText ? part.Charset : null;
    }

    private void Open(MediaType part)
    {
        var boundary = Encoding.UTF8.GetBytes(part.Boundary?.TrimEnd() ?? "");
        if (boundary.Length == 0)
        {
            _warnings.Add(MimeWarning.BoundaryMissing);
            IsDone = _open.Count == 0;
        }
        else if (_open.Count == _options.MimeDepthMax)
        {
            _warnings.Add(MimeWarning.DepthCut);
        }
        else
        {
            _open.Add((boundary, string.Equals(part.Subtype, "digest", StringComparison.OrdinalIgnoreCase)));
        }
    }
}
