using System.Collections.Immutable;
using EmailTracking.Connectors;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>The time between two rounds: short after something was new, longer each time when nothing was.</summary>
public sealed class SyncWait(ServerProfile profile, TimeSpan? before, TimeProvider time) : IDisposable
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

    /// <summary>Waits for the time to pass, or for the server to say that something changed in one of some folders.</summary>
    /// <returns>The paths of those that need no look, since it watched them and told of others; none when it told of none.</returns>
    public async Task<ImmutableHashSet<string>> PushedAsync(
        IMailSession session, IReadOnlyList<ServerFolder> folders, CancellationToken cancellationToken)
    {
        IReadOnlyList<ServerFolder> told = [];
        await UntilEndAsync(async token => told = await session.WaitAsync(folders, Length, token), cancellationToken);
        return told.Count == 0 || _end.IsCancellationRequested ? [] : [.. folders.Except(told).Select(folder => folder.Path)];
    }

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
