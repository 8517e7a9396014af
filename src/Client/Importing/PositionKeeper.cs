using EmailTracking.Client.Readers;
using EmailTracking.Imports;

namespace EmailTracking.Client.Importing;

/// <summary>Remembers the position of one import every few seconds.</summary>
internal sealed class PositionKeeper(EmailTrackingClient client, string import, ImportCursor cursor, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastSaveMax = TimeSpan.FromSeconds(5);
    private MailSource? _saved = cursor.Position;

    /// <summary>Saves until it is stopped.</summary>
    /// <exception cref="ClusterUnreachableException">The position cannot be saved.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await SaveAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The import has ended.
        }
    }

    /// <summary>Saves the last position of an import that stops before its end.</summary>
    /// <returns>False when it could not be saved: then the import goes on from an earlier one.</returns>
    public async Task<bool> TrySaveLastAsync()
    {
        using var soon = new CancellationTokenSource(LastSaveMax);
        try
        {
            await SaveAsync(soon.Token);
            return true;
        }
        catch (Exception problem) when (problem is OperationCanceledException or ClusterUnreachableException)
        {
            return false;
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var position = cursor.Position;
        if (position is null || position == _saved)
        {
            return;
        }

        await client.SaveImportPositionAsync(
            import, new ImportPosition(position.Path, position.Ordinal, position.Offset), cancellationToken);
        _saved = position;
    }
}
