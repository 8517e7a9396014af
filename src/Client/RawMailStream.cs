namespace EmailTracking.Client;

/// <summary>Raw mail that is fetched part by part while it is read.</summary>
internal sealed class RawMailStream(
    ReadOnlyMemory<byte> first, Func<long, CancellationToken, Task<ReadOnlyMemory<byte>?>> fetch) : Stream
{
    private ReadOnlyMemory<byte> _part = first;
    private long _fetched = first.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _fetched - _part.Length; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_part.IsEmpty && _fetched > 0)
        {
            // Null: the email went while it was read. What came so far would pass for the whole mail.
            _part = await fetch(_fetched, cancellationToken) ??
                throw new EndOfStreamException("The email is no longer kept: its raw mail ends too early.");
            _fetched += _part.Length;
        }

        var count = Math.Min(buffer.Length, _part.Length);
        _part[..count].CopyTo(buffer);
        _part = _part[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
