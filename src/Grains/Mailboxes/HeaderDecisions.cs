using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes;

/// <summary>
/// What headers alone settle without a conversation: mail that is not tracked, and mail that has to be read whole before it can be decided.
/// </summary>
/// <remarks>
/// A saving: most mail of a mailbox is such, and a grain for each would be activated to hold nothing. The rules are the conversation's own.
/// </remarks>
internal static class HeaderDecisions
{
    /// <summary>Decides mail that goes together, as far as nothing but the decisions is to be stored.</summary>
    /// <returns>
    /// The durable answers, and how much the outbox has to do then; null when a conversation has to be asked: it decides, and again if
    /// somebody else was first.
    /// </returns>
    public static async Task<(ImmutableArray<SightingAnswer> Answers, int Woken)?> TryAsync(
        ITrackingStore store, string organization, ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot)
    {
        if (sightings.Any(sighting => sighting.HasContent))
        {
            return null;
        }

        switch (Tracker.Decide(organization, sightings, snapshot))
        {
            case TrackingDecision.NeedsContent needs when needs.Places.ToHashSet().IsSupersetOf(sightings.Select(sighting => sighting.Place)):
                return ([.. sightings.Select(sighting => SightingAnswer.Undecided(sighting, Outcome.NeedsContent, ReasonCode.ContentNeeded))], 0);
            case TrackingDecision.Decided { Change.IsOfDecisionsAlone: true } decided:
                return await store.CommitAsync(decided.Change) switch
                {
                    CommitResult.Durable durable => (decided.Answers, durable.Woken),
                    CommitResult.Poison => ([.. sightings.Select(sighting => SightingAnswer.Undecided(sighting, Outcome.Failed, ReasonCode.Poison))], 0),
                    _ => null,
                };
            default:
                return null;
        }
    }
}
