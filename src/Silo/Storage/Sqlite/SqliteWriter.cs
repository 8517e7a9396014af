using System.Threading.Channels;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The one thread that writes: whatever waits when a commit ends goes into the next, so load makes batches and not queues.</summary>
/// <remarks>
/// A full queue makes callers wait. Each write has a savepoint: one that lost a race or is refused is undone alone, the others of
/// its batch are committed, with one flush, and only then is anybody answered. A file that cannot be written now (full, locked, a
/// disk error) holds the queue. Whatever else happens stops the writer, loudly: it must not guess.
/// </remarks>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private const int BatchMax = 512;
    private const long BatchBytesMax = 16 << 20;
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    private readonly SqliteFile _file;
    private readonly Writing.ChangeWriter _changes;
    private readonly CommitMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteWriter> _log;
    private readonly Channel<SqliteWork> _queue;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _starting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private Exception? _fault;

    public SqliteWriter(
        SqliteFile file,
        Writing.ChangeWriter changes,
        CommitMetrics metrics,
        TimeProvider time,
        IOptions<TrackingStoreOptions> options,
        ILogger<SqliteWriter> log)
    {
        (_file, _changes, _metrics, _time, _log) = (file, changes, metrics, time, log);
        _queue = Channel.CreateBounded<SqliteWork>(
            new BoundedChannelOptions(options.Value.QueuedChangesMax) { SingleReader = true });
    }

    /// <summary>Begins to write; before that, writes are queued.</summary>
    public void Start()
    {
        lock (_starting)
        {
            if (_thread is null)
            {
                _thread = new Thread(Run) { Name = "EmailTracking writer", IsBackground = true };
                _thread.Start();
            }
        }
    }

    /// <summary>Queues a change and waits for its answer.</summary>
    /// <exception cref="WriterStoppedException">The writer has stopped; the change is not durable.</exception>
    public async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            return new CommitResult.Durable(0);
        }

        var work = new SqliteCommit(change, _changes, _metrics, _time.GetTimestamp());
        await QueueAsync(work, cancellationToken);
        return await work.Result;
    }

    /// <summary>Queues any other write and waits until it is durable.</summary>
    /// <param name="write">What to write; it may run several times.</param>
    /// <param name="cancellationToken">Gives up the wait for a place in the queue.</param>
    /// <param name="bytes">How much it writes, when that is much.</param>
    /// <exception cref="WriterStoppedException">The writer has stopped; nothing was written.</exception>
    public async Task<T> EditAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken, long bytes = 0)
    {
        var work = new SqliteEdit<T>(write, _time.GetTimestamp(), bytes);
        await QueueAsync(work, cancellationToken);
        return await work.Result;
    }

    /// <summary>Takes no more writes and does what is queued.</summary>
    /// <param name="cancellationToken">Gives up what is not written by then: those writes fail.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await using var registration = cancellationToken.Register(_giveUp.Cancel);
        Start();
        await _ended.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _giveUp.CancelAsync();
        await StopAsync(CancellationToken.None);
        _giveUp.Dispose();
    }

    private async Task QueueAsync(SqliteWork work, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new WriterStoppedException(_fault);
        }
    }

    private void Run()
    {
        List<SqliteWork> batch = [];
        SqliteSession? session = null;
        try
        {
            while (!_giveUp.IsCancellationRequested && WaitToRead())
            {
                batch = Take();
                _metrics.Batch(batch.Count, _time.GetElapsedTime(batch[0].QueuedAt));
                Write(ref session, batch);
                batch = [];
            }
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever it is, the callers must hear of it, and nothing may be written after it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _fault = exception;
            LogStopped(exception);
        }

        _queue.Writer.TryComplete();
        batch.ForEach(work => work.Fail(new WriterStoppedException(_fault)));
        while (_queue.Reader.TryRead(out var work))
        {
            work.Fail(new WriterStoppedException(_fault));
        }

        session?.Dispose();
        _ended.SetResult();
    }

    private bool WaitToRead()
    {
        var read = _queue.Reader.WaitToReadAsync(_giveUp.Token);
        return read.IsCompleted ? read.Result : read.AsTask().GetAwaiter().GetResult();
    }

    private List<SqliteWork> Take()
    {
        var (batch, bytes) = (new List<SqliteWork>(), 0L);
        while (batch.Count < BatchMax && bytes < BatchBytesMax && _queue.Reader.TryRead(out var work))
        {
            batch.Add(work);
            bytes += work.Bytes;
        }

        return batch;
    }

    private void Write(ref SqliteSession? session, List<SqliteWork> batch)
    {
        for (var delay = DelayMin; ; delay = delay * 2 < DelayMax ? delay * 2 : DelayMax)
        {
            var start = _time.GetTimestamp();
            try
            {
                session ??= _file.OpenWriter();
                WriteOnce(session, batch);
                _metrics.Duration(_time.GetElapsedTime(start));
                _metrics.Statements(session.TakeStatements());
                batch.ForEach(work => work.Answer());
                return;
            }
#pragma warning disable CA1031 // Only what passes by itself is held; the rest goes on.
            catch (Exception exception) when (SqliteFailures.Classify(exception) == WriteFailure.Server)
#pragma warning restore CA1031
            {
                LogHeld(batch.Count, delay, exception);
                Undo(session);
                _giveUp.Token.WaitHandle.WaitOne(delay);
                _giveUp.Token.ThrowIfCancellationRequested();
            }
        }
    }

    // Some failures undo the transaction by themselves.
    private static void Undo(SqliteSession? session)
    {
        if (session is { IsInTransaction: true })
        {
            session.Execute("rollback");
        }
    }

    private void WriteOnce(SqliteSession session, List<SqliteWork> batch)
    {
        session.Execute("begin immediate");
        foreach (var work in batch)
        {
            session.Execute("savepoint work");
            try
            {
                work.Run(session);
            }
#pragma warning disable CA1031 // What is a matter of this write alone is undone alone; the rest goes on.
            catch (Exception exception) when (
                session.IsInTransaction && SqliteFailures.Classify(exception) is WriteFailure.Conflict or WriteFailure.Data)
#pragma warning restore CA1031
            {
                var failure = SqliteFailures.Classify(exception);
                session.Execute("rollback to work");
                work.Refuse(session, failure, exception);
                if (failure == WriteFailure.Data)
                {
                    LogRefused(exception);
                }
            }

            session.Execute("release work");
        }

        session.Execute("commit");
    }
}
