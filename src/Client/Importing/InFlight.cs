namespace EmailTracking.Client.Importing;

/// <summary>Bounds how much is under way: one side starts, the others finish.</summary>
internal sealed class InFlight(int countMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _left = New();
    private int _count;
    private long _bytes;

    /// <summary>Waits until there is room. What is larger than all the room goes alone.</summary>
    public async Task EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task left;
            lock (_lock)
            {
                if (_count == 0 || (_count < countMax && _bytes + bytes <= bytesMax))
                {
                    _count++;
                    _bytes += bytes;
                    return;
                }

                left = _left.Task;
            }

            await left.WaitAsync(cancellationToken);
        }
    }

    public void Leave(long bytes)
    {
        lock (_lock)
        {
            _count--;
            _bytes -= bytes;
            _left.SetResult();
            _left = New();
        }
    }

    /// <summary>Waits until nothing is under way.</summary>
    public async Task DrainAsync()
    {
        while (true)
        {
            Task left;
            lock (_lock)
            {
                if (_count == 0)
                {
                    return;
                }

                left = _left.Task;
            }

            await left;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
