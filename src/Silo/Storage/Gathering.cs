namespace EmailTracking.Silo.Storage;

/// <summary>Does together what came while the last work was done: one round trip and one flush for many.</summary>
/// <remarks>No timer: who comes alone is served at once.</remarks>
/// <typeparam name="TItem">What is to be done.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
/// <param name="countMax">How many items are taken at a time.</param>
/// <param name="weightMax">How heavy they may be together; an item that is heavier goes alone.</param>
/// <param name="weigh">How heavy an item is.</param>
/// <param name="work">Does it: one result for each item, in their order.</param>
internal sealed class Gathering<TItem, TResult>(
    int countMax, long weightMax, Func<TItem, long> weigh, Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> work)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _running;

    /// <summary>Adds an item and waits for its result.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Gives up the wait; the work is done all the same.</param>
    public Task<TResult> AddAsync(TItem item, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(item);
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (!_running)
            {
                _running = true;

                // Not on the caller's scheduler: a grain's would run it turn by turn.
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        return waiting.Answer.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            await DoAsync(batch);
        }
    }

    private List<Waiting> Take()
    {
        var batch = new List<Waiting>();
        lock (_lock)
        {
            for (long weight = 0; batch.Count < countMax && _waiting.TryPeek(out var next); batch.Add(_waiting.Dequeue()))
            {
                weight += weigh(next.Item);
                if (batch.Count > 0 && weight > weightMax)
                {
                    break;
                }
            }

            _running = batch.Count > 0;
        }

        return batch;
    }

    private async Task DoAsync(IReadOnlyList<Waiting> batch)
    {
        try
        {
            var results = await work([.. batch.Select(waiting => waiting.Item)]);
            foreach (var (waiting, result) in batch.Zip(results))
            {
                waiting.Answer.SetResult(result);
            }
        }
        catch (Exception) when (batch.Count > 1)
        {
            // Whose fault it is shows when each goes alone.
            foreach (var waiting in batch)
            {
                await DoAsync([waiting]);
            }
        }
        catch (Exception problem)
        {
            batch[0].Answer.SetException(problem);
        }
    }

    private sealed record Waiting(TItem Item)
    {
        public TaskCompletionSource<TResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
