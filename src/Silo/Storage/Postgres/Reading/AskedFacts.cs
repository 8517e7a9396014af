using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>What a batch of sightings asks for, as parameters.</summary>
internal sealed class AskedFacts
{
    private readonly int _org;
    private readonly ImmutableArray<Sighting> _sightings;
    private readonly MessageKey[] _copies;
    private readonly MessageKey[] _ids;
    private readonly string[] _addresses;
    private readonly string[] _recipients;
    private readonly string[] _senders;
    private readonly string[] _tokens;

    public AskedFacts(int org, ImmutableArray<Sighting> sightings, TrackingSettings settings)
    {
        _org = org;
        _sightings = sightings;

        // A sighting shows the email that bears its id, the variant that its content makes, or what their sender kept of them: no other.
        _copies = [.. sightings.SelectMany(sighting => Identity.KeysOf(sighting.Facts)).Distinct()];
        _ids =
        [
            .. sightings
                .SelectMany(sighting => sighting.Facts.Thread.Claims.Select(claim => claim.Key).Append(sighting.Facts.Thread.IdKey))
                .Distinct(),
        ];
        _addresses =
        [
            .. settings.LookedUp(sightings
                .SelectMany(sighting => sighting.Facts.Participants.Append(sighting.Facts.ForwardedFrom))
                .Select(participant => participant?.Address)
                .OfType<EmailAddress>()
                .Concat(sightings.Select(sighting => sighting.Place.Mailbox)))
                .Select(address => address.Value),
        ];
        _recipients = settings.Acceptance.AsksSyncingMailboxOnly ? [] :
        [
            .. settings.LookedUp(sightings
                .SelectMany(sighting => sighting.Facts.Recipients)
                .Select(recipient => recipient.Address)
                .OfType<EmailAddress>())
                .Select(address => address.Value),
        ];
        _senders =
        [
            .. settings.LookedUp(sightings.Select(sighting => sighting.Facts.Sender).OfType<EmailAddress>()).Select(address => address.Value),
        ];
        _tokens =
        [
            .. sightings
                .SelectMany(sighting => TrackingTokens.In(sighting.Facts.Subject, settings.PrefixesInUse()))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    public NpgsqlParameter Org() => Value(_org);

    public NpgsqlParameter Copies() => Keys(_copies, key => key);

    public NpgsqlParameter Ids() => Keys(_ids, key => key);

    public NpgsqlParameter Tokens() => Column(_tokens, NpgsqlDbType.Text, token => token);

    public NpgsqlParameter Addresses() => Column(_addresses, NpgsqlDbType.Text, address => address);

    public NpgsqlParameter Senders() => Column(_senders, NpgsqlDbType.Text, address => address);

    public NpgsqlParameter MailboxAddresses()
    {
        string[] mailboxes = [.. _sightings.Select(sighting => sighting.Place.Mailbox.Value).Distinct(StringComparer.Ordinal)];
        return Column(mailboxes, NpgsqlDbType.Text, mailbox => mailbox);
    }

    public NpgsqlParameter RecipientAddresses() => Column(_recipients, NpgsqlDbType.Text, address => address);

    public NpgsqlParameter[] Places() =>
    [
        Column(_sightings, NpgsqlDbType.Text, sighting => sighting.Place.Mailbox.Value),
        Column(_sightings, NpgsqlDbType.Text, sighting => sighting.Place.Folder),
        Column(_sightings, NpgsqlDbType.Text, sighting => sighting.Place.Item),
    ];

    /// <summary>Which of the emails carry which of the tokens.</summary>
    public Dictionary<string, ImmutableArray<MessageKey>> ByToken(IEnumerable<KnownEmail> emails) => emails
        .Where(email => email.TrackingToken is { } token && _tokens.Contains(token))
        .GroupBy(email => email.TrackingToken!, email => email.Facts.Key)
        .ToDictionary(group => group.Key, group => group.Order().ToImmutableArray());
}
