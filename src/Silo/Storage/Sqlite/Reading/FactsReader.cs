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

    private const string Settings = "select version, body from setting where org = $1 order by version desc limit 1";

    // The emails that the sightings may be copies of: their ids, senders and mailboxes count as if the batch named them.
    private const string Copies = """
        select e.id, e.accepting_mailbox from json_each($2) k cross join email e on e.org = $1 and e.key = unhex(k.value)
        """;

    private const string Carriers = $"""
        select e.id, e.id_key from email e where e.org = $1 and e.tracking_token = $2 order by e.id desc limit {SharersMax}
        """;

    // Records of tables that take no activities are nobody.
    private const string Directory = """
        select a.address, r.logical_name, r.id, r.is_active, r.owner_id, r.created_on
        from json_each($2) k
        cross join record_address a on a.org = $1 and a.address = k.value
        cross join record r on r.org = $1 and r.logical_name = a.logical_name and r.id = a.id
        where not exists (
            select 1 from crm_table t where t.org = $1 and t.logical_name = a.logical_name and t.is_activity_enabled = 0)
        order by a.address, r.logical_name, r.id
        """;

    private const string DecisionColumns =
        "m.address, s.folder, s.item, s.email_key, s.folder_kind, s.outcome, s.reason, s.content_hash";

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
        var settings = ReadSettings(session, org);
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
        return new TrackingSnapshot
        {
            Settings = settings,
            Mailboxes = StoredMailboxes
                .Read(
                    session,
                    org,
                    asked.Mailboxes.Concat(copies.Select(copy => copy.Mailbox).OfType<string>())
                        .Concat(asked.Recipients)
                        .Concat(StoredMailboxes.ReadAliased(session, org, asked.Recipients))
                        .Distinct())
                .ToDictionary(mailbox => mailbox.Address),
            Directory = ReadDirectory(
                session, org, asked.Addresses.Concat(emails.Select(email => email.Email.Sender?.Value).OfType<string>()).Distinct()),
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
    }

    /// <summary>The settings in force.</summary>
    public static TrackingSettings ReadSettings(SqliteSession session, long org) => session
        .Query(Settings, row => SettingsJson.Read(row.GetInt64(0), row.GetString(1)), org)
        .FirstOrDefault() ?? new TrackingSettings();

    private static Dictionary<EmailAddress, ImmutableArray<RecordFacts>> ReadDirectory(
        SqliteSession session, long org, IEnumerable<string> addresses) => session
        .Query(Directory, row => (Address: row.Address(0), Record: row.RecordFacts(1)), org, Values.Many(addresses))
        .GroupBy(row => row.Address, row => row.Record)
        .ToDictionary(group => group.Key, group => group.ToImmutableArray());

    private static IEnumerable<StandingDecision> ReadDecisions(SqliteSession session, long org, AskedFacts asked) => session
        .Query(DecisionsByEmail, Decision, org, Values.Many(asked.Copies))
        .Concat(asked.Sightings
            .Select(sighting => sighting.Place)
            .Distinct()
            .SelectMany(place => session.Query(DecisionByPlace, Decision, org, place.Mailbox, place.Folder, place.Item)))
        .DistinctBy(decision => decision.Place);

    private static StandingDecision Decision(SqliteDataReader row) => new(
        row.Place(0), row.Key(3), (FolderKind)row.GetInt32(4), (Outcome)row.GetInt32(5), (ReasonCode)row.GetInt32(6), row.Hash(7));
}
