using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>What a batch of sightings asks for.</summary>
internal sealed class AskedFacts(ImmutableArray<Sighting> sightings, TrackingSettings settings)
{
    public ImmutableArray<Sighting> Sightings => sightings;

    /// <summary>The emails that the sightings may be copies of: <see cref="Identity.KeysOf"/>.</summary>
    public MessageKey[] Copies { get; } = [.. sightings.SelectMany(sighting => Identity.KeysOf(sighting.Facts)).Distinct()];

    /// <summary>The ids that they bear or name.</summary>
    public HashSet<MessageKey> Ids { get; } =
    [
        .. sightings.SelectMany(
            sighting => sighting.Facts.Thread.Claims.Select(claim => claim.Key).Append(sighting.Facts.Thread.IdKey)),
    ];

    public HashSet<string> Addresses { get; } =
    [
        .. settings.LookedUp(sightings
            .SelectMany(sighting => sighting.Facts.Participants.Append(sighting.Facts.ForwardedFrom))
            .Select(participant => participant?.Address)
            .OfType<EmailAddress>()
            .Concat(sightings.Select(sighting => sighting.Place.Mailbox)))
            .Select(address => address.Value),
    ];

    /// <summary>The recipients' addresses, when their mailboxes are asked too.</summary>
    public HashSet<string> Recipients { get; } = settings.Acceptance.AsksSyncingMailboxOnly ? [] :
    [
        .. settings.LookedUp(sightings.SelectMany(sighting => sighting.Facts.Recipients).Select(one => one.Address).OfType<EmailAddress>())
            .Select(address => address.Value),
    ];

    /// <summary>The senders' addresses, when their open cases and opportunities are asked for.</summary>
    public string[] Senders { get; } = settings.AsksRelated
        ? [.. settings.LookedUp(sightings.Select(sighting => sighting.Facts.Sender).OfType<EmailAddress>()).Select(address => address.Value)]
        : [];

    public HashSet<string> Tokens { get; } =
        [.. sightings.SelectMany(sighting => TrackingTokens.In(sighting.Facts.Subject, settings.PrefixesInUse()))];

    public HashSet<string> Mailboxes { get; } = [.. sightings.Select(sighting => sighting.Place.Mailbox.Value)];

    /// <summary>Which of the emails carry which of the tokens.</summary>
    public Dictionary<string, ImmutableArray<MessageKey>> ByToken(IEnumerable<KnownEmail> emails) => emails
        .Where(email => email.TrackingToken is { } token && Tokens.Contains(token))
        .GroupBy(email => email.TrackingToken!, email => email.Facts.Key)
        .ToDictionary(group => group.Key, group => group.Order().ToImmutableArray());
}
