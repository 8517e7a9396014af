using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>The store as it would be: what was read of the real one, and on top of that what was decided here.</summary>
/// <remarks>
/// What is read comes into memory and stays as it was read first; what is decided changes it there. So a snapshot holds what the
/// real store's would, had it stored these decisions, and the real one is only ever read. Mail of the real store that waits for one
/// of these is not decided again here.
/// </remarks>
internal sealed class ImaginedStore(string organization, ITrackingStore store)
{
    // As the real stores do: an outsider can make any number of mails with one token.
    private const int SharersMax = 256;

    private readonly Dictionary<MessageKey, KeyFacts> _keys = [];
    private readonly Dictionary<Guid, ConversationFacts> _conversations = [];
    private readonly MultiMap<MessageKey, StandingDecision> _decisions = new();
    private readonly MultiMap<MessageKey, Act> _acts = new();
    private readonly MultiMap<MessageKey, SightingPlace> _heard = new();
    private readonly HashSet<MessageKey> _contested = [];
    private readonly HashSet<Guid> _completed = [];
    private readonly HashSet<MessageKey> _read = [];

    public ImaginedEmails Emails { get; } = new();

    /// <summary>Takes in what the real store knows of some mails.</summary>
    /// <param name="facts">What was read for them.</param>
    /// <param name="sightings">The mails.</param>
    public void Absorb(TrackingSnapshot facts, ImmutableArray<Sighting> sightings)
    {
        Absorb(facts);

        // An id without a row is one that nobody bears or names: there is nothing to be read of it later.
        _read.UnionWith(sightings.SelectMany(NamedIds.Of).Where(id => !facts.Keys.ContainsKey(id)));
    }

    /// <summary>What <see cref="ITrackingStore.ReadFactsAsync"/> would give.</summary>
    /// <param name="given">The settings, mailboxes and records, which nothing here changes.</param>
    /// <param name="sightings">The mails.</param>
    public TrackingSnapshot ReadFacts(TrackingSnapshot given, ImmutableArray<Sighting> sightings)
    {
        var copies = sightings.SelectMany(sighting => Identity.KeysOf(sighting.Facts)).Distinct().ToArray();
        var tokens = sightings
            .SelectMany(sighting => TrackingTokens.In(sighting.Facts.Subject, given.Settings.PrefixesInUse()))
            .Distinct()
            .ToDictionary(token => token, token => Emails.Carrying(token).TakeLast(SharersMax).ToArray());
        var carriers = tokens.Values.SelectMany(list => list).ToArray();
        var known = copies.Select(Emails.Find).OfType<KnownEmail>().ToArray();
        var ids = sightings.SelectMany(NamedIds.Of)
            .Concat(known.SelectMany(NamedIds.Of))
            .Concat(carriers.Select(email => email.Facts.IdKey))
            .ToHashSet();
        var keys = ids.Where(_keys.ContainsKey).ToDictionary(id => id, id => _keys[id]);
        var emails = ids.SelectMany(Emails.Bearing)
            .Concat(carriers)
            .Concat(keys.Values.Select(key => key.Holder is { } holder ? Emails.Find(holder) : null).OfType<KnownEmail>())
            .DistinctBy(email => email.Facts.Key)
            .ToDictionary(email => email.Facts.Key);
        return given with
        {
            Keys = keys,
            Emails = emails,
            Conversations = Conversations(emails.Values),
            Decisions = [.. copies.SelectMany(key => _decisions[key])],
            Tokens = tokens.ToDictionary(token => token.Key, token => token.Value.Select(email => email.Facts.Key).ToImmutableArray()),
            Acts = [.. copies.SelectMany(key => _acts[key]).Distinct()],
        };
    }

    /// <summary>What <see cref="ITrackingStore.ReadMembersAsync"/> would give.</summary>
    public async Task<TrackingSnapshot> ReadMembersAsync(
        TrackingSnapshot facts, TrackingDecision.NeedsMembers asked, CancellationToken cancellationToken)
    {
        await CompleteAsync(asked.Conversations, asked.Keys, cancellationToken);
        var members = asked.Conversations.SelectMany(Emails.In).ToArray();
        var wanted = members.SelectMany(NamedIds.Of)
            .Where(id => _contested.Contains(id) || (_keys.TryGetValue(id, out var key) && key.IsContested))
            .Concat(asked.Keys)
            .ToHashSet();
        await CompleteAsync([], wanted, cancellationToken);

        var keys = new Dictionary<MessageKey, KeyFacts>(facts.Keys);
        foreach (var id in wanted.Where(_keys.ContainsKey))
        {
            keys[id] = _keys[id];
        }

        ImmutableArray<Act> acts =
        [
            .. facts.Acts
                .Concat(members.SelectMany(email => _acts[email.Facts.Key]))
                .Concat(asked.Keys.SelectMany(key => _acts[key]))
                .Distinct(),
        ];
        var emails = new Dictionary<MessageKey, KnownEmail>(facts.Emails);
        foreach (var email in members
            .Concat(wanted.SelectMany(Emails.Bearing))
            .Concat(wanted.SelectMany(Emails.Naming))
            .Concat(acts.SelectMany(act => act.Emails).Select(Emails.Find).OfType<KnownEmail>()))
        {
            emails[email.Facts.Key] = email;
        }

        var conversations = Conversations(emails.Values);
        foreach (var id in members.Where(email => email.State.IsFounder)
            .Select(email => NamedId.OfConversation(organization, email.Facts.Key))
            .Concat(facts.Conversations.Keys)
            .Concat(asked.Conversations)
            .Where(_conversations.ContainsKey))
        {
            conversations[id] = _conversations[id];
        }

        foreach (var id in asked.Conversations.Concat(facts.Conversations.Values.Where(one => one.IsComplete).Select(one => one.Id)))
        {
            conversations[id] = conversations[id] with { IsComplete = true };
        }

        return facts with { Keys = keys, Emails = emails, Conversations = conversations, Acts = acts };
    }

    /// <summary>Reads what the real store has of conversations and ids; of each once.</summary>
    public async Task CompleteAsync(
        IEnumerable<Guid> conversations, IEnumerable<MessageKey> ids, CancellationToken cancellationToken)
    {
        ImmutableArray<Guid> incomplete = [.. conversations.Where(_completed.Add)];
        ImmutableArray<MessageKey> unread = [.. ids.Where(_read.Add)];
        if (!incomplete.IsEmpty || !unread.IsEmpty)
        {
            Absorb(await store.ReadMembersAsync(organization, new TrackingSnapshot(), incomplete, unread, cancellationToken));
        }
    }

    /// <summary>Lets a change count: in memory.</summary>
    /// <returns>The mails that waited for it and have to be decided again.</returns>
    public ImmutableArray<SightingPlace> Apply(TrackingChange change)
    {
        foreach (var conversation in change.Conversations)
        {
            if (conversation.SeenVersion == 0)
            {
                _completed.Add(conversation.Id);
            }

            _conversations[conversation.Id] = new ConversationFacts(
                conversation.Id, conversation.SeenVersion + 1, IsComplete: false, conversation.Stops);
        }

        foreach (var email in change.Emails)
        {
            Emails.Put(email.After);
        }

        var woken = ImmutableArray.CreateBuilder<SightingPlace>();
        foreach (var key in change.Keys)
        {
            var isShown = (key.After.IsBorne && key.Before is not { IsBorne: true }) || key.Before?.Holder is null;
            if (isShown && key.After.Holder is not null)
            {
                woken.AddRange(_heard.Take(key.After.Key));
            }

            _keys[key.After.Key] = key.After;
        }

        foreach (var id in change.ContestedKeys)
        {
            // A member that was read with its conversation may name ids whose rows were not asked for yet.
            _contested.Add(id);
            if (_keys.TryGetValue(id, out var key))
            {
                _keys[id] = key with { IsContested = true };
            }
        }

        foreach (var decision in change.Decisions)
        {
            Keep(decision);
        }

        return [.. woken.Distinct().Except(change.Decisions.Select(decision => decision.Sighting.Place))];
    }

    private void Keep(SightingDecision decision)
    {
        var sighting = decision.Sighting;
        var before = _decisions[decision.Email].FirstOrDefault(one => one.Place == sighting.Place);
        if (before is not null)
        {
            _decisions.Remove(decision.Email, before);
        }

        _decisions.Add(decision.Email, new StandingDecision(
            sighting.Place, decision.Email, sighting.FolderKind, decision.Outcome, decision.Reason, sighting.ContentHash));
        foreach (var id in decision.Heard.Select(claim => claim.Key))
        {
            _keys.TryAdd(id, new KeyFacts(id, null, false, false, false));
            _heard.Add(id, sighting.Place);
        }
    }

    private void Absorb(TrackingSnapshot facts)
    {
        foreach (var key in facts.Keys.Values)
        {
            _keys.TryAdd(key.Key, key with { IsContested = key.IsContested || _contested.Contains(key.Key) });
        }

        foreach (var conversation in facts.Conversations.Values)
        {
            _conversations.TryAdd(conversation.Id, conversation with { IsComplete = false });
        }

        foreach (var email in facts.Emails.Values.Where(email => Emails.Find(email.Facts.Key) is null))
        {
            Emails.Put(email);
        }

        foreach (var decision in facts.Decisions.Where(one => _decisions[one.Email].All(other => other.Place != one.Place)))
        {
            _decisions.Add(decision.Email, decision);
        }

        foreach (var act in facts.Acts)
        {
            foreach (var email in act.Emails)
            {
                // Acts compare by their lists, so that one read twice would be two.
                if (_acts[email].All(other => other.Id != act.Id))
                {
                    _acts.Add(email, act);
                }
            }
        }
    }

    private Dictionary<Guid, ConversationFacts> Conversations(IEnumerable<KnownEmail> emails) => emails
        .Select(email => email.State.ConversationId)
        .Distinct()
        .ToDictionary(id => id, id => _conversations[id]);
}
