using System.Collections.Concurrent;
using EmailTracking.Connectors;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>How many connections of this silo read from a server at once, and how many wait for new mail.</summary>
/// <remarks>A bound that is changed counts from the silo's next start.</remarks>
public sealed class ConnectionSlots
{
    private readonly ConcurrentDictionary<(string Organization, string Profile), (SemaphoreSlim Reading, SemaphoreSlim Idle)> _slots = new();

    /// <summary>Waits for the right to read.</summary>
    /// <returns>Gives the right back.</returns>
    public async Task<IDisposable> ReadAsync(string organization, ServerProfile profile, CancellationToken cancellationToken)
    {
        var slot = Of(organization, profile).Reading;
        await slot.WaitAsync(cancellationToken);
        return new Taken(slot);
    }

    /// <summary>Takes the right to stay connected while nothing happens.</summary>
    /// <returns>Gives the right back; null when as many wait as may.</returns>
    public IDisposable? TryIdle(string organization, ServerProfile profile)
    {
        var slot = Of(organization, profile).Idle;
        return slot.Wait(0) ? new Taken(slot) : null;
    }

    private (SemaphoreSlim Reading, SemaphoreSlim Idle) Of(string organization, ServerProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return _slots.GetOrAdd(
            (organization, profile.Name), _ => (new SemaphoreSlim(profile.ConnectionsMax), new SemaphoreSlim(profile.IdleMax)));
    }

    private sealed class Taken(SemaphoreSlim slot) : IDisposable
    {
        private SemaphoreSlim? _slot = slot;

        public void Dispose() => Interlocked.Exchange(ref _slot, null)?.Release();
    }
}
