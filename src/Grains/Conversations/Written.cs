using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Conversations;

/// <summary>What an activation has written itself: a snapshot that was read before is known to be stale without asking.</summary>
/// <remarks>
/// A saving, not a guarantee: to commit a stale decision costs every change of its batch a second round. Forgotten when it grows.
/// </remarks>
internal sealed class Written
{
    private const int CountMax = 4096;
    private readonly Dictionary<Guid, long> _versions = [];
    private readonly HashSet<MessageKey> _ids = [];

    public void Add(TrackingChange change)
    {
        if (_versions.Count + _ids.Count > CountMax)
        {
            _versions.Clear();
            _ids.Clear();
        }

        foreach (var conversation in change.Conversations)
        {
            _versions[conversation.Id] = conversation.SeenVersion + 1;
        }

        _ids.UnionWith(change.Keys.Select(key => key.After.Key));
    }

    public bool IsStale(TrackingSnapshot snapshot, ImmutableArray<Sighting> sightings) =>
        snapshot.Conversations.Values.Any(one => _versions.TryGetValue(one.Id, out var version) && version > one.Version) ||
        sightings.Any(sighting => IsMissing(sighting.Facts.Thread.IdKey, snapshot) ||
            sighting.Facts.Thread.Claims.Any(claim => IsMissing(claim.Key, snapshot)));

    private bool IsMissing(MessageKey id, TrackingSnapshot snapshot) => _ids.Contains(id) && !snapshot.Keys.ContainsKey(id);
}
