using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Silo.Storage.Postgres.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The lists and the search index in PostgreSQL.</summary>
internal sealed partial class PostgresListings(PostgresSources sources, PostgresNames names) : IListings
{
    // Two silos at once would overwrite what the other has read later; this one goes on when that has ended.
    private const string Lock = "select pg_try_advisory_xact_lock(hashtext('emailtracking.listing'), $1)";

    private const string Due = "select d.id, d.email_id from listing_due d where d.org = $1 order by d.id limit $2";

    private const string Done = "delete from listing_due where id = any($1)";

    /// <inheritdoc/>
    public async Task<int> ListDueAsync(
        string organization,
        int countMax,
        Func<ImmutableArray<ListedFacts>, CancellationToken, Task<ImmutableArray<ListedEmail>>> list,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(list);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand(Lock, connection, transaction) { Parameters = { Value(org) } })
        {
            if (await take.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return 0;
            }
        }

        // The notes first: what is written after they were read leaves another one.
        var due = new List<(long Id, long Email)>();
        await using (var read = new NpgsqlCommand(Due, connection, transaction) { Parameters = { Value(org), Value(countMax) } })
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            due.AddRange(await Rows.AllAsync(reader, row => (row.GetInt64(0), row.GetInt64(1))).ToListAsync(cancellationToken));
        }

        if (due.Count == 0)
        {
            return 0;
        }

        var facts = await ListedFactsReader.ReadAsync(
            connection, org, [.. due.Select(note => note.Email).Distinct()], cancellationToken);
        await ListingWriter.WriteAsync(connection, org, await list(facts, cancellationToken), cancellationToken);
        await using (var done = new NpgsqlCommand(Done, connection, transaction))
        {
            done.Parameters.Add(Column(due, NpgsqlDbType.Bigint, note => note.Id));
            await done.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    private const string Owned = """
        with queue as (
            select r.id from record r where r.org = $1 and r.logical_name = 'queue' and r.owner_id = any($2) and r.deleted_on is null
        )
        select m.address, null::uuid from mailbox m
        where m.org = $1 and m.owner_id = any(array(select unnest($2::uuid[]) union select q.id from queue q))
        union all
        select null, q.id from queue q
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<Guid>> ReadOwnedAsync(
        string organization, ImmutableArray<Guid> members, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Owned, Value(org), Column(members, NpgsqlDbType.Uuid, member => member));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return
        [
            .. await Rows.AllAsync(reader, row => Rows.Address(row, 0) is { } mailbox
                ? EmailLists.OfMailbox(organization, mailbox)
                : EmailLists.OfQueue(organization, row.GetGuid(1))).ToListAsync(cancellationToken),
        ];
    }

    private const string Standing = """
        select e.key, x.lists from unnest($2::bytea[]) u(key)
        cross join lateral (select y.id, y.key from email y where y.org = $1 and y.key = u.key offset 0) e
        join listed_email x on x.email_id = e.id
        """;

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<MessageKey, ImmutableArray<Guid>>> ReadListsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Standing, Value(org), Keys(emails, email => email));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return (await Rows.AllAsync(reader, row => (Email: Rows.Key(row, 0), Lists: row.GetFieldValue<Guid[]>(1))).ToListAsync(cancellationToken))
            .ToImmutableDictionary(row => row.Email, row => row.Lists.ToImmutableArray());
    }
}
