using EmailTracking.Connectors;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>The time between two rounds: short after something was new, longer each time when nothing was.</summary>
internal sealed class SyncWait(ServerProfile profile, TimeSpan? before, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>How long it is at most.</summary>
    public TimeSpan Length { get; } = before is not { } length || length < profile.PollMin ? profile.PollMin
        : length * 2 < profile.PollMax ? length * 2
        : profile.PollMax;

    /// <summary>Ends it now.</summary>
    public void End() => _end.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    /// <summary>Waits for the time to pass.</summary>
    public Task PassAsync(CancellationToken cancellationToken) =>
        UntilEndAsync(token => Task.Delay(Length, time, token), cancellationToken);

    /// <summary>Waits for the time to pass, or for the server to say that something changed in a folder.</summary>
    public Task PushedAsync(IMailSession session, ServerFolder folder, CancellationToken cancellationToken) =>
        UntilEndAsync(token => session.WaitAsync(folder, Length, token), cancellationToken);

    private async Task UntilEndAsync(Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, cancellationToken);
        try
        {
            await wait(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody asked to look now.
        }
    }
}
