using System.Threading.Channels;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Storage;

/// <summary>The one writer of a silo: whatever waits when a commit ends goes into the next, so load makes batches and not queues.</summary>
/// <remarks>
/// A full queue makes callers wait. A server that cannot write holds the queue; a commit of unknown outcome is a conflict, since who
/// reads again sees what became of it; a change that the store refuses is found by halving, kept as a dead letter, and the others go
/// on. Whatever else happens stops the writer, loudly: it must not guess.
/// </remarks>
internal sealed partial class GroupCommit(
    IChangeWriter writer, CommitMetrics metrics, TimeProvider time, int queuedMax, ILogger<GroupCommit> logger) : IAsyncDisposable
{
    private const int FailuresMax = 3;
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    private readonly Channel<PendingChange> _channel = Channel.CreateBounded<PendingChange>(
        new BoundedChannelOptions(queuedMax) { SingleReader = true });

    private readonly ChangeQueue _queue = new();
    private readonly CancellationTokenSource _giveUp = new();
    private Task? _loop;
    private Exception? _fault;
    private TimeSpan _delay = DelayMin;

    /// <summary>Begins to write; before that, changes are queued.</summary>
    public void Start() => _loop ??= Task.Run(RunAsync);

    /// <summary>Queues a change and waits for its answer.</summary>
    /// <exception cref="WriterStoppedException">The writer has stopped; the change is not durable.</exception>
    public async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            return new CommitResult.Durable(0);
        }

        var pending = new PendingChange(change, time.GetTimestamp());
        try
        {
            await _channel.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new WriterStoppedException(_fault);
        }

        return await pending.Answer;
    }

    /// <summary>Takes no more changes and writes what is queued.</summary>
    /// <param name="cancellationToken">Gives up what is not written by then: those changes fail.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _channel.Writer.TryComplete();
        await using var registration = cancellationToken.Register(_giveUp.Cancel);
        Start();
        await _loop!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _giveUp.CancelAsync();
        await StopAsync(CancellationToken.None);
        _giveUp.Dispose();
    }

    private async Task RunAsync()
    {
        List<PendingChange> batch = [];
        try
        {
            while (await FillAsync())
            {
                batch = _queue.Take();
                metrics.Batch(batch.Count, time.GetElapsedTime(batch[0].QueuedAt));
                await WriteAsync(batch);
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

        _channel.Writer.TryComplete();
        while (_channel.Reader.TryRead(out var change))
        {
            _queue.Add(change);
        }

        foreach (var change in batch.Concat(_queue.TakeAll()))
        {
            change.Fail(new WriterStoppedException(_fault));
        }
    }

    private async Task<bool> FillAsync()
    {
        if (_queue.Count == 0 && !await _channel.Reader.WaitToReadAsync(_giveUp.Token))
        {
            return false;
        }

        while (!_queue.IsFull && _channel.Reader.TryRead(out var change))
        {
            _queue.Add(change);
        }

        return true;
    }

    private async Task WriteAsync(List<PendingChange> batch)
    {
        for (var failures = 0; batch.Count > 0;)
        {
            var (woken, failure) = await TryAsync(batch);
            if (failure is null)
            {
                AnswerDurable(batch, woken);
                return;
            }

            switch (writer.Classify(failure))
            {
                case WriteFailure.Conflict when batch.Count == 1:
                    Answer(batch[0], new CommitResult.Conflict());
                    return;

                case WriteFailure.Conflict when ++failures == FailuresMax:
                    await EachAsync(batch.Select(change => new List<PendingChange> { change }));
                    return;

                case WriteFailure.Conflict:
                    await AnswerOutdatedAsync(batch, failure);
                    break;

                case WriteFailure.Data when batch.Count == 1:
                    await BuryAsync(batch[0], failure);
                    return;

                case WriteFailure.Data:
                    await EachAsync(batch.Chunk((batch.Count + 1) / 2).Select(half => half.ToList()));
                    return;

                case WriteFailure.Server:
                    await HoldAsync(batch.Count, failure);
                    break;

                case WriteFailure.Unknown:
                    LogUnknown(batch.Count, failure);
                    batch.ForEach(change => Answer(change, new CommitResult.Conflict()));
                    return;

                default:
                    throw failure;
            }
        }
    }

    private async Task EachAsync(IEnumerable<List<PendingChange>> batches)
    {
        foreach (var batch in batches)
        {
            await WriteAsync(batch);
        }
    }

    private async Task<(int[] Woken, Exception? Failure)> TryAsync(List<PendingChange> batch)
    {
        var start = time.GetTimestamp();
        try
        {
            var woken = await writer.WriteAsync(batch, _giveUp.Token);
            metrics.Duration(time.GetElapsedTime(start));
            _delay = DelayMin;
            return (woken, null);
        }
#pragma warning disable CA1031 // The writer tells what it means; what it does not know stops everything.
        catch (Exception exception) when (exception is not OperationCanceledException || !_giveUp.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return ([], exception);
        }
    }

    private void AnswerDurable(List<PendingChange> batch, int[] woken)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            Answer(batch[i], new CommitResult.Durable(woken[i]));
        }

        foreach (var outdated in _queue.TakeOutdated(batch.Select(change => change.Change)))
        {
            Answer(outdated, new CommitResult.Conflict());
        }
    }

    private async Task AnswerOutdatedAsync(List<PendingChange> batch, Exception failure)
    {
        var outdated = await HoldingAsync(batch.Count, () => writer.FindOutdatedAsync(batch, _giveUp.Token));
        LogConflict(outdated.Count, batch.Count, failure);
        foreach (var index in outdated.OrderDescending())
        {
            Answer(batch[index], new CommitResult.Conflict());
            batch.RemoveAt(index);
        }
    }

    private async Task BuryAsync(PendingChange change, Exception failure)
    {
        LogPoison(change.Change.Decisions.Length, failure);
        await HoldingAsync(1, async () =>
        {
            await writer.BuryAsync(change, failure.Message, _giveUp.Token);
            return true;
        });
        Answer(change, new CommitResult.Poison(failure.Message));
    }

    // For what can be repeated: until the server answers.
    private async Task<T> HoldingAsync<T>(int count, Func<Task<T>> work)
    {
        while (true)
        {
            try
            {
                return await work();
            }
#pragma warning disable CA1031 // Only what the writer knows as a matter of the server is repeated.
            catch (Exception exception) when (writer.Classify(exception) is WriteFailure.Server or WriteFailure.Unknown)
#pragma warning restore CA1031
            {
                await HoldAsync(count, exception);
            }
        }
    }

    private async Task HoldAsync(int count, Exception failure)
    {
        LogHeld(count, _delay, failure);
        await Task.Delay(_delay, time, _giveUp.Token);
        _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, DelayMax.Ticks));
    }

    private void Answer(PendingChange change, CommitResult result)
    {
        metrics.Answered(result);
        change.Complete(result);
    }
}
