using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes;

/// <summary>Facts that were read for headers, kept for the whole mail that was asked for by them and comes a moment later.</summary>
/// <remarks>
/// A saving, not a guarantee: a decision on facts that have changed loses its race, as any other. So that few do, they serve no mail that
/// names or bears an id of mail that was decided since.
/// </remarks>
internal sealed class HeaderFacts(TimeProvider time)
{
    // Far less than changes of records and erasures are remembered for decisions that were begun before (LinkGrace, EraseGrace).
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(10);

    private readonly Dictionary<SightingPlace, MessageKey> _digests = [];
    private readonly HashSet<MessageKey> _decided = [];
    private TrackingSnapshot? _snapshot;
    private long _readAt;

    /// <summary>Keeps facts instead of those kept before, if they were read for headers alone.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="sightings">What they were read for.</param>
    public void Keep(TrackingSnapshot snapshot, ImmutableArray<Sighting> sightings)
    {
        if (sightings.Any(sighting => sighting.HasContent))
        {
            return;
        }

        Forget();
        (_snapshot, _readAt) = (snapshot, time.GetTimestamp());
        foreach (var sighting in sightings)
        {
            _digests[sighting.Place] = sighting.Facts.Digest;
        }
    }

    /// <summary>The facts for mail that is about to be decided; null when they have to be read.</summary>
    public TrackingSnapshot? For(ImmutableArray<Sighting> sightings)
    {
        if (_snapshot is not null && time.GetElapsedTime(_readAt) > AgeMax)
        {
            Forget();
        }

        return _snapshot is not null && sightings.All(IsKnown) ? _snapshot : null;
    }

    /// <summary>Says that mail was decided.</summary>
    public void Decided(ImmutableArray<Sighting> sightings)
    {
        if (_snapshot is not null)
        {
            _decided.UnionWith(sightings.Where(sighting => sighting.HasContent).SelectMany(IdsOf));
        }
    }

    // What the body alone says, whose mail it forwards, was not asked for.
    private bool IsKnown(Sighting sighting) =>
        sighting is { HasContent: true, Facts.ForwardedFrom: null } && _digests.TryGetValue(sighting.Place, out var digest) &&
        digest == sighting.Facts.Digest && !IdsOf(sighting).Any(_decided.Contains);

    private static IEnumerable<MessageKey> IdsOf(Sighting sighting) =>
        sighting.Facts.Thread.Claims.Select(claim => claim.Key).Append(sighting.Facts.Thread.IdKey);

    private void Forget()
    {
        _snapshot = null;
        _digests.Clear();
        _decided.Clear();
    }
}
