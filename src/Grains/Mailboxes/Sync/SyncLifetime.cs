namespace EmailTracking.Mailboxes.Sync;

/// <summary>How long mailboxes are read by this silo.</summary>
/// <param name="stopping">Is cancelled when the silo begins to stop: whoever waits for new mail need not be waited for.</param>
public sealed class SyncLifetime(CancellationToken stopping)
{
    /// <summary>Is cancelled when the silo begins to stop.</summary>
    public CancellationToken Stopping { get; } = stopping;
}
