using System.Runtime.CompilerServices;

namespace EmailTracking.Client.Readers;

/// <summary>Cuts an mbox into its messages, one in memory at a time.</summary>
/// <remarks>
/// Source: RFC 4155; https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml for mboxrd. A message
/// reaches from behind its separator line to the next one (<see cref="MboxSeparator"/>). One blank line at its end was
/// added by whoever wrote the mailbox and is taken off, at the end of the file too. Lines end in LF or CRLF, mixed at will;
/// in a file whose first line ends in a lone CR, they end in CR.
/// </remarks>
internal sealed class MboxReader(InputBuffer input, string path, MailFilesOptions options)
{
    // CR LF. As many bytes are kept before the place where the search goes on, so that a blank line there is still known.
    private const int BlankLineBytesMax = 2;

    private byte _lineEnd;
    private byte[] _mark = [];

    /// <param name="after">Messages up to this ordinal are not handed over.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <remarks>The window begins with a whole separator line: the file was recognised by it.</remarks>
    public async IAsyncEnumerable<MailItem> ReadAsync(
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var separatorBytes = FirstLine();
        for (var (ordinal, more) = (1L, true); more; ordinal++)
        {
            var source = new MailSource(path, ordinal, input.Offset);

            // The line end stays in the window, so that a mark right behind it is found like any other.
            input.Discard(separatorBytes - 1);
            var frame = await FrameAsync(cancellationToken);
            if (ordinal > after)
            {
                yield return Item(source, frame);
            }

            input.Discard(frame.End);
            more = frame.SeparatorBytes > 0;
            separatorBytes = frame.SeparatorBytes;
        }
    }

    private int FirstLine()
    {
        var end = input.Span.IndexOfAny((byte)'\r', (byte)'\n');
        var lineEnd = input.Span[end..];
        var crlf = lineEnd.StartsWith("\r\n"u8);
        _lineEnd = crlf ? (byte)'\n' : lineEnd[0];
        _mark = [_lineEnd, .. MboxSeparator.Mark];
        return end + (crlf ? 2 : 1);
    }

    // Fills the window until it holds the whole message and the separator behind it, or until the message is too large;
    // from then on only its last bytes are kept.
    private async ValueTask<Frame> FrameAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        var passedOver = false;
        while (true)
        {
            if (FindSeparator(ref searched) is { } found)
            {
                return found with { PassedOver = passedOver };
            }

            if (input.Ended)
            {
                return new Frame(input.Length, SeparatorBytes: 0, passedOver);
            }

            // A blank line may yet come off the bytes counted here; without it a message of exactly the limit would be lost.
            passedOver |= searched > BlankLineBytesMax + (long)options.MessageBytesMax;
            if (passedOver && searched > BlankLineBytesMax)
            {
                input.Discard(searched - BlankLineBytesMax);
                searched = BlankLineBytesMax;
            }

            await input.FillAsync(cancellationToken);
        }
    }

    /// <param name="searched">How far the window holds no separator; moved on, so that no byte is searched twice.</param>
    private Frame? FindSeparator(ref int searched)
    {
        var window = input.Span;
        while (true)
        {
            var found = window[searched..].IndexOf(_mark);
            if (found < 0)
            {
                searched = Math.Max(searched, window.Length - _mark.Length + 1);
                return null;
            }

            searched += found;
            var line = window[(searched + 1)..];
            line = line[..Math.Min(line.Length, MboxSeparator.LineBytesMax)];
            var end = line.IndexOf(_lineEnd);
            if (end < 0 && line.Length < MboxSeparator.LineBytesMax)
            {
                if (!input.Ended)
                {
                    return null;
                }

                end = line.Length - 1;
            }

            if (end >= 0 && MboxSeparator.Is(line[..(end + 1)], EndsInBlankLine(window[..(searched + 1)]) > 0))
            {
                return new Frame(searched + 1, end + 1, PassedOver: false);
            }

            searched++;
        }
    }

    private MailItem Item(MailSource source, Frame frame)
    {
        var problem = frame.SeparatorBytes > 0 ? null : input.Problem;
        var message = input.Span[..frame.End];
        var cut = frame.SeparatorBytes == 0 && message[^1] != _lineEnd;
        message = message[..^EndsInBlankLine(message)][1..];
        if (frame.PassedOver || message.Length > options.MessageBytesMax)
        {
            return new MailItem(source, default, problem ?? MailProblem.TooLarge(options.MessageBytesMax));
        }

        var content = options.Quoting == MboxQuoting.Mboxrd ? MboxUnquoting.Unquote(message, _lineEnd) : message.ToArray();
        return new MailItem(source, content, problem ?? (cut ? MailProblem.CutLine : null));
    }

    /// <returns>Length of the blank line that <paramref name="lines"/> end in, or 0; the line before it must be there.</returns>
    private int EndsInBlankLine(ReadOnlySpan<byte> lines)
    {
        if (lines.Length >= 2 && lines[^1] == _lineEnd && lines[^2] == _lineEnd)
        {
            return 1;
        }

        return _lineEnd == '\n' && lines.EndsWith("\n\r\n"u8) ? 2 : 0;
    }

    /// <param name="End">Where the message ends in the window and the next separator begins.</param>
    /// <param name="SeparatorBytes">Length of the separator line behind it, with its line end; 0 at the end of the file.</param>
    /// <param name="PassedOver">The message was too large to be kept.</param>
    private readonly record struct Frame(int End, int SeparatorBytes, bool PassedOver);
}
