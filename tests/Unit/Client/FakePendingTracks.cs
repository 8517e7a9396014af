using System.Collections.Immutable;
using EmailTracking.Acts;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>What is pending, as a test says.</summary>
internal sealed class FakePendingTracks : IPendingTrackGrain
{
    public ImmutableArray<PendingTrack> Tracks { get; set; } = [];

    public Task<string?> AddAsync(ImmutableArray<PendingTrack> tracks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<PendingTrack>> TryAsync(Guid act, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<PendingTrack>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Tracks);

    public Task<bool> WithdrawAsync(Guid act, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task LookAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
