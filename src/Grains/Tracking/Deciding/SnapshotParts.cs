using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>A snapshot that was read for many sightings, cut into the parts that few of them need: what travels with a call stays small.</summary>
/// <param name="whole">The snapshot.</param>
public sealed class SnapshotParts(TrackingSnapshot whole)
{
    private readonly ILookup<MessageKey, KnownEmail> _byId = whole.Emails.Values.ToLookup(email => email.Facts.IdKey);
    private readonly ILookup<MessageKey, StandingDecision> _byEmail = whole.Decisions.ToLookup(decision => decision.Email);
    private readonly ILookup<SightingPlace, StandingDecision> _byPlace = whole.Decisions.ToLookup(decision => decision.Place);
    private readonly ILookup<MessageKey, Act> _acts =
        whole.Acts.SelectMany(act => act.Emails.Distinct().Select(email => (email, act))).ToLookup(one => one.email, one => one.act);

    /// <summary>The part that these sightings need.</summary>
    public TrackingSnapshot For(ImmutableArray<Sighting> sightings)
    {
        var ids = sightings
            .SelectMany(sighting => sighting.Facts.Thread.Claims.Select(claim => claim.Key).Append(sighting.Facts.Thread.IdKey))
            .ToHashSet();
        var copies = sightings.SelectMany(sighting => Identity.KeysOf(sighting.Facts)).ToArray();

        // A copy may name less than the email that it shows.
        ids.UnionWith(sightings
            .SelectMany(sighting => _byId[sighting.Facts.Thread.IdKey])
            .SelectMany(email => email.Facts.Claims)
            .Select(claim => claim.Key)
            .ToArray());
        var tokens = whole.Tokens.Count == 0 ? [] : sightings
            .SelectMany(sighting => TrackingTokens.In(sighting.Facts.Subject, whole.Settings.PrefixesInUse()))
            .Distinct()
            .Where(whole.Tokens.ContainsKey)
            .ToDictionary(token => token, token => whole.Tokens[token]);
        ids.UnionWith(tokens.Values.SelectMany(emails => emails).Select(email => whole.Emails[email].Facts.IdKey));
        var keys = ids.Where(whole.Keys.ContainsKey).ToDictionary(key => key, key => whole.Keys[key]);
        var emails = ids.SelectMany(id => _byId[id])
            .Concat(keys.Values.Select(key => key.Holder).OfType<MessageKey>().Select(holder => whole.Emails[holder]))
            .DistinctBy(email => email.Facts.Key)
            .ToDictionary(email => email.Facts.Key);
        var people = whole.Settings.LookedUp(sightings
            .SelectMany(sighting => sighting.Facts.Participants.Append(sighting.Facts.ForwardedFrom).Select(one => one?.Address))
            .Concat(emails.Values.Select(email => email.Sender))
            .Concat(emails.Values.Select(email => email.State.Accepting?.Mailbox))
            .OfType<EmailAddress>()
            .Concat(sightings.Select(sighting => sighting.Place.Mailbox)));
        var directory = people.Where(whole.Directory.ContainsKey).ToDictionary(address => address, address => whole.Directory[address]);
        var mailboxes = MailboxesOf(sightings, emails.Values, people.ToHashSet(), directory);

        // Whose a queue is stands by its mailbox's address.
        foreach (var address in mailboxes.Keys.Where(whole.Directory.ContainsKey))
        {
            directory[address] = whole.Directory[address];
        }

        return whole with
        {
            Mailboxes = mailboxes,
            Directory = directory,
            Related = whole.Related.Count == 0
                ? whole.Related
                : directory.Values.SelectMany(records => records).Select(record => record.Reference).Distinct()
                    .Where(whole.Related.ContainsKey)
                    .ToDictionary(record => record, record => whole.Related[record]),
            Keys = keys,
            Emails = emails,
            Conversations = emails.Values.Select(email => email.State.ConversationId).Distinct()
                .ToDictionary(id => id, id => whole.Conversations[id]),
            Decisions =
            [
                .. ids.Concat(copies).Concat(emails.Keys).Distinct().SelectMany(email => _byEmail[email])
                    .Concat(sightings.SelectMany(sighting => _byPlace[sighting.Place]))
                    .DistinctBy(decision => decision.Place),
            ],
            Rules = whole.Rules.IsEmpty ? [] : [.. whole.Rules.Where(rule => sightings.Any(sighting => sighting.Place.Mailbox == rule.Queue))],
            Tokens = tokens,
            Acts = [.. ids.Concat(copies).Concat(emails.Keys).SelectMany(email => _acts[email]).Distinct()],
        };
    }

    // Those where the mails lie, that accepted the emails, and that the people lead to.
    private Dictionary<EmailAddress, MailboxFacts> MailboxesOf(
        ImmutableArray<Sighting> sightings,
        IEnumerable<KnownEmail> emails,
        HashSet<EmailAddress> people,
        Dictionary<EmailAddress, ImmutableArray<RecordFacts>> directory)
    {
        var named = sightings.Select(sighting => sighting.Place.Mailbox)
            .Concat(emails.Select(email => email.State.Accepting?.Mailbox).OfType<EmailAddress>())
            .Concat(people)
            .ToHashSet();
        var owners = directory.Values.SelectMany(records => records).Select(record => record.Reference).ToHashSet();
        return whole.Mailboxes.Values
            .Where(mailbox => named.Contains(mailbox.Address) || (mailbox.Owner is { } owner && owners.Contains(owner)))
            .ToDictionary(mailbox => mailbox.Address);
    }
}
