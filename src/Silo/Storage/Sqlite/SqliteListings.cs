using System.Collections.Immutable;
using System.Text.Json;
using EmailTracking.Listing;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Silo.Storage.Sqlite.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The lists and the search index in the database file.</summary>
internal sealed class SqliteListings(SqliteReaders readers, SqliteNames names, SqliteWriter writer) : IListings
{
    private const string Due = "select d.id, d.email_id from listing_due d where d.org = $1 order by d.id limit $2";

    /// <inheritdoc/>
    public async Task<int> ListDueAsync(
        string organization,
        int countMax,
        Func<ImmutableArray<ListedFacts>, CancellationToken, Task<ImmutableArray<ListedEmail>>> list,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(list);

        // One moment: what is written after it leaves another note.
        var (due, facts) = await readers.ReadAsync(
            session =>
            {
                var org = names.Read(session, organization);
                var notes = session.Query(Due, row => (Id: row.GetInt64(0), Email: row.GetInt64(1)), org, countMax);
                return (notes, StoredListings.Read(session, org, notes.Select(note => note.Email).Distinct()));
            },
            cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }

        var listed = await list(facts, cancellationToken);
        return await writer.EditAsync(
            session =>
            {
                ListingWrites.Write(session, names.Ensure(session, organization), listed, due);
                return due.Count;
            },
            cancellationToken);
    }

    // $1 the list that is walked, $2 the lists of which one must hold the email as well (null: none), $3 from, $4 before, $5 how many.
    private const string Walk = """
        select l.position, e.key from listing l cross join email e on e.id = l.email_id
        where l.list_id = $1 and l.position >= $3 and l.position < $4 and ($2 is null or exists (
            select 1 from json_each($2) v cross join listing o on o.list_id = unhex(v.value) and o.position = l.position))
        order by l.position desc limit $5
        """;

    private const string Search = """
        select t.rowid, e.key from email_terms t
        cross join listed_email x on x.position = t.rowid
        cross join email e on e.id = x.email_id
        where t.email_terms match $1 and t.rowid >= $2 and t.rowid < $3 and x.org = $5
        order by t.rowid desc limit $4
        """;

    private const string Count = """
        select count(*) from (
            select 1 from email_terms t cross join listed_email x on x.position = t.rowid
            where t.email_terms match $1 and t.rowid >= $2 and t.rowid < $3 and x.org = $5 limit $4)
        """;

    /// <inheritdoc/>
    public Task<ListPage> ReadAsync(string organization, ListQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Visible.IsEmpty ? Task.FromResult(ListPage.Empty) : readers.ReadAsync(Read, cancellationToken);

        ListPage Read(SqliteSession session)
        {
            var org = names.Read(session, organization);
            var (from, before) = query.Range;
            var countMax = Math.Clamp(query.CountMax, 1, ListQuery.PageMax);
            var terms = SearchSql.Of(query.Terms(organization));
            var found = query.IsByListsAlone
                ? Walked(session, from, before, countMax + 1)
                : session.Query(Search, row => (Position: row.GetInt64(0), Key: row.Key(1)), terms, from, before, countMax + 1, org);
            return new ListPage(
                EmailRowsReader.Read(session, organization, org, [.. found.Take(countMax).Select(row => row.Key)]),
                found.Count > countMax ? found[countMax - 1].Position : null,
                query.WithCount ? Counted(session, org, terms) : null);
        }

        int Counted(SqliteSession session, long org, string terms)
        {
            var (from, before) = (query with { Before = null }).Range;
            return query.IsByListsAlone
                ? Walked(session, from, before, ListQuery.CountedMax).Count
                : (int)session.Number(Count, terms, from, before, ListQuery.CountedMax, org)!.Value;
        }

        List<(long Position, MessageKey Key)> Walked(SqliteSession session, long from, long before, int countMax)
        {
            var seesAll = query.SeesAll(organization);
            var lists = !query.Within.IsEmpty ? query.Within : seesAll ? [EmailLists.Everything(organization)] : query.Visible;
            var others = query.Within.IsEmpty || seesAll ? null : Values.Many(query.Visible);
            return
            [
                .. lists.SelectMany(list => session.Query(
                    Walk, row => (Position: row.GetInt64(0), Key: row.Key(1)), list, others, from, before, countMax))
                    .DistinctBy(row => row.Position).OrderByDescending(row => row.Position).Take(countMax),
            ];
        }
    }

    private const string OwnedMailboxes = """
        select m.address from json_each($2) k cross join mailbox m on m.owner_id = unhex(k.value) and m.org = $1
        """;

    private const string OwnedQueues = """
        select r.id from json_each($2) k
        cross join record r on r.owner_id = unhex(k.value) and r.org = $1 and r.logical_name = 'queue' and r.deleted_on is null
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<Guid>> ReadOwnedAsync(
        string organization, ImmutableArray<Guid> members, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var queues = session.Query(OwnedQueues, row => row.Id(0), org, Values.Many(members));
            return session.Query(OwnedMailboxes, row => row.Address(0), org, Values.Many(members.Concat(queues)))
                .Select(mailbox => EmailLists.OfMailbox(organization, mailbox))
                .Concat(queues.Select(queue => EmailLists.OfQueue(organization, queue)))
                .ToImmutableArray();
        },
        cancellationToken);

    private const string Standing = """
        select e.key, x.lists from json_each($2) k
        cross join email e on e.org = $1 and e.key = unhex(k.value)
        cross join listed_email x on x.email_id = e.id
        """;

    /// <inheritdoc/>
    public Task<ImmutableDictionary<MessageKey, ImmutableArray<Guid>>> ReadListsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(
            Standing,
            row => (Email: row.Key(0), Lists: JsonSerializer.Deserialize<ImmutableArray<Guid>>(row.GetString(1))),
            names.Read(session, organization),
            Values.Many(emails))
            .ToImmutableDictionary(row => row.Email, row => row.Lists),
        cancellationToken);
}
