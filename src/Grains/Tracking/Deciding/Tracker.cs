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
        sightings = Readings.Of(sightings, snapshot.Settings.Correlation);
        var candidates = new Candidates(sightings, snapshot);
        var drafts = candidates.All.Where(candidate => candidate.IsTracked)
            .Select(candidate => Draft.Of(organization, candidate, snapshot))
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
        if (WithoutContent(emails, candidates, snapshot) is { IsEmpty: false } incomplete)
        {
            return new TrackingDecision.NeedsContent(incomplete);
        }

        RuleOutcome[] ruled = [.. places.Select(place => place.Rules).OfType<RuleOutcome>()];
        var states = emails.ToDictionary(email => email.After.Facts.Key, email => email.After.State);
        ImmutableArray<SightingDecision> decisions =
            [.. candidates.All.SelectMany(candidate => Decisions.Of(candidate, candidates, snapshot)).Select(decision => WithRules(decision, ruled))];
        var change = new TrackingChange
        {
            Organization = organization,
            SettingsVersion = snapshot.Settings.Version,
            Conversations = ThreadChanges.Conversations(threading, emails, snapshot),
            Emails = emails,
            Keys = KeyChanges.Of(
                emails.Where(email => drafts.TryGetValue(email.After.Facts.Key, out var draft) && draft.ChangesThread), snapshot),
            ContestedKeys = KeyChanges.Contested(places, snapshot),
            Decisions = decisions,
            Again = ThreadChanges.Again(emails, drafts.ContainsKey),
            Records =
            [
                .. drafts.Values.Where(draft => !IsLeftOut(draft)).Select(draft => draft.Record).OfType<NewRecord>()
                    .Concat(ruled.SelectMany(outcome => outcome.Contacts))
                    .DistinctBy(record => record.Reference)
                    .OrderBy(record => record.Reference.Id),
            ],
            Created = [.. ruled.SelectMany(outcome => outcome.Created).OrderBy(record => record.Reference.Id)],
            QueueItems = QueueItems.Of(drafts.Values, decisions, snapshot),
            Events = snapshot.Settings.TracksCategories ? EmailEvent.Of(emails) : [],
        };
        return new TrackingDecision.Decided(change, Answers(sightings.Length, candidates, emails));

        bool IsLeftOut(Draft draft) =>
            (states.GetValueOrDefault(draft.Candidate.Key) ?? draft.Candidate.Known?.State)?.LeftOut is not null;
    }

    // Why a rule fired or not is told with the copy in its queue.
    private static SightingDecision WithRules(SightingDecision decision, RuleOutcome[] ruled)
    {
        var told = ruled.Select(outcome => outcome.Traces.GetValueOrDefault(decision.Sighting.Place, [])).FirstOrDefault(trace => !trace.IsEmpty, []);
        return told.IsEmpty ? decision : decision with { Trace = decision.Trace.AddRange(told) };
    }

    // Of an email that people keep out nothing is kept, so that its headers are enough.
    private static ImmutableArray<SightingPlace> WithoutContent(
        ImmutableArray<EmailChange> emails, Candidates candidates, TrackingSnapshot snapshot)
    {
        var keys = emails
            .Where(email => email is { Content.Sighting.HasContent: false, After.IsWithheld: false })
            .Select(email => email.After.Facts.Key)
            .ToHashSet();
        return
        [
            .. candidates.All
                .SelectMany(candidate => candidate.Sightings.Where(judged => keys.Contains(candidate.Key) || IsForwardToRule(judged, snapshot)))
                .Select(judged => judged.Sighting)
                .Where(sighting => !sighting.HasContent)
                .Select(sighting => sighting.Place)
                .Distinct(),
        ];
    }

    // Whose mail a colleague forwards to a queue is told by the body.
    private static bool IsForwardToRule(Judged judged, TrackingSnapshot snapshot)
    {
        var (sighting, verdict) = (judged.Sighting, judged.Verdict);
        return verdict.Accepted && BaseSubject.IsForward(sighting.Facts.Subject) &&
            snapshot.Rules.Any(version => version.Queue == sighting.Place.Mailbox);
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
            changes.Add(new EmailChange(draft.Candidate.Known, draft.Unthreaded(), draft.Content, null, [], draft.ActsSeen)
            {
                PartyTrace = draft.Candidate.Known is { IsWithheld: true } ? null : draft.PartyTrace,
            });
        }

        // Parents first, as far as dates tell: who answers one of this batch may get its owner.
        var owners = new Dictionary<MessageKey, Guid?>();
        foreach (var place in places.OrderBy(place => place.Email.Facts, ThreadFacts.BySent))
        {
            if (drafts.TryGetValue(place.Email.Facts.Key, out var draft) && (draft.ChangesThread || draft.ChangesState))
            {
                var answered = place.Correlation.Email is { } key
                    ? owners.GetValueOrDefault(key) ?? snapshot.Emails.GetValueOrDefault(key)?.Owner.OwnerId
                    : null;
                var (after, content) = draft.At(place, organization, answered, snapshot);
                owners[after.Facts.Key] = after.Owner.OwnerId;
                changes.Add(new EmailChange(place.Email.Before, after, content, place.Trace, place.OpenClaims, draft.ActsSeen)
                {
                    PartyTrace = after.IsWithheld ? null : draft.PartyTrace,
                });
            }
            else if (ThreadChanges.Moved(place) is { } moved)
            {
                changes.Add(moved);
            }
        }

        return changes.DrainToImmutable();
    }

    private static ImmutableArray<SightingAnswer> Answers(
        int count, Candidates candidates, ImmutableArray<EmailChange> emails)
    {
        var states = emails.ToDictionary(email => email.After.Facts.Key, email => email.After);
        var answers = new SightingAnswer[count];
        foreach (var candidate in candidates.All)
        {
            var email = states.GetValueOrDefault(candidate.Key) ?? candidate.Known;
            foreach (var judged in candidate.Sightings)
            {
                var answer = email?.State.LeftOut is { } reason
                    ? new SightingAnswer(judged.Sighting.Place, Outcome.Skipped, reason, IsFirst: false, null, null)
                    : new SightingAnswer(
                        judged.Sighting.Place,
                        Decisions.OutcomeOf(judged),
                        judged.Verdict.Reason,
                        candidate.Known is null && judged == candidate.Accepted.FirstOrDefault(),
                        email?.ActivityId,
                        email?.State.ConversationId);
                answers[judged.Index] = answer with { Email = candidate.Key };
            }
        }

        return [.. answers];
    }
}
