using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>The conversations that some emails may touch, and whether any place but their own may change.</summary>
internal sealed class Reach(TrackingSnapshot snapshot)
{
    private readonly HashSet<Guid> _conversations = [];
    private readonly HashSet<MessageKey> _contested = [];
    private readonly Dictionary<MessageKey, MessageKey> _anchors = [];
    private readonly ILookup<MessageKey, KnownEmail> _byId = snapshot.Emails.Values.ToLookup(email => email.Facts.IdKey);

    /// <summary>The conversations.</summary>
    public IReadOnlySet<Guid> Conversations => _conversations;

    /// <summary>Unseen ids that the emails hang from, each with the key of one that hangs there already.</summary>
    public IReadOnlyDictionary<MessageKey, MessageKey> Anchors => _anchors;

    /// <summary>Whether emails that are known may move.</summary>
    public bool ChangesOthers { get; private set; }

    /// <summary>Adds conversations.</summary>
    public void Add(IEnumerable<Guid> conversations) => _conversations.UnionWith(conversations);

    /// <summary>Adds what an email touches.</summary>
    public void Add(Unplaced email)
    {
        if (email.Before is { } before)
        {
            _conversations.Add(before.State.ConversationId);
            ChangesOthers = true;
        }

        // Somebody names this mail already, or bears its id.
        ChangesOthers |= Add(email.Facts.IdKey) is { Holder: not null };
        for (var i = 0; i < email.Facts.Claims.Length; i++)
        {
            var key = email.Facts.Claims[i].Key;
            if (Add(key) is not { Holder: { } holder, IsBorne: false } facts)
            {
                continue;
            }

            // Nobody has shown us that mail. The earliest who names it stands for it; to become that, or to be the first that
            // hangs from it, changes the others.
            ChangesOthers |= ThreadFacts.BySent.Compare(email.Facts, snapshot.Emails[holder].Facts) < 0 ||
                (email.Facts.IsNear(i) && !facts.IsNearClaimed);
            if (email.Facts.IsNear(i))
            {
                _anchors[key] = holder;
            }
        }
    }

    /// <summary>Grows to all whom a change here may move.</summary>
    /// <param name="changed">The emails that change.</param>
    /// <param name="acts">What people did.</param>
    /// <returns>What has to be read for that; null when all is there.</returns>
    public TrackingDecision.NeedsMembers? Missing(ImmutableArray<Unplaced> changed, ActLog acts)
    {
        while (GrowByIds() | GrowByActs(acts))
        {
        }

        // A copy may name other ids first: then the rows of those that the email named before are asked for as well.
        ImmutableArray<MessageKey> unread =
        [
            .. changed.SelectMany(email => email.Before?.Facts.Claims ?? []).Select(claim => claim.Key)
                .Where(key => !snapshot.Keys.ContainsKey(key)),
        ];
        ImmutableArray<Guid> incomplete = [.. _conversations.Where(id => !snapshot.Conversations[id].IsComplete).Order()];
        return incomplete.IsEmpty && unread.IsEmpty
            ? null
            : new TrackingDecision.NeedsMembers(incomplete, [.. _contested.Concat(unread).Distinct().Order()]);
    }

    private KeyFacts? Add(MessageKey key)
    {
        foreach (var bearer in _byId[key])
        {
            _conversations.Add(bearer.State.ConversationId);
        }

        if (!snapshot.Keys.TryGetValue(key, out var facts) || facts.Holder is not { } holder)
        {
            return null;
        }

        _conversations.Add(snapshot.Emails[holder].State.ConversationId);
        if (facts.IsContested)
        {
            _contested.Add(key);
            ChangesOthers = true;
        }

        return facts;
    }

    // A contested id ties the conversations of all who bear or name it: what changes in one may count in another.
    private bool GrowByIds()
    {
        var grown = false;
        foreach (var email in snapshot.Emails.Values)
        {
            grown |= _contested.Count > 0 && IdsOf(email).Any(_contested.Contains) && _conversations.Add(email.State.ConversationId);
        }

        foreach (var email in snapshot.Emails.Values.Where(email => _conversations.Contains(email.State.ConversationId)))
        {
            foreach (var key in IdsOf(email).Where(key => snapshot.Keys.TryGetValue(key, out var facts) && facts.IsContested))
            {
                grown |= _contested.Add(key);
            }
        }

        return grown;
    }

    // So does what a person said of both.
    private bool GrowByActs(ActLog acts)
    {
        var grown = false;
        foreach (var ruling in acts.Rulings)
        {
            var conversations = ruling.Sides.SelectMany(side => side)
                .Where(snapshot.Emails.ContainsKey)
                .Select(email => snapshot.Emails[email].State.ConversationId)
                .ToHashSet();
            if (conversations.Overlaps(_conversations))
            {
                conversations.ExceptWith(_conversations);
                grown |= conversations.Count > 0;
                _conversations.UnionWith(conversations);
            }
        }

        return grown;
    }

    private static IEnumerable<MessageKey> IdsOf(KnownEmail email) =>
        email.Facts.Claims.Select(claim => claim.Key).Append(email.Facts.IdKey);
}
