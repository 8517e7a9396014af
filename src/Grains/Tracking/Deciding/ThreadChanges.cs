using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What a new partition means for conversations, and for the members that moved.</summary>
internal static class ThreadChanges
{
    /// <summary>A member that was looked at again: null when it stays as it is.</summary>
    public static EmailChange? Moved(Placed place)
    {
        var before = place.Email.Before!;
        var state = Draft.StateAt(place, before.State);
        if (state == before.State)
        {
            return null;
        }

        var isErased = state.LeftOut == ReasonCode.Erased;
        var change = new EmailChange(
            before, (isErased ? before.WithoutText() : before) with { State = state }, null, place.Trace, place.OpenClaims, 0);
        return change.Erases ? change with { Parties = [], PartyTrace = [] } : change;
    }

    /// <summary>The conversations that were read or written.</summary>
    public static ImmutableArray<ConversationChange> Conversations(
        Threading threading, ImmutableArray<EmailChange> emails, TrackingSnapshot snapshot)
    {
        var now = emails.Where(email => email.Trace is not null).Select(email => email.After.State.ConversationId);
        var before = emails.Select(email => email.Before?.State.ConversationId).OfType<Guid>();
        var successors = threading.IsComplete ? Successors(threading, emails, snapshot) : [];
        return
        [
            .. threading.Reach.Concat(now).Concat(before).Distinct().Order().Select(id => new ConversationChange(
                id,
                snapshot.Conversations.TryGetValue(id, out var facts) ? facts.Version : 0,
                successors.TryGetValue(id, out var successor) ? successor : null,
                threading.StopsOf(id))),
        ];
    }

    /// <summary>Emails that people let in again and of which nothing was stored: their copies are read once more.</summary>
    /// <param name="emails">What is written.</param>
    /// <param name="isRead">Whether an email's copies are being read just now.</param>
    public static ImmutableArray<MessageKey> Again(ImmutableArray<EmailChange> emails, Func<MessageKey, bool> isRead) =>
    [
        .. emails.Select(email => email.After)
            .Where(email => email is { IsWithheld: true, State.LeftOut: null } && !isRead(email.Facts.Key))
            .Select(email => email.Facts.Key)
            .Order(),
    ];

    // A conversation that lost all its emails is an alias of the one where the first of them went.
    private static Dictionary<Guid, Guid> Successors(
        Threading threading, ImmutableArray<EmailChange> emails, TrackingSnapshot snapshot)
    {
        var moved = emails.Where(email => email.Before is not null).ToDictionary(email => email.After.Facts.Key);
        var left = snapshot.Emails.Values.Where(email => !moved.ContainsKey(email.Facts.Key))
            .Select(email => email.State.ConversationId)
            .Concat(emails.Select(email => email.After.State.ConversationId))
            .ToHashSet();
        return threading.Reach.Where(id => !left.Contains(id)).ToDictionary(
            id => id,
            id => moved.Values.Where(email => email.Before!.State.ConversationId == id)
                .MinBy(email => email.After.Facts, ThreadFacts.BySent)!.After.State.ConversationId);
    }
}
