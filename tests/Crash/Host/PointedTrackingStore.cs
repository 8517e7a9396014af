using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Crash.Host;

/// <summary>Counts open commits, passes the points around them, and now and then loses a race that nobody ran.</summary>
internal sealed class PointedTrackingStore(ITrackingStore store, Points points, int loseEvery) : ITrackingStore
{
    private int _commits;

    public Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
        store.ReadFactsAsync(organization, sightings, cancellationToken);

    public Task<TrackingSnapshot> ReadMembersAsync(
        string organization,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken) =>
        store.ReadMembersAsync(organization, facts, conversations, keys, cancellationToken);

    public Task<ImmutableArray<long>> FindUnlinkedAsync(
        string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken) =>
        store.FindUnlinkedAsync(organization, change, after, countMax, cancellationToken);

    public Task<RelinkFacts> ReadRelinkAsync(string organization, ImmutableArray<long> rows, CancellationToken cancellationToken) =>
        store.ReadRelinkAsync(organization, rows, cancellationToken);

    public async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            return await store.CommitAsync(change, cancellationToken);
        }

        var turn = Interlocked.Increment(ref _commits) % loseEvery;
        if (turn == 0)
        {
            return new CommitResult.Conflict();
        }

        points.Pass(Point.CommitBefore);
        var answer = await CommitOpenlyAsync(change, cancellationToken);
        points.Pass(Point.CommitAfter);

        // A commit of unknown outcome is a conflict as well, and this one was written.
        return turn == loseEvery / 2 ? new CommitResult.Conflict() : answer;
    }

    private async Task<CommitResult> CommitOpenlyAsync(TrackingChange change, CancellationToken cancellationToken)
    {
        points.State.Opened();
        try
        {
            var writing = store.CommitAsync(change, cancellationToken);
            points.PassSlowly(Point.CommitInside);
            return await writing;
        }
        finally
        {
            points.State.Closed();
        }
    }
}
