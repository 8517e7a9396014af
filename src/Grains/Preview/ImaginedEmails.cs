using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>Emails in memory, by all that they are asked for.</summary>
internal sealed class ImaginedEmails
{
    private readonly Dictionary<MessageKey, KnownEmail> _byKey = [];
    private readonly MultiMap<MessageKey, MessageKey> _bearers = new();
    private readonly MultiMap<MessageKey, MessageKey> _claimers = new();
    private readonly MultiMap<Guid, MessageKey> _members = new();
    private readonly MultiMap<string, MessageKey> _carriers = new();

    public KnownEmail? Find(MessageKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>Those that bear an id: the first, and variants of it.</summary>
    public IEnumerable<KnownEmail> Bearing(MessageKey id) => _bearers[id].Select(key => _byKey[key]);

    /// <summary>Those that name an id.</summary>
    public IEnumerable<KnownEmail> Naming(MessageKey id) => _claimers[id].Select(key => _byKey[key]);

    public IEnumerable<KnownEmail> In(Guid conversation) => _members[conversation].Select(key => _byKey[key]);

    public IEnumerable<KnownEmail> Carrying(string token) => _carriers[token].Select(key => _byKey[key]);

    public void Put(KnownEmail email)
    {
        var key = email.Facts.Key;
        if (_byKey.TryGetValue(key, out var before))
        {
            _members.Remove(before.State.ConversationId, key);
            foreach (var claim in before.Facts.Claims)
            {
                _claimers.Remove(claim.Key, key);
            }
        }

        _byKey[key] = email;
        _bearers.Add(email.Facts.IdKey, key);
        _members.Add(email.State.ConversationId, key);
        foreach (var claim in email.Facts.Claims)
        {
            _claimers.Add(claim.Key, key);
        }

        if (email.TrackingToken is { } token)
        {
            _carriers.Add(token, key);
        }
    }
}
