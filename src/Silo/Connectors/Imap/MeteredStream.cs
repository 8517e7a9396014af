namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>The server said nothing for too long, or came too slowly.</summary>
internal sealed class SilentServerException(TimeSpan answerMax)
    : IOException($"The server did not answer within {answerMax.TotalSeconds:0.#} seconds.");

/// <summary>The server sent more than any honest answer holds.</summary>
internal sealed class LongAnswerException(long bytesMax)
    : IOException($"The server sent more than {bytesMax} bytes in one answer.");

/// <summary>The bytes of a connection, measured: a server can neither fill the memory of a silo nor hold it for ever.</summary>
/// <remarks>
/// It lies below TLS, so that nothing the server sends escapes it; what TLS adds is within what callers allow. The longest silence is
/// the profile's; a slow answer may go on as long as <see cref="BytesPerSecondMin"/> arrive.
/// </remarks>
internal sealed class MeteredStream(Stream inner, TimeSpan answerMax, TimeProvider time) : Stream
{
    /// <summary>Answers that come slower than this are given up.</summary>
    internal const int BytesPerSecondMin = 4 * 1024;

    private readonly Lock _lock = new();
    private long _bytesMax = 1024 * 1024;
    private long _received;
    private long _begun = time.GetTimestamp();
    private bool _isWaiting;
    private CancellationTokenSource? _reading;

    /// <summary>Whether the server closed the connection.</summary>
    internal bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A new question: the answer may be so long.</summary>
    internal void Begin(long bytesMax)
    {
        lock (_lock)
        {
            (_bytesMax, _received, _begun, _isWaiting) = (bytesMax, 0, time.GetTimestamp(), false);
        }
    }

    /// <summary>From here on the server may be silent, because it has nothing to say.</summary>
    internal void Wait()
    {
        lock (_lock)
        {
            _isWaiting = true;
            _reading?.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>From here on the server has to answer again.</summary>
    internal void EndWait()
    {
        lock (_lock)
        {
            (_isWaiting, _begun) = (false, time.GetTimestamp());
            _reading?.CancelAfter(answerMax);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        lock (_lock)
        {
            _reading = silence;
            if (!_isWaiting)
            {
                var left = PatienceLeft();
                if (left <= TimeSpan.Zero)
                {
                    throw new SilentServerException(answerMax);
                }

                silence.CancelAfter(left);
            }
        }

        int count;
        try
        {
            count = await inner.ReadAsync(buffer, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SilentServerException(answerMax);
        }
        finally
        {
            lock (_lock)
            {
                _reading = null;
            }
        }

        HasEnded |= count == 0 && buffer.Length > 0;
        lock (_lock)
        {
            _received += count;
            return _received <= _bytesMax ? count : throw new LongAnswerException(_bytesMax);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(answerMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await inner.WriteAsync(buffer, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SilentServerException(answerMax);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private TimeSpan PatienceLeft()
    {
        var left = answerMax + TimeSpan.FromSeconds(_received / (double)BytesPerSecondMin) - time.GetElapsedTime(_begun);
        return left < answerMax ? left : answerMax;
    }
}
