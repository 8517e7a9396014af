using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Conversations;

/// <summary>One conversation. Every activity of the thread is created, moved and changed here. Key: organization/c:id.</summary>
[GrainInterfaceType("conversation")]
public interface IConversationGrain : IGrainWithStringKey
{
    /// <summary>Tracks what belongs here, once, however often it is seen. Safe to repeat.</summary>
    /// <param name="sightings">Sightings that have to be decided together.</param>
    /// <param name="snapshot">What the caller read of them; a stale one costs a second read, and nothing else.</param>
    /// <param name="cancellationToken">Stops the wait; a commit that has begun is not stopped.</param>
    /// <returns>One answer for each sighting, in their order; all of them durable.</returns>
    [Alias("Track")]
    Task<ImmutableArray<SightingAnswer>> TrackAsync(
        ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot, CancellationToken cancellationToken = default);

    /// <summary>Does something by hand. Safe to repeat with the same id.</summary>
    /// <returns>What became of it; durable when it is given.</returns>
    [Alias("Act")]
    Task<ActAnswer> ActAsync(ActRequest request, CancellationToken cancellationToken = default);
}
