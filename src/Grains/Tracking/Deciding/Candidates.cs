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

    /// <summary>The mailbox whose filter was asked: a recipient's, else the one where the mail lies.</summary>
    public MailboxFacts AskedIn(TrackingSnapshot snapshot) => Verdict.By ?? snapshot.Mailboxes[Sighting.Place.Mailbox];
}

/// <summary>One email of the batch: all sightings of it, and the email as known.</summary>
internal sealed class Candidate(MessageKey key, MessageKey idKey, KnownEmail? known, HandFacts hand)
{
    public MessageKey Key { get; } = key;

    public MessageKey IdKey { get; } = idKey;

    public KnownEmail? Known { get; } = known;

    public HandFacts Hand { get; } = hand;

    public List<Judged> Sightings { get; } = [];

    /// <summary>Whether it is the copy that its sender kept, and an activity of its own.</summary>
    public bool IsSentCopy { get; init; }

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
        if (IsSentCopy(sighting))
        {
            PlaceSent(sighting, index);
            return;
        }

        // A sent copy that is an activity of its own says who the sender is, and takes no received copy's place.
        var bearer = BearerOf(id);
        var identity = Identity.Decide(mail, bearer ?? SentCopyOf(id) ?? FirstOfBatch(id));
        if (identity is Identity.Known { Key: var sent } && sent == MessageKey.OfSent(id) && !_snapshot.Settings.InternalMail.IsOneActivity)
        {
            identity = new Identity.Unseen();
        }

        var key = identity switch
        {
            Identity.Known known => known.Key,
            Identity.Variant variant => variant.Key,
            _ => id,
        };
        Add(key, id, key == id ? bearer : _snapshot.Emails.GetValueOrDefault(key), MessageKey.OfSent(key), new Judged(index, sighting, identity));
    }

    // The other one: what the same mail is as the sent copy, or as the received one.
    private void Add(
        MessageKey key, MessageKey id, KnownEmail? known, MessageKey other, Judged judged, bool isSentCopy = false)
    {
        if (!_byKey.TryGetValue(key, out var candidate))
        {
            var hand = _acts.Of(key);

            // A mail that is two activities is one to whoever had it erased: what was not tracked by then stays out.
            candidate = new Candidate(key, id, known, known is null ? hand with { Erased = hand.Erased ?? _acts.Of(other).Erased } : hand)
            {
                IsSentCopy = isSentCopy,
            };
            _byKey.Add(key, candidate);
            (_byId.TryGetValue(id, out var list) ? list : _byId[id] = []).Add(candidate);
        }

        candidate.Sightings.Add(judged);
    }

    // The copy that its sender kept, wherever it lies: nobody sent it there.
    private bool IsSentCopy(Sighting sighting) => !_snapshot.Settings.InternalMail.IsOneActivity &&
        (sighting.FolderKind == FolderKind.SentItems ||
            (sighting.Facts.Sender == sighting.Place.Mailbox && sighting.Facts.Recipients.All(one => one.Address != sighting.Place.Mailbox)));

    // An activity of its own; one that was tracked before it had to be stays what it is.
    private void PlaceSent(Sighting sighting, int index)
    {
        var (mail, id) = (sighting.Facts, sighting.Facts.Thread.IdKey);
        var received = _snapshot.Emails.GetValueOrDefault(id);
        var identity = Identity.Decide(mail, SentCopyOf(id) ?? received ?? FirstOfBatch(id));
        var own = identity is Identity.Variant variant ? variant.Key : id;
        var kept = _snapshot.Emails.GetValueOrDefault(MessageKey.OfSent(own)) ??
            (own == id && received is { State.IsOutgoing: true } ? received : null);
        var key = kept?.Facts.Key ?? MessageKey.OfSent(own);
        Add(key, id, kept, own, new Judged(index, sighting, identity switch
        {
            Identity.Variant => identity,
            _ when kept is not null => new Identity.Known(key),
            _ => new Identity.Unseen(),
        }), isSentCopy: true);
    }

    private KnownEmail? SentCopyOf(MessageKey id) => _snapshot.Emails.GetValueOrDefault(MessageKey.OfSent(id));

    private KnownEmail? BearerOf(MessageKey id) =>
        _snapshot.BearerOf(id) is { } bearer && (_snapshot.Settings.InternalMail.IsOneActivity || bearer.Facts.Key != MessageKey.OfSent(id))
            ? bearer
            : _snapshot.Emails.GetValueOrDefault(id);

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
        // Nothing of it was tracked when it was erased, and nothing is.
        if (candidate is { Known: null, Hand.Erased: not null })
        {
            return new(false, ReasonCode.Erased);
        }

        var claims = sighting.Facts.Thread.Claims;
        var verdict = Filter.Decide(new FilterQuestion
        {
            Sighting = sighting,
            Mailbox = _snapshot.Mailboxes[sighting.Place.Mailbox],
            Recipients = _snapshot.Settings.Acceptance.AsksSyncingMailboxOnly ? [] : [.. Recipients(sighting.Facts)],
            Settings = _snapshot.Settings,
            Directory = _snapshot.RecordsOf,
            AnswersTracked = claims.Any(claim => CanAnswer(sighting, claim) && Answers(claim)) ||
                Tokens.Believed(sighting.Facts, candidate.Key, _snapshot) is not null,
            NamesUntracked = claims.Any(claim => CanAnswer(sighting, claim)),
            IsTrackedAsSent = IsTrackedAsSent(candidate),
        });
        return candidate.Hand.IsMember && verdict is { Accepted: false, Reason: not ReasonCode.NeverTracked }
            ? new(true, ReasonCode.TrackedByHand)
            : verdict;
    }

    // A recipient is a user or queue whose mailbox has the address, or whose record has it: an alias.
    private IEnumerable<MailboxFacts> Recipients(EmailFacts mail)
    {
        var addresses = mail.Recipients.Select(one => one.Address).OfType<EmailAddress>().ToHashSet();
        var owners = addresses.SelectMany(_snapshot.RecordsOf).Select(record => record.Reference).ToHashSet();
        return _snapshot.Mailboxes.Values.Where(mailbox =>
            addresses.Contains(mailbox.Address) || (mailbox.Owner is { } owner && owners.Contains(owner)));
    }

    private bool IsTrackedAsSent(Candidate candidate) =>
        candidate.Known?.State.IsOutgoing == true || TracksSentCopy(candidate) || SentCopyOf(candidate.IdKey) is not null ||
        (_byKey.TryGetValue(MessageKey.OfSent(candidate.IdKey), out var sent) && TracksSentCopy(sent));

    private static bool TracksSentCopy(Candidate candidate) =>
        candidate.Accepted.Any(judged => judged.Sighting.FolderKind == FolderKind.SentItems);

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
