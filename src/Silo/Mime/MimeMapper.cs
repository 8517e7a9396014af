using System.Buffers;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Mime;

/// <summary>Reads from a mail's raw bytes what tracking needs, whatever the bytes are.</summary>
/// <remarks>
/// Headers first; the body is looked at only to count what is attached to a multipart. Repeatable: the same bytes under the same
/// options give the same result, from memory or from a stream. Time grows with the length of the mail, memory with that of its
/// headers, both up to the bounds in <see cref="MimeOptions"/>. The bytes themselves are never changed.
/// </remarks>
/// <param name="options">The bounds.</param>
public sealed class MimeMapper(IOptions<MimeOptions> options)
{
    private const int HeaderBufferBytes = 16_384;
    private const int BodyBufferBytes = 65_536;

    private readonly MimeOptions _options = WithCharsets(options.Value);

    /// <summary>Reads a mail that is in memory.</summary>
    /// <param name="mail">The whole mail.</param>
    /// <returns>The headers, or why these bytes are no mail; never an exception, whatever the bytes.</returns>
    public MimeResult Map(ReadOnlyMemory<byte> mail)
    {
        var reading = new MailReading(_options);
        reading.TakeHeaders(mail.Span, isEnd: true);
        if (reading.WantsBody)
        {
            var end = Math.Min(mail.Length, _options.MessageBytesMax);
            reading.TakeBody(mail.Span[Math.Min(reading.BodyStart, end)..end], isEnd: true);
            reading.EndBody(isCut: end < mail.Length);
        }

        return reading.Finish(mail.Span);
    }

    /// <summary>Reads a mail from where the stream stands, no further than needed, and leaves the stream open.</summary>
    /// <param name="mail">A readable stream; it need not seek.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>What <see cref="Map(ReadOnlyMemory{byte})"/> returns for the same bytes.</returns>
    /// <exception cref="IOException">The stream fails: the mail is not at fault, try again.</exception>
    public async ValueTask<MimeResult> MapAsync(Stream mail, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var reading = new MailReading(_options);
        var head = ArrayPool<byte>.Shared.Rent(HeaderBufferBytes);
        try
        {
            var length = 0;
            for (var isEnd = false; !isEnd && !reading.TakeHeaders(head.AsSpan(0, length), isEnd);)
            {
                head = Grown(head, length);
                (length, isEnd) = await FillAsync(mail, head, length, cancellationToken);
                if (isEnd)
                {
                    reading.TakeHeaders(head.AsSpan(0, length), isEnd);
                }
            }

            if (reading.WantsBody)
            {
                await ReadBodyAsync(mail, head.AsMemory(0, length), reading, cancellationToken);
            }

            return reading.Finish(head.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    // The headers must be in one piece, the body need not: what follows them goes through a buffer of its own.
    private async ValueTask ReadBodyAsync(
        Stream mail, ReadOnlyMemory<byte> head, MailReading reading, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BodyBufferBytes);
        try
        {
            long left = _options.MessageBytesMax - Math.Min(reading.BodyStart, _options.MessageBytesMax);
            var pending = head[Math.Min(reading.BodyStart, head.Length)..];
            var kept = 0;
            for (var isEnd = false; ;)
            {
                var taken = (int)Math.Min(Math.Min(left, pending.Length), buffer.Length - kept);
                pending[..taken].CopyTo(buffer.AsMemory(kept));
                pending = pending[taken..];
                left -= taken;
                kept += taken;

                var isLast = isEnd || left == 0;
                var used = reading.TakeBody(buffer.AsSpan(0, kept), isLast);
                buffer.AsSpan(used, kept - used).CopyTo(buffer);
                kept -= used;
                if (isLast || !reading.WantsBody)
                {
                    var isCut = left == 0 && reading.WantsBody
                        && (!pending.IsEmpty || await mail.ReadAsync(buffer.AsMemory(0, 1), cancellationToken) > 0);
                    reading.EndBody(isCut);
                    return;
                }

                if (pending.IsEmpty)
                {
                    var room = (int)Math.Min(left, buffer.Length - kept);
                    var read = await mail.ReadAsync(buffer.AsMemory(kept, room), cancellationToken);
                    (kept, left, isEnd) = (kept + read, left - read, read == 0);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<(int Length, bool IsEnd)> FillAsync(
        Stream mail, byte[] buffer, int length, CancellationToken cancellationToken)
    {
        while (length < buffer.Length)
        {
            var read = await mail.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return (length, true);
            }

            length += read;
        }

        return (length, false);
    }

    private static byte[] Grown(byte[] buffer, int length)
    {
        if (length < buffer.Length)
        {
            return buffer;
        }

        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan().CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static MimeOptions WithCharsets(MimeOptions options)
    {
        Charsets.Register();
        return options;
    }
}
