using System.Collections.Immutable;

namespace EmailTracking.Acts;

/// <summary>Carries out what people tracked before it was here: fetches it from its mailbox, or waits until it comes. Key: organization/o:.</summary>
[GrainInterfaceType("pending-track")]
public interface IPendingTrackGrain : IGrainWithStringKey
{
    /// <summary>How long a caller waits at most for what it tracks.</summary>
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    /// <summary>Takes tracks, durably, and carries them out when their time comes. Safe to repeat.</summary>
    /// <returns>Why they are refused, and what to do; null when they are taken.</returns>
    [Alias("Add")]
    Task<string?> AddAsync(ImmutableArray<PendingTrack> tracks, CancellationToken cancellationToken = default);

    /// <summary>Carries out now what is pending of an act. Safe to repeat.</summary>
    /// <returns>What is still pending of it, after at most <see cref="WaitMax"/>.</returns>
    [Alias("Try")]
    [ResponseTimeout("00:01:00")]
    Task<ImmutableArray<PendingTrack>> TryAsync(Guid act, CancellationToken cancellationToken = default);

    /// <summary>What is pending, in order of time, at most <see cref="PendingTrack.CountMax"/>.</summary>
    [Alias("Read")]
    Task<ImmutableArray<PendingTrack>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Forgets what is pending of an act. Safe to repeat.</summary>
    /// <returns>Whether anything was.</returns>
    [Alias("Withdraw")]
    Task<bool> WithdrawAsync(Guid act, CancellationToken cancellationToken = default);

    /// <summary>Looks now, and not only when its time comes: whether mail has come, and what has been pending too long.</summary>
    [Alias("Look")]
    [ResponseTimeout("00:10:00")]
    Task LookAsync(CancellationToken cancellationToken = default);
}
