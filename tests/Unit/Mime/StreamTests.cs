using System.Diagnostics;
using System.Text;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class StreamTests
{
    private const string Head = "From: ana@contoso.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\n\r\n";
    private const string Tail = "\r\n--b\r\nContent-Type: image/png\r\n\r\n...\r\n--b--\r\n";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_000)]
    [InlineData(65_500)]
    [InlineData(300_000)]
    public async Task A_stream_reads_as_memory_does(int filler)
    {
        var mail = AMail.Bytes(
            "Subject: Pallets\r\nX-Filler: " + new string('x', filler) + "\r\n" + Head + new string('y', filler) + "\r\n" + new string('-', filler) + Tail);

        var read = await AMail.Mapper().MapAsync(new TricklingStream(mail, 7_919));

        Assert.Equal(2, Assert.IsType<MimeResult.Mapped>(read).Headers.AttachmentCount);
        Assert.Equal(AMail.Written(AMail.Mapper().Map(mail)), AMail.Written(read));
    }

    [Fact]
    public async Task A_body_is_not_read_when_nothing_in_it_matters()
    {
        var mail = new TricklingStream(AMail.Bytes("From: ana@contoso.com\n\n" + new string('x', 1_000_000)), 4_096);

        Assert.IsType<MimeResult.Mapped>(await AMail.Mapper().MapAsync(mail));

        Assert.InRange(mail.Position, 1, 20_000);
    }

    [Fact]
    public async Task What_lies_beyond_the_bound_of_a_message_is_not_counted()
    {
        var options = new MimeOptions { MessageBytesMax = 1_048_576 };
        var mail = AMail.Bytes(Head + new string('x', 1_048_576) + Tail);

        var fromMemory = AMail.Mapped(mail, options);
        var fromStream = await AMail.Mapper(options).MapAsync(new MemoryStream(mail));

        Assert.Equal(1, fromMemory.Headers.AttachmentCount);
        Assert.Equal([MimeWarning.BodyCut], fromMemory.Warnings.ToArray());
        Assert.Equal(AMail.Written(fromMemory), AMail.Written(fromStream));
    }

    [Fact]
    public async Task A_message_of_the_largest_size_is_read_whole()
    {
        var options = new MimeOptions { MessageBytesMax = 1_048_576 };
        var mail = AMail.Bytes(Head + new string('x', 1_048_576 - Head.Length - Tail.Length) + Tail);

        var read = await AMail.Mapper(options).MapAsync(new MemoryStream(mail));

        Assert.Equal(1_048_576, mail.Length);
        Assert.Equal(2, Assert.IsType<MimeResult.Mapped>(read).Headers.AttachmentCount);
        Assert.Empty(Assert.IsType<MimeResult.Mapped>(read).Warnings);
    }

    [Theory]
    [InlineData(157_286_400L, 2)]
    [InlineData(157_286_401L, 2)]
    [InlineData(500_000_000L, 1)]
    public async Task A_message_of_150_megabytes_takes_the_memory_of_its_headers(long length, int attachments)
    {
        if (Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") != "1")
        {
            return;
        }

        var mail = new GeneratedStream(AMail.Bytes(Head), AMail.Bytes(Tail), length);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = Assert.IsType<MimeResult.Mapped>(await AMail.Mapper().MapAsync(mail));

        // One byte over the bound cuts the last line end off, which changes nothing.
        Assert.Equal(attachments, read.Headers.AttachmentCount);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public async Task A_fault_of_the_stream_is_not_the_mails()
    {
        await Assert.ThrowsAsync<IOException>(async () => await AMail.Mapper().MapAsync(new BrokenStream()));
    }

    [Fact]
    public async Task Reading_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await AMail.Mapper().MapAsync(new MemoryStream(AMail.With()), stop.Token));
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class TricklingStream(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, step)], cancellationToken);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The connection is gone.");
    }

    /// <summary>A mail of any length that is nowhere: head, base64 lines, tail.</summary>
    private sealed class GeneratedStream(byte[] head, byte[] tail, long length) : Stream
    {
        private static readonly byte[] Line = Encoding.ASCII.GetBytes(new string('A', 76) + "\r\n");
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _position; set => throw new UnreachableException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var tailStart = length - tail.Length;
            var filled = 0;
            while (filled < buffer.Length && _position < length)
            {
                var (source, at, end) = _position < head.Length ? (head, (int)_position, (long)head.Length)
                    : _position >= tailStart ? (tail, (int)(_position - tailStart), length)
                    : (Line, (int)((_position - head.Length) % Line.Length), tailStart);
                var count = (int)Math.Min(Math.Min(source.Length - at, buffer.Length - filled), end - _position);
                source.AsSpan(at, count).CopyTo(buffer[filled..]);
                _position += count;
                filled += count;
            }

            return filled;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override void Flush() => throw new UnreachableException();

        public override long Seek(long offset, SeekOrigin origin) => throw new UnreachableException();

        public override void SetLength(long value) => throw new UnreachableException();

        public override void Write(byte[] buffer, int offset, int count) => throw new UnreachableException();
    }
}
