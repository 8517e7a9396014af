using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>The store's promises in memory, fences included: what a snapshot holds, and when a change does not count.</summary>
public sealed partial class ModelStore(SimWorld given)
{
    private SimWorld world = given;

    /// <summary>The same store under other settings.</summary>
    public ModelStore With(TrackingSettings settings)
    {
        world = world with { Settings = settings };
        return this;
    }

    private readonly Dictionary<MessageKey, KeyFacts> _keys = [];
    private readonly Dictionary<Guid, (long Version, Guid? MergedInto, ImmutableArray<StopWord> Stops)> _conversations = [];
    private readonly Dictionary<MessageKey, HashSet<SightingPlace>> _heard = [];
    private long _row;

    public const string Organization = "contoso";

    public Dictionary<MessageKey, KnownEmail> Emails { get; } = [];

    public Dictionary<SightingPlace, (SightingDecision Decision, Sighting Sighting)> Decisions { get; } = [];

    public HashSet<SightingPlace> Outbox { get; } = [];

    public List<Act> Acts { get; } = [];

    public HashSet<QueueItem> QueueItems { get; } = [];

    public Dictionary<RecordReference, NewRecord> NewRecords { get; } = [];

    public int Writes { get; private set; }

    public TrackingSnapshot ReadFacts(ImmutableArray<Sighting> sightings)
    {
        var ids = sightings.SelectMany(one => one.Facts.Thread.Claims.Select(claim => claim.Key).Append(one.Facts.Thread.IdKey)).ToHashSet();
        var copies = sightings.SelectMany(one => Identity.KeysOf(one.Facts)).ToHashSet();
        var tokens = sightings
            .SelectMany(one => TrackingTokens.In(one.Facts.Subject, world.Settings.PrefixesInUse()))
            .Distinct()
            .ToDictionary(token => token, token => Emails.Values
                .Where(email => email.TrackingToken == token).Select(email => email.Facts.Key).ToImmutableArray());
        var keys = ids.Where(_keys.ContainsKey).ToDictionary(key => key, key => _keys[key]);
        var emails = Emails.Values
            .Where(email => ids.Contains(email.Facts.IdKey) || tokens.Values.Any(list => list.Contains(email.Facts.Key)))
            .Concat(keys.Values.Where(key => key.Holder is not null).Select(key => Emails[key.Holder!.Value]))
            .Distinct()
            .ToDictionary(email => email.Facts.Key);

        // A token that is believed becomes a claim on its email's id.
        foreach (var email in emails.Values.Where(email => _keys.ContainsKey(email.Facts.IdKey)))
        {
            keys[email.Facts.IdKey] = _keys[email.Facts.IdKey];
        }

        return WithRules(new TrackingSnapshot
        {
            Settings = world.Settings,
            Mailboxes = world.Mailboxes.ToDictionary(mailbox => mailbox.Address),
            Directory = Directory,
            Related = world.Related,
            DirectoryVersion = DirectoryVersion,
            Keys = keys,
            Emails = emails,
            Conversations = Conversations(emails.Values, complete: false),
            Decisions =
            [
                .. Decisions.Values
                    .Where(one => ids.Contains(one.Sighting.Facts.Thread.IdKey))
                    .Select(one => new StandingDecision(
                        one.Sighting.Place, one.Decision.Email, one.Sighting.FolderKind, one.Decision.Outcome, one.Decision.Reason, "")
                    {
                        SeenOn = _seenOn.GetValueOrDefault(one.Sighting.Place, Now),
                    }),
            ],
            Tokens = tokens,
            Acts = [.. Acts.Where(act => act.Emails.Any(copies.Contains))],
        }, sightings);
    }

    public TrackingSnapshot ReadMembers(TrackingSnapshot facts, ImmutableArray<Guid> conversations, ImmutableArray<MessageKey> asked)
    {
        var members = Emails.Values.Where(email => conversations.Contains(email.State.ConversationId)).ToArray();
        var keys = new Dictionary<MessageKey, KeyFacts>(facts.Keys);
        foreach (var key in members.SelectMany(IdsOf).Where(key => _keys[key].IsContested).Concat(asked.Where(_keys.ContainsKey)))
        {
            keys[key] = _keys[key];
        }

        var wanted = keys.Values.Where(key => key.IsContested).Select(key => key.Key).Concat(asked).ToHashSet();
        var emails = new Dictionary<MessageKey, KnownEmail>(facts.Emails);
        foreach (var email in members.Concat(Emails.Values.Where(email => wanted.Contains(email.Facts.Key) || IdsOf(email).Any(wanted.Contains))))
        {
            emails[email.Facts.Key] = email;
        }

        ImmutableArray<Act> acts =
            [.. facts.Acts.Concat(Acts.Where(act => members.Any(email => act.Emails.Contains(email.Facts.Key)) || act.Emails.Any(asked.Contains))).Distinct()];
        foreach (var email in acts.SelectMany(act => act.Emails).Where(Emails.ContainsKey))
        {
            emails.TryAdd(email, Emails[email]);
        }

        var known = Conversations(emails.Values, complete: false);
        foreach (var id in members.Where(email => email.State.IsFounder)
            .Select(email => NamedId.OfConversation(Organization, email.Facts.Key)))
        {
            known.TryAdd(id, Facts(id, complete: false));
        }

        foreach (var (id, conversation) in facts.Conversations)
        {
            known[id] = conversation;
        }

        foreach (var id in conversations)
        {
            // What was read before and has changed meanwhile keeps its version: what is decided on the mixture does not count.
            known[id] = known.GetValueOrDefault(id, Facts(id, complete: true)) with { IsComplete = true };
        }

        return facts with { Keys = keys, Emails = emails, Conversations = known, Acts = acts };
    }

    /// <returns>False for a conflict: nothing was written.</returns>
    public bool Commit(TrackingChange change, ImmutableArray<Sighting> sightings)
    {
        if (change.IsEmpty)
        {
            return true;
        }

        if (!Holds(change))
        {
            return false;
        }

        Writes++;
        var claimed = change.Keys
            .Where(key => (key.After.IsBorne && key.Before is not { IsBorne: true }) || key.Before?.Holder is null)
            .Where(key => key.After.Holder is not null)
            .Select(key => key.After.Key)
            .ToArray();
        foreach (var conversation in change.Conversations)
        {
            _conversations[conversation.Id] = (conversation.SeenVersion + 1, conversation.MergedInto, conversation.Stops);
        }

        foreach (var email in change.Emails)
        {
            Assert.Equal(email.Before?.Row ?? 0, email.After.Row);
            Emails[email.After.Facts.Key] = email.After with { Row = email.Before?.Row ?? ++_row };
            StoreParties(email);
        }

        foreach (var key in change.Keys)
        {
            _keys[key.After.Key] = key.After;
        }

        foreach (var key in change.ContestedKeys)
        {
            _keys[key] = _keys[key] with { IsContested = true };
        }

        foreach (var decision in change.Decisions)
        {
            Store(decision);
        }

        foreach (var place in claimed.SelectMany(key => _heard.GetValueOrDefault(key) ?? []))
        {
            Outbox.Add(place);
        }

        Acts.AddRange(change.Acts);
        if (!change.Touched.IsEmpty)
        {
            Changes.Add(new DirectoryChange(++DirectoryVersion, DateTimeOffset.UnixEpoch, change.Touched));
        }

        QueueItems.UnionWith(change.QueueItems);
        Create(change);
        foreach (var record in change.Records.Where(record => NewRecords.TryAdd(record.Reference, record)))
        {
            Save(new RecordFacts(record.Reference, IsActive: true, record.OwnerId, DateTimeOffset.UnixEpoch), record.Address);
        }

        Erase(change);
        Outbox.UnionWith(Decisions.Where(one => change.Again.Contains(one.Value.Decision.Email)).Select(one => one.Key));
        Outbox.ExceptWith(change.Decisions.Select(decision => decision.Sighting.Place));
        return true;
    }

    public Guid Resolve(Guid conversation) =>
        _conversations[conversation].MergedInto is { } into ? Resolve(into) : conversation;

    private bool Holds(TrackingChange change) =>
        change.Conversations.All(one => one.SeenVersion == 0
            ? !_conversations.ContainsKey(one.Id)
            : _conversations[one.Id].Version == one.SeenVersion) &&
        change.Keys.All(key => Equals(key.Before is null ? null : key.Before with { IsContested = false }, Standing(key.After.Key))) &&
        change.Emails.All(email => email.Before is not null || !Emails.ContainsKey(email.After.Facts.Key)) &&
        change.Emails.All(email => email.Before is not null || Acts.Count(act => act.Emails.Contains(email.After.Facts.Key)) == email.ActsSeen) &&
        !change.Unknown.Any(Emails.ContainsKey) &&
        change.Decisions.All(decision => decision.Replaces == Decisions.ContainsKey(decision.Sighting.Place)) &&
        change.Decisions.SelectMany(decision => decision.Heard).All(Waits);

    private KeyFacts? Standing(MessageKey key) =>
        _keys.TryGetValue(key, out var facts) ? facts with { IsContested = false } : null;

    private bool Waits(Claim claim) => !_keys.TryGetValue(claim.Key, out var facts) ||
        (claim.Kind == ClaimKind.ThreadIndex ? facts.Holder is null : !facts.IsBorne);

    private void Store(SightingDecision decision)
    {
        var place = decision.Sighting.Place;
        Decisions[place] = (decision, decision.Sighting);
        foreach (var places in _heard.Values)
        {
            places.Remove(place);
        }

        foreach (var key in decision.Heard.Select(claim => claim.Key))
        {
            _keys.TryAdd(key, new KeyFacts(key, null, false, false, false));
            (_heard.TryGetValue(key, out var places) ? places : _heard[key] = []).Add(place);
        }
    }

    private Dictionary<Guid, ConversationFacts> Conversations(IEnumerable<KnownEmail> emails, bool complete) => emails
        .Select(email => email.State.ConversationId)
        .Distinct()
        .ToDictionary(id => id, id => Facts(id, complete));

    private ConversationFacts Facts(Guid id, bool complete) => new(id, _conversations[id].Version, complete, _conversations[id].Stops);

    private static IEnumerable<MessageKey> IdsOf(KnownEmail email) =>
        email.Facts.Claims.Select(claim => claim.Key).Append(email.Facts.IdKey);
}
