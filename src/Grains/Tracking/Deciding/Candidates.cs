using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>One sighting of a candidate and what its mailbox's filter says.</summary>
internal sealed class Judged(int index, Sighting sighting, Identity identity)
{
    public int Index { get; } = index;

    public Sighting Sighting { get; } = sighting;

    public Identity Identity { get; } = identity;

    public FilterVerdict Verdict { get; set; } = new(false, ReasonCode.Unknown);
}

/// <summary>One email of the batch: all sightings of it, and the email as known.</summary>
internal sealed class Candidate(MessageKey key, MessageKey idKey, KnownEmail? known, HandFacts hand)
{
    public MessageKey Key { get; } = key;

    public MessageKey IdKey { get; } = idKey;

    public KnownEmail? Known { get; } = known;

    public HandFacts Hand { get; } = hand;

    public List<Judged> Sightings { get; } = [];

    public IEnumerable<Judged> Accepted => Sightings.Where(judged => judged.Verdict.Accepted);

    public bool IsTracked => Known is not null || Accepted.Any();
}

/// <summary>The emails of a batch: which sightings show the same one, and which of them their mailboxes want.</summary>
internal sealed class Candidates
{
    private readonly TrackingSnapshot _snapshot;
    private readonly Dictionary<MessageKey, Candidate> _byKey = [];
    private readonly Dictionary<MessageKey, List<Candidate>> _byId = [];
    private readonly ActLog _acts;

    public Candidates(ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot)
    {
        _snapshot = snapshot;
        _acts = new ActLog(snapshot.Acts);

        // In an order of their own, so that which of two mails under one id is the first does not hang on the batch.
        var ordered = sightings.Select((sighting, index) => (sighting, index))
            .OrderBy(one => one.sighting.Facts.Thread, ThreadFacts.BySent)
            .ThenBy(one => one.sighting.Facts.Digest);
        foreach (var (sighting, index) in ordered)
        {
            Place(sighting, index);
        }

        Judge();
    }

    public IEnumerable<Candidate> All => _byKey.Values;

    /// <summary>Whether a tracked email bears the id, counting those that this batch tracks.</summary>
    public bool IsTracked(MessageKey id) =>
        _snapshot.BearerOf(id) is not null || (_byId.TryGetValue(id, out var list) && list.Exists(one => one.IsTracked));

    /// <summary>The ids that a refused sighting waits for: mail that is not tracked, a conversation that nobody has tracked.</summary>
    public ImmutableArray<Claim> WaitsFor(Sighting sighting) =>
        [.. sighting.Facts.Thread.Claims.Where(claim => CanAnswer(sighting, claim) && !Answers(claim))];

    private void Place(Sighting sighting, int index)
    {
        var mail = sighting.Facts;
        var id = mail.Thread.IdKey;
        var bearer = _snapshot.BearerOf(id);
        var identity = Identity.Decide(mail, bearer ?? FirstOfBatch(id));
        var key = identity switch
        {
            Identity.Known known => known.Key,
            Identity.Variant variant => variant.Key,
            _ => id,
        };
        if (!_byKey.TryGetValue(key, out var candidate))
        {
            candidate = new Candidate(key, id, key == id ? bearer : _snapshot.Emails.GetValueOrDefault(key), _acts.Of(key));
            _byKey.Add(key, candidate);
            (_byId.TryGetValue(id, out var list) ? list : _byId[id] = []).Add(candidate);
        }

        candidate.Sightings.Add(new Judged(index, sighting, identity));
    }

    private KnownEmail? FirstOfBatch(MessageKey id)
    {
        if (!_byId.TryGetValue(id, out var list))
        {
            return null;
        }

        var first = list[0].Sightings[0].Sighting.Facts;
        return new KnownEmail(0, default, first.Thread, first.Sender, first.BaseSubject, first.Digest, null, Unplaced, default, false);
    }

    // What one mail's acceptance lets in, lets in others: until nothing changes.
    private void Judge()
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var candidate in _byKey.Values)
            {
                foreach (var judged in candidate.Sightings)
                {
                    var verdict = Judge(candidate, judged.Sighting);
                    changed |= verdict.Accepted && !judged.Verdict.Accepted;
                    judged.Verdict = verdict;
                }
            }
        }
        while (changed);
    }

    private FilterVerdict Judge(Candidate candidate, Sighting sighting)
    {
        var claims = sighting.Facts.Thread.Claims;
        var verdict = Filter.Decide(
            sighting,
            _snapshot.Mailboxes[sighting.Place.Mailbox],
            _snapshot.Settings.TracksSentItems,
            _snapshot.RecordsOf,
            claims.Any(claim => CanAnswer(sighting, claim) && Answers(claim)) ||
                Tokens.Believed(sighting.Facts, candidate.Key, _snapshot) is not null,
            claims.Any(claim => CanAnswer(sighting, claim)));
        return candidate.Hand.IsMember && !verdict.Accepted ? new(true, ReasonCode.TrackedByHand) : verdict;
    }

    // The first mail of a Thread-Index answers nothing by it.
    private static bool CanAnswer(Sighting sighting, Claim claim) =>
        claim.Kind != ClaimKind.ThreadIndex || sighting.Facts.Thread.IndexDepth > 0;

    // A conversation by Thread-Index is tracked as soon as any mail of it is, be it this one in another mailbox.
    private bool Answers(Claim claim) => claim.Kind != ClaimKind.ThreadIndex
        ? IsTracked(claim.Key)
        : _snapshot.Keys.TryGetValue(claim.Key, out var facts) && facts.Holder is not null || TracksIndex(claim);

    private bool TracksIndex(Claim index) => _byKey.Values.Any(candidate =>
        candidate.Accepted.Any(judged => judged.Sighting.Facts.Thread.Claims.Contains(index)));

    private static readonly EmailState Unplaced =
        new(default, false, default, Threads.Correlation.None, false, [], null, false, null, null, null);
}
