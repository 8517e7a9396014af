using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>What goes with an erasure: everything that is kept of the copies of its emails.</summary>
public sealed partial class ModelStore
{
    private void Erase(TrackingChange change)
    {
        if (change.Erasure is null)
        {
            return;
        }

        var act = Assert.Single(change.Acts);
        foreach (var (place, (decision, sighting)) in Decisions.Where(one => act.Emails.Contains(one.Value.Decision.Email)).ToArray())
        {
            var kept = place with { Folder = ErasedCopies.FolderOf(place.Folder) };
            Decisions.Remove(place);
            Outbox.Remove(place);
            foreach (var places in _heard.Values)
            {
                places.Remove(place);
            }

            Decisions[kept] = (
                decision with
                {
                    Sighting = sighting with { Place = kept },
                    Outcome = Outcome.Skipped,
                    Reason = ReasonCode.Erased,
                    Trace = ErasedCopies.TraceOf(act.By, act.On),
                    Heard = [],
                },
                sighting with { Place = kept });
        }
    }
}
