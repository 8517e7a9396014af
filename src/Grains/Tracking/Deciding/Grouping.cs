using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Sightings that one conversation has to decide together.</summary>
/// <param name="ConversationId">
/// The conversation to ask: the smallest of those that the mails may touch, or the one that the first of them would start.
/// </param>
/// <param name="Sightings">The sightings.</param>
public sealed record TrackingGroup(Guid ConversationId, ImmutableArray<Sighting> Sightings)
{
    /// <summary>Splits a batch: mails that share an id, or that name mail of one conversation, go together.</summary>
    /// <remarks>This is routing. Who belongs together is found by <see cref="Threads.Partition"/>.</remarks>
    public static ImmutableArray<TrackingGroup> Of(
        string organization, ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var sets = new Threads.DisjointSets(sightings.Length);
        var byKey = new Dictionary<MessageKey, int>();
        var byConversation = new Dictionary<Guid, int>();
        for (var i = 0; i < sightings.Length; i++)
        {
            foreach (var key in KeysOf(sightings[i], snapshot))
            {
                sets.Union(i, byKey.TryAdd(key, i) ? i : byKey[key]);
                if (ConversationOf(key, snapshot) is { } conversation)
                {
                    sets.Union(i, byConversation.TryAdd(conversation, i) ? i : byConversation[conversation]);
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, sightings.Length).GroupBy(sets.Find).Select(group => new TrackingGroup(
                Home(organization, group.Select(i => sightings[i]), snapshot), [.. group.Select(i => sightings[i])])),
        ];
    }

    private static Guid Home(string organization, IEnumerable<Sighting> group, TrackingSnapshot snapshot)
    {
        var keys = group.SelectMany(sighting => KeysOf(sighting, snapshot)).ToArray();
        var known = keys.Select(key => ConversationOf(key, snapshot)).OfType<Guid>().ToArray();
        return known.Length > 0 ? known.Min() : NamedId.OfConversation(organization, keys.Min());
    }

    private static IEnumerable<MessageKey> KeysOf(Sighting sighting, TrackingSnapshot snapshot)
    {
        var thread = sighting.Facts.Thread;
        var token = Tokens.Believed(sighting.Facts, thread.Key, snapshot);
        return thread.Claims.Select(claim => claim.Key).Append(thread.IdKey).Concat(token is { } claim ? [claim.Key] : []);
    }

    private static Guid? ConversationOf(MessageKey key, TrackingSnapshot snapshot) =>
        snapshot.Keys.TryGetValue(key, out var facts) && facts.Holder is { } holder
            ? snapshot.Emails[holder].State.ConversationId
            : null;
}
