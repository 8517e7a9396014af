using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>What a run came to, as text to compare: everything that order must not change.</summary>
public static class Reports
{
    public static string Report(this ModelCluster cluster)
    {
        var store = cluster.Store;
        var conversations = store.Emails.Values.ToLookup(email => email.State.ConversationId);
        var lines = store.Emails.Values.Select(email => string.Join(
            ' ',
            email.Facts.Key.ToString()[..6],
            "with",
            string.Join(',', conversations[email.State.ConversationId].Select(one => one.Facts.Key.ToString()[..6]).Order()),
            email.State.Correlation.Method,
            email.State.Correlation.Email?.ToString()[..6],
            email.State.Correlation.IsParent,
            email.State.Correlation.Grounded,
            email.State.Admission,
            email.State.Regarding?.Record,
            email.State.Regarding?.Source,
            email.State.IsOutgoing,
            email.State.Accepting,
            email.State.SenderRecord,
            email.State.SubjectChanged,
            EmailTracking.Tracking.Mail.BaseSubject.Withhold(email.BaseSubject),
            email.State.LeftOut,
            email.ReceivedOn.ToString("u")));
        var decisions = store.Decisions.Values.Select(one =>
            $"{one.Sighting.Place} {one.Decision.Outcome} {one.Decision.Reason} {one.Decision.Email.ToString()[..6]}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal).Concat(decisions.Order(StringComparer.Ordinal)));
    }

    public static SortedDictionary<string, (string Conversation, bool Held)> Partition(
        this ModelStore store, ImmutableArray<SimSighting> sightings)
    {
        var names = sightings.ToLookup(one => one.Mail.Facts().Thread.Key, one => one.Mail.Id);
        string NameOf(MessageKey key) => names[key].First();
        var conversations = store.Emails.Values.ToLookup(email => email.State.ConversationId);
        return new(store.Emails.Values.ToDictionary(
            email => NameOf(email.Facts.Key),
            email => (
                string.Join(' ', conversations[email.State.ConversationId].Select(one => NameOf(one.Facts.Key)).Order(StringComparer.Ordinal)),
                email.State.IsHeld)));
    }
}
