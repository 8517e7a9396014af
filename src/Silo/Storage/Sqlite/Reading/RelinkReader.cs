using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Finds emails whose parties may be others today, and reads what resolving them anew may ask.</summary>
internal static class RelinkReader
{
    private const string Unlinked = """
        select distinct p.email_id from json_each($2) k
        cross join activity_party p on p.address = k.value and p.email_id > $4
        cross join email e on e.id = p.email_id and e.org = $1 and e.directory_version < $3
        order by p.email_id limit $5
        """;

    private const string Parties = """
        select p.email_id, p.participation, p.address, p.name, p.record_table, p.record_id
        from json_each($1) k cross join activity_party p on p.email_id = k.value
        order by p.email_id, p.ordinal
        """;

    private const string Traces = """
        select e.id, e.party_trace from json_each($1) k cross join email e on e.id = k.value and e.party_trace is not null
        """;

    /// <summary>The row numbers of emails that have not seen a change, ascending.</summary>
    public static ImmutableArray<long> Find(SqliteSession session, long org, DirectoryChange change, long after, int countMax) =>
    [
        .. session.Query(
            Unlinked,
            row => row.GetInt64(0),
            org,
            Values.Many(change.Addresses.Select(address => address.Value)),
            change.Version,
            after,
            countMax),
    ];

    /// <summary>Everything that resolving the parties of some emails anew may ask.</summary>
    public static RelinkFacts Read(SqliteSession session, long org, ImmutableArray<long> rows)
    {
        var (settings, version) = FactsReader.ReadSettingsAndVersion(session, org);
        var emails = StoredEmails.Read(session, org, rows).OrderBy(email => email.Email.Row).ToArray();
        var ids = Values.Many(emails.Select(email => email.Email.Row));
        var parties = session.Query(
            Parties,
            row => (Email: row.GetInt64(0), Party: new ActivityParty(
                new Participant((ParticipationType)row.GetInt32(1), row.AddressOrNull(2), row.GetString(3)), row.Record(4))),
            ids)
            .ToLookup(row => row.Email, row => row.Party);
        var traces = session.Query(Traces, row => (Email: row.GetInt64(0), Trace: TraceJson.Read(row.GetString(1))), ids)
            .ToDictionary(row => row.Email, row => row.Trace);
        var mailboxes = StoredMailboxes.Read(
            session, org, emails.Select(email => email.Email.State.Accepting?.Mailbox.Value).OfType<string>().Distinct(StringComparer.Ordinal))
            .ToDictionary(mailbox => mailbox.Address);
        var addresses = settings.LookedUp(parties.SelectMany(email => email).Select(party => party.Participant.Address)
            .Concat(emails.Select(email => email.Email.Sender))
            .OfType<EmailAddress>()
            .Concat(mailboxes.Keys))
            .Select(address => address.Value);
        return new RelinkFacts(
            new TrackingSnapshot
            {
                Settings = settings,
                DirectoryVersion = version,
                Mailboxes = mailboxes,
                Directory = ResolvedRecords.Read(session, org, addresses),
                Related = settings.Parties.RegardingFromSender == RegardingFromSender.Link
                    ? RelatedRecords.Read(
                        session, org, [.. settings.LookedUp(emails.Select(email => email.Email.Sender).OfType<EmailAddress>()).Select(address => address.Value)])
                    : [],
                Emails = emails.ToDictionary(email => email.Email.Facts.Key, email => email.Email),
                Acts = StoredActs.Read(session, org, emails.Select(email => email.Email.Facts.Key)),
                Conversations = emails.Select(email => email.Facts).DistinctBy(conversation => conversation.Id)
                    .ToDictionary(conversation => conversation.Id),
            },
            [
                .. emails.Select(email => new StoredParties(
                    email.Email.Facts.Key, [.. parties[email.Email.Row]], traces.GetValueOrDefault(email.Email.Row, []))),
            ]);
    }
}
