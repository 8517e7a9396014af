using System.Collections.Immutable;
using EmailTracking.Acts;

namespace EmailTracking.Storage;

/// <summary>What people tracked and is not here yet. Cold: a row for each, as long as it is pending.</summary>
public interface IPendingTracks
{
    /// <summary>Keeps tracks; one that is kept already stays as it is.</summary>
    Task AddAsync(string organization, ImmutableArray<PendingTrack> tracks, CancellationToken cancellationToken = default);

    /// <summary>Writes how trying one went; nothing when it is not pending any more.</summary>
    Task SaveTryAsync(string organization, PendingTrack track, CancellationToken cancellationToken = default);

    /// <summary>Forgets one. Safe to repeat.</summary>
    /// <returns>Whether it was pending.</returns>
    Task<bool> RemoveAsync(string organization, PendingTrack track, CancellationToken cancellationToken = default);

    /// <summary>All of them, in order of time, at most <see cref="PendingTrack.CountMax"/>.</summary>
    Task<ImmutableArray<PendingTrack>> ReadAsync(string organization, CancellationToken cancellationToken = default);
}
