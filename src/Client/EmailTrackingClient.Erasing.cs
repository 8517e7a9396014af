using System.Collections.Immutable;
using EmailTracking.Erasing;
using EmailTracking.Storage;

namespace EmailTracking.Client;

/// <content>What is erased.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IErasureGrain.PreviewAsync"/>
    public Task<ErasurePreview> PreviewErasureAsync(string address, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IErasureGrain>().PreviewAsync(address, token), cancellationToken);

    /// <inheritdoc cref="IErasureGrain.EraseAsync"/>
    public Task<ErasureAnswer> EraseAsync(ErasureCall call, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IErasureGrain>().EraseAsync(call, token), cancellationToken);

    /// <inheritdoc cref="IErasureGrain.FindAsync"/>
    public Task<Erasure?> FindErasureAsync(Guid erasure, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IErasureGrain>().FindAsync(erasure, token), cancellationToken);

    /// <inheritdoc cref="IErasureGrain.ReadHistoryAsync"/>
    public Task<ImmutableArray<Erasure>> ReadErasuresAsync(int countMax = 50, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IErasureGrain>().ReadHistoryAsync(countMax, token), cancellationToken);
}
