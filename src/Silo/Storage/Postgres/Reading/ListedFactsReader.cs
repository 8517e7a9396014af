using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>What hangs on emails that are to be listed.</summary>
internal static class ListedFactsReader
{
    // $1 organization, $2 rows. What the record became that an email is about, as where it is shown; and the two customers above that.
    private const string Emails = """
        select e.id, e.left_out is null and not e.is_withheld, e.sent_on, e.received_on, e.subject, e.content_hash,
            e.correlation_method, e.is_outgoing, e.owner_id, x.position, x.lists,
            r.logical_name, r.id, r.owner_id, r.customer_table, r.customer_id, c.customer_table, c.customer_id, e.key, e.admission
        from unnest($2::bigint[]) u(id)
        join email e on e.id = u.id and e.org = $1
        left join listed_email x on x.email_id = e.id
        left join lateral (
            select y.* from record y where y.org = $1 and y.id = e.regarding_id and y.logical_name = e.regarding_table offset 0
        ) f1 on true
        left join lateral (
            select y.* from record y where y.org = $1 and y.id = f1.successor_id and y.logical_name = f1.successor_table offset 0
        ) f2 on true
        left join lateral (
            select coalesce(f2.successor_table, f1.successor_table, e.regarding_table) as logical_name,
                coalesce(f2.successor_id, f1.successor_id, e.regarding_id) as id
        ) t on true
        left join lateral (
            select t.logical_name, t.id, y.owner_id, y.customer_table, y.customer_id
            from (select) one left join record y on y.org = $1 and y.id = t.id and y.logical_name = t.logical_name
            where t.id is not null offset 0
        ) r on true
        left join lateral (
            select y.* from record y where y.org = $1 and y.id = r.customer_id and y.logical_name = r.customer_table offset 0
        ) c on true
        """;

    private const string Mailboxes = """
        select distinct e.id, m.address from unnest($2::bigint[]) u(id)
        join email e on e.id = u.id
        cross join lateral (select x.mailbox_id from sighting x where x.email_key = e.key and x.org = $1 offset 0) s
        join mailbox m on m.id = s.mailbox_id
        """;

    private const string Queues = "select q.email_id, q.queue_id from queue_item q where q.org = $1 and q.email_id = any($2)";

    private const string Parties = """
        select p.email_id, p.address, p.name, p.record_table, p.record_id, r.customer_table, r.customer_id
        from unnest($2::bigint[]) u(id)
        cross join lateral (select x.* from activity_party x where x.email_id = u.id offset 0) p
        left join lateral (
            select x.customer_table, x.customer_id from record x
            where x.org = $1 and x.id = p.record_id and x.logical_name = p.record_table offset 0
        ) r on true
        order by p.email_id, p.ordinal
        """;

    public static async Task<ImmutableArray<ListedFacts>> ReadAsync(
        NpgsqlConnection connection, int org, long[] rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { Mailboxes, Queues, Parties, Emails })
        {
            batch.Add(sql, Value(org), Column(rows, NpgsqlDbType.Bigint, row => row));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var mailboxes = await NextAsync(row => (Row: row.GetInt64(0), Mailbox: Rows.Address(row, 1)!.Value));
        var queues = await NextAsync(row => (Row: row.GetInt64(0), Queue: row.GetGuid(1)));
        var parties = await NextAsync(row => (
            Row: row.GetInt64(0), Party: new ListedParty(Rows.Address(row, 1), row.GetString(2), Rows.Record(row, 3), Rows.Record(row, 5))));
        var emails = await Rows.AllAsync(reader, Email).ToListAsync(cancellationToken);
        var (seen, queued, taking) = (
            mailboxes.ToLookup(row => row.Row, row => row.Mailbox),
            queues.ToLookup(row => row.Row, row => row.Queue),
            parties.ToLookup(row => row.Row, row => row.Party));
        return
        [
            .. emails.Select(email => email with
            {
                Mailboxes = [.. seen[email.Row]], Queues = [.. queued[email.Row]], Parties = [.. taking[email.Row]],
            }),
        ];

        async Task<List<T>> NextAsync<T>(Func<NpgsqlDataReader, T> row)
        {
            var all = await Rows.AllAsync(reader, row).ToListAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return all;
        }
    }

    private static ListedFacts Email(NpgsqlDataReader row) => new()
    {
        Row = row.GetInt64(0),
        Key = Rows.Key(row, 18),
        IsShown = row.GetBoolean(1),
        SentOn = Rows.TimeOrNull(row, 2),
        ReceivedOn = Rows.Time(row, 3),
        Subject = row.GetString(4),
        ContentHash = Rows.Hash(row, 5),
        Method = (CorrelationMethod)row.GetInt16(6),
        IsOutgoing = row.GetBoolean(7),
        IsHeld = (Admission)row.GetInt16(19) == Admission.Held,
        Owner = row.IsDBNull(8) ? null : row.GetGuid(8),
        Position = row.IsDBNull(9) ? null : row.GetInt64(9),
        Lists = row.IsDBNull(10) ? [] : [.. row.GetFieldValue<Guid[]>(10)],
        Regarding = [.. new[] { Rows.Record(row, 11), Rows.Record(row, 14), Rows.Record(row, 16) }.OfType<RecordReference>()],
        RegardingOwner = row.IsDBNull(13) ? null : row.GetGuid(13),
    };
}
