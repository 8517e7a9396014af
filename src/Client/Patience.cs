namespace EmailTracking.Client;

/// <summary>Repeats what fails for the moment: after 100 ms, then twice as long each time, at most 5 s, with jitter.</summary>
/// <remarks>Only for calls that are safe to repeat.</remarks>
internal sealed class Patience(TimeSpan retryFor, TimeProvider time)
{
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <exception cref="ClusterUnreachableException">It failed for as long as it may be tried.</exception>
    public async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var wait = WaitMin; ; wait = wait * 2 < WaitMax ? wait * 2 : WaitMax)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // The wait is ours to give up; the call itself has its own time limit.
                return await call(cancellationToken).WaitAsync(cancellationToken);
            }
            catch (Exception problem) when (Transient.Is(problem))
            {
                // Clients that failed together are not to come back together.
                var pause = wait * (0.5 + Random.Shared.NextDouble());
                if (time.GetElapsedTime(began) + pause > retryFor)
                {
                    throw ClusterUnreachableException.NoAnswer(retryFor, problem);
                }

                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    public Task TryAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => TryAsync(
        async token =>
        {
            await call(token);
            return true;
        },
        cancellationToken);
}
