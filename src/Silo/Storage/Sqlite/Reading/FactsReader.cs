using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Reads what deciding a batch may ask.</summary>
internal static class FactsReader
{
    /// <summary>Mail that carries one token that is looked at: an outsider can make any number of it.</summary>
    private const string SharersMax = "256";

    private const string Settings = """
        select s.version, s.body, o.directory_version
        from organization o left join setting s on s.org = o.id and s.version = (select max(x.version) from setting x where x.org = $1)
        where o.id = $1
        """;

    // The emails that the sightings may be copies of: their ids, senders and mailboxes count as if the batch named them.
    private const string Copies = """
        select e.id, e.accepting_mailbox from json_each($2) k cross join email e on e.org = $1 and e.key = unhex(k.value)
        """;

    private const string Carriers = $"""
        select e.id, e.id_key from email e where e.org = $1 and e.tracking_token = $2 order by e.id desc limit {SharersMax}
        """;

    private const string DecisionColumns =
        "m.address, s.folder, s.item, s.email_key, s.folder_kind, s.outcome, s.reason, s.content_hash, coalesce(s.seen_on, s.decided_on)";

    private const string DecisionsByEmail = $"""
        select {DecisionColumns}
        from json_each($2) k
        cross join sighting s on s.org = $1 and s.email_key = unhex(k.value)
        cross join mailbox m on m.id = s.mailbox_id
        """;

    private const string DecisionByPlace = $"""
        select {DecisionColumns}
        from mailbox m cross join sighting s on s.mailbox_id = m.id and s.folder = $3 and s.item = $4
        where m.org = $1 and m.address = $2
        """;

    public static TrackingSnapshot Read(SqliteSession session, long org, ImmutableArray<Sighting> sightings)
    {
        var (settings, version) = ReadSettingsAndVersion(session, org);
        var asked = new AskedFacts(sightings, settings);
        var copies = session.Query(
            Copies, row => (Id: row.GetInt64(0), Mailbox: row.Text(1)), org, Values.Many(asked.Copies));
        var carriers = asked.Tokens
            .SelectMany(token => session.Query(Carriers, row => (Id: row.GetInt64(0), IdKey: row.Key(1)), org, token))
            .ToList();
        MessageKey[] ids =
        [
            .. asked.Ids
                .Concat(StoredKeys.ReadNamed(session, [.. copies.Select(copy => copy.Id)]))
                .Concat(carriers.Select(carrier => carrier.IdKey))
                .Distinct(),
        ];
        var keys = StoredKeys.Read(session, org, ids);
        long[] found =
        [
            .. copies.Select(copy => copy.Id)
                .Concat(carriers.Select(carrier => carrier.Id))
                .Concat(StoredKeys.ReadBearers(session, org, ids))
                .Concat(StoredKeys.ReadVariants(session, org, ids))
                .Concat(keys.Select(key => key.Holder).OfType<long>())
                .Distinct(),
        ];
        var emails = StoredEmails.Read(session, org, found);
        string[] others =
        [
            .. copies.Select(copy => copy.Mailbox).OfType<string>().Concat(StoredMailboxes.ReadAliased(session, org, asked.Recipients)).Distinct(),
        ];
        var snapshot = new TrackingSnapshot
        {
            Settings = settings,
            Mailboxes = StoredMailboxes
                .Read(session, org, asked.Mailboxes.Concat(asked.Recipients).Concat(others).Distinct())
                .ToDictionary(mailbox => mailbox.Address),
            Directory = ResolvedRecords.Read(
                session, org, asked.Addresses.Concat(others)
                    .Concat(settings.LookedUp(emails.Select(email => email.Email.Sender).OfType<EmailAddress>()).Select(address => address.Value))
                    .Distinct()),
            DirectoryVersion = version,
            Related = RelatedRecords.Read(session, org, asked.Senders),
            Keys = keys.ToDictionary(key => key.Facts.Key, key => key.Facts),
            Emails = emails.ToDictionary(email => email.Email.Facts.Key, email => email.Email),
            Conversations = emails
                .Select(email => email.Facts)
                .DistinctBy(conversation => conversation.Id)
                .ToDictionary(conversation => conversation.Id),
            Decisions = [.. ReadDecisions(session, org, asked)],
            Tokens = asked.ByToken(emails.Select(email => email.Email)),
            Acts = [.. StoredActs.Read(session, org, asked.Copies)],
        };
        return StoredRules.Widen(session, org, snapshot, asked);
    }

    /// <summary>The settings in force.</summary>
    public static TrackingSettings ReadSettings(SqliteSession session, long org) => ReadSettingsAndVersion(session, org).Settings;

    /// <summary>The settings in force, and the version of the directory.</summary>
    public static (TrackingSettings Settings, long DirectoryVersion) ReadSettingsAndVersion(SqliteSession session, long org) => session
        .Query(
            Settings,
            row => (row.IsDBNull(0) ? new TrackingSettings() : SettingsJson.Read(row.GetInt64(0), row.GetString(1)), row.GetInt64(2)),
            org)
        .DefaultIfEmpty((new TrackingSettings(), 0))
        .First();

    private static IEnumerable<StandingDecision> ReadDecisions(SqliteSession session, long org, AskedFacts asked) => session
        .Query(DecisionsByEmail, Decision, org, Values.Many(asked.Copies))
        .Concat(asked.Sightings
            .Select(sighting => sighting.Place)
            .Distinct()
            .SelectMany(place => session.Query(DecisionByPlace, Decision, org, place.Mailbox, place.Folder, place.Item)))
        .DistinctBy(decision => decision.Place);

    private static StandingDecision Decision(SqliteDataReader row) => new(
        row.Place(0), row.Key(3), (FolderKind)row.GetInt32(4), (Outcome)row.GetInt32(5), (ReasonCode)row.GetInt32(6), row.Hash(7))
    {
        SeenOn = row.Time(8),
    };
}
