using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage;

/// <summary>Two reads of different moments in one snapshot.</summary>
/// <remarks>
/// A conversation that changed between the two keeps the version of the first: what is decided on such a mixture does not count, and
/// the caller reads again.
/// </remarks>
internal static class WidenedSnapshot
{
    public static TrackingSnapshot Of(
        TrackingSnapshot facts,
        ImmutableArray<Guid> complete,
        IEnumerable<KnownEmail> emails,
        IEnumerable<KeyFacts> keys,
        IEnumerable<ConversationFacts> conversations,
        IEnumerable<Act> acts)
    {
        var byKey = new Dictionary<MessageKey, KnownEmail>(facts.Emails);
        foreach (var email in emails)
        {
            byKey[email.Facts.Key] = email;
        }

        var ids = new Dictionary<MessageKey, KeyFacts>(facts.Keys);
        foreach (var key in keys)
        {
            // What the batch itself names stays as first read: a change compares it with that.
            ids.TryAdd(key.Key, key);
        }

        var versions = new Dictionary<Guid, ConversationFacts>(facts.Conversations);
        foreach (var conversation in conversations)
        {
            versions.TryAdd(conversation.Id, conversation);
        }

        foreach (var id in complete.Where(versions.ContainsKey))
        {
            versions[id] = versions[id] with { IsComplete = true };
        }

        return facts with
        {
            Emails = byKey,
            Keys = ids,
            Conversations = versions,
            Acts = [.. facts.Acts.Concat(acts).DistinctBy(act => act.Id)],
        };
    }
}
