using EmailTracking.Storage;
using EmailTracking.Tests.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Crash.Host;

/// <summary>Counts open commits, passes the points around them, and now and then loses a race that nobody ran.</summary>
internal sealed class PointedTrackingStore(ITrackingStore store, Points points, int loseEvery) : PassingTrackingStore(store)
{
    private int _commits;

    public override async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            return await base.CommitAsync(change, cancellationToken);
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
            var writing = base.CommitAsync(change, cancellationToken);
            points.PassSlowly(Point.CommitInside);
            return await writing;
        }
        finally
        {
            points.State.Closed();
        }
    }
}
