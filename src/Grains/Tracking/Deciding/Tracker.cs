using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Decides a batch of sightings: which emails are tracked, where they belong, what they are about, and why.</summary>
/// <remarks>Values in, value out. The same facts give the same decision, whatever their order and however they are batched.</remarks>
public static class Tracker
{
    /// <summary>Decides a batch.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="sightings">The sightings; at least one.</param>
    /// <param name="snapshot">What the store knows of them.</param>
    public static TrackingDecision Decide(string organization, ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var candidates = new Candidates(sightings, snapshot);
        var drafts = candidates.All.Where(candidate => candidate.IsTracked)
            .Select(candidate => Draft.Of(candidate, snapshot))
            .ToDictionary(draft => draft.Candidate.Key);
        var changed = drafts.Values.Where(draft => draft.ChangesThread).Select(draft => draft.Unplaced).ToImmutableArray();
        var threading = new Threading(organization, changed, snapshot);
        IReadOnlyList<Placed> places = [];
        if (!changed.IsEmpty)
        {
            var solved = threading.Solve(out var missing);
            if (solved is null)
            {
                return missing!;
            }

            places = solved;
        }

        var emails = Emails(organization, drafts, places, snapshot);
        var change = new TrackingChange
        {
            Organization = organization,
            SettingsVersion = snapshot.Settings.Version,
            Conversations = Conversations(threading, emails, snapshot),
            Emails = emails,
            Keys = KeyChanges.Of(
                emails.Where(email => drafts.TryGetValue(email.After.Facts.Key, out var draft) && draft.ChangesThread), snapshot),
            ContestedKeys = KeyChanges.Contested(places, snapshot),
            Decisions = [.. candidates.All.SelectMany(candidate => Decisions.Of(candidate, candidates, snapshot))],
        };
        return new TrackingDecision.Decided(change, Answers(sightings.Length, candidates, emails, snapshot));
    }

    private static ImmutableArray<EmailChange> Emails(
        string organization,
        Dictionary<MessageKey, Draft> drafts,
        IReadOnlyList<Placed> places,
        TrackingSnapshot snapshot)
    {
        var placed = places.Select(place => place.Email.Facts.Key).ToHashSet();
        var changes = ImmutableArray.CreateBuilder<EmailChange>();
        foreach (var draft in drafts.Values.Where(draft => draft.ChangesState && !placed.Contains(draft.Candidate.Key)))
        {
            changes.Add(new EmailChange(draft.Candidate.Known, draft.Unthreaded(), draft.Content, null, []));
        }

        foreach (var place in places)
        {
            var draft = drafts.GetValueOrDefault(place.Email.Facts.Key);
            var after = draft?.At(place, organization) ?? Moved(place);
            if (draft is { ChangesThread: true } or { ChangesState: true } || after.State != place.Email.Before!.State)
            {
                changes.Add(new EmailChange(place.Email.Before, after, draft?.Content, place.Trace, place.OpenClaims));
            }
        }

        return changes.DrainToImmutable();
    }

    // A member that was looked at again: written only when its place is another one now.
    private static KnownEmail Moved(Placed place)
    {
        var before = place.Email.Before!;
        return before with { State = Draft.StateAt(place, before.State) };
    }

    private static ImmutableArray<ConversationChange> Conversations(
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
                successors.TryGetValue(id, out var successor) ? successor : null)),
        ];
    }

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

    private static ImmutableArray<SightingAnswer> Answers(
        int count, Candidates candidates, ImmutableArray<EmailChange> emails, TrackingSnapshot snapshot)
    {
        var states = emails.ToDictionary(email => email.After.Facts.Key, email => email.After);
        var answers = new SightingAnswer[count];
        foreach (var candidate in candidates.All)
        {
            var email = states.GetValueOrDefault(candidate.Key) ?? candidate.Known;
            foreach (var judged in candidate.Sightings)
            {
                answers[judged.Index] = new SightingAnswer(
                    judged.Sighting.Place,
                    Decisions.OutcomeOf(judged),
                    judged.Verdict.Reason,
                    candidate.Known is null && judged == candidate.Accepted.FirstOrDefault(),
                    email?.ActivityId,
                    email?.State.ConversationId);
            }
        }

        return [.. answers];
    }
}
