using System.Collections.Immutable;
using EmailTracking.Acts;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client;

/// <content>What people do by hand.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IActGrain.ActAsync"/>
    public Task<ActAnswer> ActAsync(ActCall call, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IActGrain>().ActAsync(call, token), cancellationToken);

    /// <inheritdoc cref="IPendingTrackGrain.ReadAsync"/>
    public Task<ImmutableArray<PendingTrack>> ReadPendingAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IPendingTrackGrain>().ReadAsync(token), cancellationToken);

    /// <inheritdoc cref="IActGrain.ReadHistoryAsync"/>
    public Task<ImmutableArray<PastAct>?> ReadHistoryAsync(
        string? name = null, int countMax = 50, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IActGrain>().ReadHistoryAsync(name, countMax, token), cancellationToken);
}
