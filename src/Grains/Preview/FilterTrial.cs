using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>What one filter makes of the mails: the rules are run as for mail that is delivered, and nothing is committed.</summary>
internal sealed class FilterTrial(string organization, FilterMethod filter, ITrackingStore store)
{
    // As for delivered mail: a neighbourhood that is larger is left undecided.
    private const int WidenRoundsMax = 16;

    // What one mail wakes may wake others; each is woken once by an id, so that this ends by itself, and the bound is never met.
    private const int WakeRoundsMax = 10_000;

    private readonly ImaginedStore _store = new(organization, store);
    private readonly Dictionary<SightingPlace, Sighting> _waiting = [];
    private readonly Dictionary<SightingPlace, TrialDecision> _decisions = [];
    private readonly Dictionary<MessageKey, ImmutableArray<TraceEntry>> _traces = [];
    private readonly Dictionary<MessageKey, Sighting> _shown = [];

    public FilterMethod Filter => filter;

    /// <summary>Decides mails.</summary>
    /// <param name="given">What the real store knows of them; the mailbox with this filter is put in.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="sightings">The mails.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    public async Task DecideAsync(
        TrackingSnapshot given, MailboxFacts mailbox, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
    {
        _store.Absorb(given, sightings);
        // What is tried is this filter, whatever the organization forces, and of this mailbox, whatever others would take.
        var facts = given with
        {
            Settings = given.Settings with
            {
                Acceptance = given.Settings.Acceptance with { ForcedUserFilter = null, AsksSyncingMailboxOnly = true },
            },
            Mailboxes = new Dictionary<EmailAddress, MailboxFacts>(given.Mailboxes)
            {
                [mailbox.Address] = mailbox with { Filter = filter },
            },
        };
        for (var round = 0; !sightings.IsEmpty && round < WakeRoundsMax; round++)
        {
            var read = _store.ReadFacts(facts, sightings);
            var groups = TrackingGroup.Of(organization, sightings, read)
                .ToLookup(group => group.Sightings.Any(sighting => Touches(sighting, read)));

            // What touches nothing that is known can be decided at one go; it is most of the mail that a filter leaves out.
            ImmutableArray<Sighting> fresh = [.. groups[false].SelectMany(group => group.Sightings)];
            var woken = new HashSet<SightingPlace>(fresh.IsEmpty ? [] : await DecideAsync(read, fresh, cancellationToken));
            foreach (var group in groups[true])
            {
                woken.UnionWith(await DecideAsync(_store.ReadFacts(facts, group.Sightings), group.Sightings, cancellationToken));
            }

            sightings = [.. woken.Where(_waiting.ContainsKey).Select(place => _waiting[place])];
        }
    }

    /// <summary>What was decided of a mail; null before that.</summary>
    public TrialDecision? Of(SightingPlace place) => _decisions.GetValueOrDefault(place);

    /// <summary>An email as it stands here, whether it was shown or is known from the real store; null for any other.</summary>
    public KnownEmail? Email(MessageKey key) => _store.Emails.Find(key);

    /// <summary>The emails of a conversation, by (sent date, key).</summary>
    public async Task<ImmutableArray<KnownEmail>> ReadThreadAsync(Guid conversation, CancellationToken cancellationToken)
    {
        await _store.CompleteAsync([conversation], [], cancellationToken);
        return [.. _store.Emails.In(conversation).OrderBy(email => email.Facts, ThreadFacts.BySent)];
    }

    /// <summary>What was looked at to find an email's place; empty when that was not looked at here.</summary>
    public ImmutableArray<TraceEntry> TraceOf(MessageKey key) => _traces.GetValueOrDefault(key, []);

    /// <summary>The mail of the preview that shows an email; null when the preview has none.</summary>
    public Sighting? Shown(MessageKey key) => _shown.GetValueOrDefault(key);

    /// <summary>How many conversations the tracked mails are in.</summary>
    public int CountConversations() => _decisions.Values
        .Where(decision => decision.Outcome == Outcome.Tracked)
        .Select(decision => Email(decision.Email)?.State.ConversationId)
        .Distinct()
        .Count(id => id is not null);

    private static bool Touches(Sighting sighting, TrackingSnapshot snapshot) =>
        sighting.Facts.Thread.Claims.Any(claim => IsHeld(claim.Key, snapshot)) ||
        IsHeld(sighting.Facts.Thread.IdKey, snapshot) ||
        TrackingTokens.In(sighting.Facts.Subject, snapshot.Settings.PrefixesInUse())
            .Any(token => snapshot.Tokens.TryGetValue(token, out var emails) && !emails.IsEmpty);

    private static bool IsHeld(MessageKey id, TrackingSnapshot snapshot) =>
        snapshot.Keys.TryGetValue(id, out var key) && key.Holder is not null;

    private async Task<ImmutableArray<SightingPlace>> DecideAsync(
        TrackingSnapshot snapshot, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
    {
        for (var round = 0; round < WidenRoundsMax; round++)
        {
            switch (Tracker.Decide(organization, sightings, snapshot))
            {
                case TrackingDecision.Decided decided:
                    return Keep(decided, sightings);
                case TrackingDecision.NeedsMembers needs:
                    snapshot = await _store.ReadMembersAsync(snapshot, needs, cancellationToken);
                    break;
            }
        }

        foreach (var sighting in sightings)
        {
            _decisions[sighting.Place] = new TrialDecision(Outcome.Deferred, ReasonCode.Contended, sighting.Facts.Thread.Key, []);
        }

        return [];
    }

    private ImmutableArray<SightingPlace> Keep(TrackingDecision.Decided decided, ImmutableArray<Sighting> sightings)
    {
        foreach (var email in decided.Change.Emails)
        {
            var key = email.After.Facts.Key;
            if (email.Content is { } content)
            {
                _shown[key] = content.Sighting;
            }

            if (email.Trace is { } trace)
            {
                _traces[key] = trace;
            }
        }

        var answers = sightings.Zip(decided.Answers)
            .GroupBy(one => one.First.Place)
            .ToDictionary(one => one.Key, one => one.First().Second);
        foreach (var decision in decided.Change.Decisions)
        {
            var place = decision.Sighting.Place;
            var answer = answers[place];
            _decisions[place] = new TrialDecision(answer.Outcome, answer.Reason, decision.Email, decision.Trace);
            if (decision.Outcome == Outcome.Waiting)
            {
                _waiting[place] = decision.Sighting;
            }
            else
            {
                _waiting.Remove(place);
            }
        }

        return _store.Apply(decided.Change);
    }
}

/// <summary>What a trial decided of one mail.</summary>
/// <param name="Outcome">What was decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="Email">The email that it is a copy of.</param>
/// <param name="Trace">What the filter looked at.</param>
internal sealed record TrialDecision(Outcome Outcome, ReasonCode Reason, MessageKey Email, ImmutableArray<TraceEntry> Trace);
