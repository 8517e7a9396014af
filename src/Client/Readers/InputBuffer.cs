using System.Buffers;

namespace EmailTracking.Client.Readers;

/// <summary>A window over the bytes of one file: filled at its end, discarded at its beginning.</summary>
/// <remarks>
/// Errors of the file are kept, not thrown: they end it. The window grows only as far as its reader lets bytes pile up; that
/// reader sets the bound.
/// </remarks>
internal sealed class InputBuffer(
    Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
    int readBytes) : IDisposable
{
    // A pool keeps what it is given, on every thread that gave it. Arrays for the rare huge message are left to the collector.
    private const int PooledBytesMax = 16_777_216;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(readBytes);
    private int _start;
    private int _end;

    /// <summary>Bytes discarded so far: the place of the window in the file.</summary>
    public long Offset { get; private set; }

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>No byte will come any more, be it the end of the file or a failure.</summary>
    public bool Ended { get; private set; }

    /// <summary>Why reading ended before the end of the file; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    public MailProblem? Problem => Failure switch
    {
        null => null,
        EndOfStreamException => MailProblem.CutCompression,
        InvalidDataException => MailProblem.DamagedCompression,
        FileNotFoundException or DirectoryNotFoundException => MailProblem.Missing,
        _ => MailProblem.Refused(Failure),
    };

    /// <summary>Adds what one read gives; false when there is no more.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Ended)
        {
            return false;
        }

        MakeRoom();
        try
        {
            var count = await read(_bytes.AsMemory(_end, Math.Min(readBytes, _bytes.Length - _end)), cancellationToken);
            _end += count;
            Ended = count == 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Failure = exception;
            Ended = true;
        }

        return !Ended;
    }

    /// <summary>Fills until the window holds <paramref name="count"/> bytes or there are no more.</summary>
    public async ValueTask FillToAsync(int count, CancellationToken cancellationToken)
    {
        while (Length < count && await FillAsync(cancellationToken))
        {
        }
    }

    public void Discard(int count)
    {
        _start += count;
        Offset += count;
        if (_bytes.Length > PooledBytesMax && Length <= readBytes)
        {
            MoveTo(ArrayPool<byte>.Shared.Rent(readBytes));
        }
    }

    public void Dispose()
    {
        _start = _end;
        MoveTo([]);
    }

    // Moves or doubles, each only when at least half of the array gains: every byte is copied a bounded number of times,
    // however long a line or message grows.
    private void MakeRoom()
    {
        if (_end == _bytes.Length)
        {
            MoveTo(Length <= _bytes.Length / 2 ? _bytes : Larger());
        }
    }

    private byte[] Larger()
    {
        var size = (int)Math.Min(Array.MaxLength, 2L * _bytes.Length);
        return size <= PooledBytesMax ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
    }

    private void MoveTo(byte[] target)
    {
        var source = _bytes;
        source.AsSpan(_start, Length).CopyTo(target);
        (_bytes, _end, _start) = (target, Length, 0);
        if (target != source && source.Length <= PooledBytesMax)
        {
            ArrayPool<byte>.Shared.Return(source);
        }
    }
}
