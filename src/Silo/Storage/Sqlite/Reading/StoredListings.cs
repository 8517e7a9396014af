using System.Collections.Immutable;
using System.Text.Json;
using EmailTracking.Listing;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>What hangs on emails that are to be listed.</summary>
internal static class StoredListings
{
    // What the record became that an email is about, as where it is shown; and the two customers above that.
    private const string Emails = """
        select e.id, e.left_out is null and not e.is_withheld, e.sent_on, e.received_on, e.subject, e.content_hash,
            e.correlation_method, e.is_outgoing, e.owner_id, x.position, x.lists,
            coalesce(f2.successor_table, f1.successor_table, e.regarding_table), coalesce(f2.successor_id, f1.successor_id, e.regarding_id),
            r.owner_id, r.customer_table, r.customer_id, c.customer_table, c.customer_id, e.key, e.admission
        from json_each($2) k
        cross join email e on e.id = k.value and e.org = $1
        left join listed_email x on x.email_id = e.id
        left join record f1 on f1.org = e.org and f1.logical_name = e.regarding_table and f1.id = e.regarding_id
        left join record f2 on f2.org = e.org and f2.logical_name = f1.successor_table and f2.id = f1.successor_id
        left join record r on r.org = e.org and r.logical_name = coalesce(f2.successor_table, f1.successor_table, e.regarding_table)
            and r.id = coalesce(f2.successor_id, f1.successor_id, e.regarding_id)
        left join record c on c.org = e.org and c.logical_name = r.customer_table and c.id = r.customer_id
        """;

    private const string Mailboxes = """
        select distinct e.id, m.address from json_each($2) k
        cross join email e on e.id = k.value
        cross join sighting s on s.org = $1 and s.email_key = e.key
        cross join mailbox m on m.id = s.mailbox_id
        """;

    private const string Queues = """
        select q.email_id, q.queue_id from json_each($2) k cross join queue_item q on q.email_id = k.value where q.org = $1
        """;

    private const string Parties = """
        select p.email_id, p.address, p.name, p.record_table, p.record_id, r.customer_table, r.customer_id
        from json_each($2) k
        cross join activity_party p on p.email_id = k.value
        left join record r on r.org = $1 and r.logical_name = p.record_table and r.id = p.record_id
        order by p.email_id, p.ordinal
        """;

    public static ImmutableArray<ListedFacts> Read(SqliteSession session, long org, IEnumerable<long> emails)
    {
        var rows = Values.Many(emails);
        var mailboxes = session.Query(Mailboxes, row => (Row: row.GetInt64(0), Mailbox: row.Address(1)), org, rows)
            .ToLookup(row => row.Row, row => row.Mailbox);
        var queues = session.Query(Queues, row => (Row: row.GetInt64(0), Queue: row.Id(1)), org, rows)
            .ToLookup(row => row.Row, row => row.Queue);
        var parties = session.Query(
            Parties,
            row => (Row: row.GetInt64(0), Party: new ListedParty(row.AddressOrNull(1), row.GetString(2), row.Record(3), row.Record(5))),
            org,
            rows)
            .ToLookup(row => row.Row, row => row.Party);
        return
        [
            .. session.Query(Emails, Email, org, rows).Select(email => email with
            {
                Mailboxes = [.. mailboxes[email.Row]], Queues = [.. queues[email.Row]], Parties = [.. parties[email.Row]],
            }),
        ];
    }

    private static ListedFacts Email(SqliteDataReader row) => new()
    {
        Row = row.GetInt64(0),
        Key = row.Key(18),
        IsShown = row.Flag(1),
        SentOn = row.TimeOrNull(2),
        ReceivedOn = row.Time(3),
        Subject = row.GetString(4),
        ContentHash = row.Hash(5),
        Method = (CorrelationMethod)row.GetInt32(6),
        IsOutgoing = row.Flag(7),
        IsHeld = (Admission)row.GetInt32(19) == Admission.Held,
        Owner = row.IsDBNull(8) ? null : row.Id(8),
        Position = row.IsDBNull(9) ? null : row.GetInt64(9),
        Lists = row.IsDBNull(10) ? [] : [.. JsonSerializer.Deserialize<Guid[]>(row.GetString(10))!],
        Regarding = [.. new[] { row.Record(11), row.Record(14), row.Record(16) }.OfType<RecordReference>()],
        RegardingOwner = row.IsDBNull(13) ? null : row.Id(13),
    };
}
