using System.Threading.RateLimiting;

namespace EmailTracking.Silo.Api.Delivering;

/// <summary>Bounds how much raw mail of all requests is in memory at once: who comes when it is full waits.</summary>
internal sealed class UploadRoom : IDisposable
{
    private const int MegabytesMax = 512;
    private const int BytesOfMegabyte = 1024 * 1024;

    // More than all connections can ask for: whoever has one waits.
    private const int WaitingMax = 100_000_000;

    private readonly ConcurrencyLimiter _megabytes = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = MegabytesMax, QueueLimit = WaitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Takes the room that a message needs; to be given back when it is delivered.</summary>
    public ValueTask<RateLimitLease> EnterAsync(long bytes, CancellationToken cancellationToken) =>
        _megabytes.AcquireAsync((int)Math.Clamp((bytes / BytesOfMegabyte) + 1, 1, MegabytesMax), cancellationToken);

    public void Dispose() => _megabytes.Dispose();
}
