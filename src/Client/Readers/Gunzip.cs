using System.IO.Compression;
using System.Runtime.ExceptionServices;
using System.Text;

namespace EmailTracking.Client.Readers;

/// <summary>Decompresses gzip, and tells a file that was cut from one that is whole.</summary>
/// <remarks>
/// <see cref="GZipStream"/> ends without an error where a cut file ends. So when the file is used up, one more member with a
/// known text is put behind it: members follow each other freely (RFC 1952 section 2.2), so that text comes out when
/// the last member was whole, and anything else when it was not.
/// </remarks>
internal sealed class Gunzip : IAsyncDisposable
{
    private const string EndText = "end of the compressed mail file";

    private readonly CompressedInput _compressed;
    private readonly GZipStream _gzip;

    public Gunzip(InputBuffer compressed)
    {
        _compressed = new CompressedInput(compressed);
        _gzip = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]);

    /// <exception cref="EndOfStreamException">The file ends before its compressed data does.</exception>
    /// <exception cref="InvalidDataException">The compressed data is damaged.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = await _gzip.ReadAsync(destination, cancellationToken);

        // Bytes left over are padding behind the last member: it was whole.
        if (count == 0 && _compressed.UsedUp && !await EndsWholeAsync(cancellationToken))
        {
            throw new EndOfStreamException();
        }

        return count;
    }

    public ValueTask DisposeAsync() => _gzip.DisposeAsync();

    private async ValueTask<bool> EndsWholeAsync(CancellationToken cancellationToken)
    {
        _compressed.Append(EndMember());
        var text = new byte[EndText.Length + 1];
        try
        {
            var count = await _gzip.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.ASCII.GetString(text, 0, count) == EndText;
        }
        catch (InvalidDataException)
        {
            // The end text was taken for the rest of a member that had been cut.
            return false;
        }
    }

    private static byte[] EndMember()
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.ASCII.GetBytes(EndText));
        }

        return member.ToArray();
    }

    /// <summary>The compressed bytes as the stream that <see cref="GZipStream"/> asks for.</summary>
    private sealed class CompressedInput(InputBuffer input) : Stream
    {
        private ReadOnlyMemory<byte> _appended;

        public bool UsedUp { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Append(byte[] bytes) => _appended = bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (input.Length > 0 || await input.FillAsync(cancellationToken))
            {
                var count = Math.Min(buffer.Length, input.Length);
                input.Span[..count].CopyTo(buffer.Span);
                input.Discard(count);
                return count;
            }

            if (input.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            UsedUp = true;
            var appended = Math.Min(buffer.Length, _appended.Length);
            _appended[..appended].CopyTo(buffer);
            _appended = _appended[appended..];
            return appended;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
