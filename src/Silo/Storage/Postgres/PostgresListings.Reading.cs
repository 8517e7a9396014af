using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Silo.Storage.Postgres.Reading;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>What people ask of the lists.</content>
internal sealed partial class PostgresListings
{
    // So many of the newest are looked through before the search index is asked: what is found often is found among them.
    private const int NewestMax = 400;

    // $1 the lists that are walked, $2 the lists of which one must hold the email as well (null: none), $3 from, $4 before, $5 how many.
    private const string Walk = """
        select distinct w.position, w.email_id from unnest($1::uuid[]) u(list_id)
        cross join lateral (
            select l.position, l.email_id from listing l
            where l.list_id = u.list_id and l.position >= $3 and l.position < $4
                and ($2::uuid[] is null or exists (select from listing v where v.list_id = any($2) and v.position = l.position))
            order by l.position desc limit $5
        ) w
        order by w.position desc limit $5
        """;

    private const string List = $"select w.position, e.key from ({Walk}) w join email e on e.id = w.email_id order by w.position desc";

    private const string CountList = $"select count(*) from ({Walk}) w";

    // $6 the search, $7 how many of the newest are looked through.
    private const string SearchNewest = """
        select w.position, e.key from (
            select l.position, l.email_id from listing l
            where l.list_id = $1 and l.position >= $2 and l.position < $3 order by l.position desc limit $6
        ) w
        join listed_email x on x.email_id = w.email_id and x.terms @@ $5::tsquery
        join email e on e.id = w.email_id
        order by w.position desc limit $4
        """;

    private const string Found = """
        select x.position, x.email_id from listed_email x
        where x.org = $1 and x.terms @@ $5::tsquery and x.position >= $2 and x.position < $3
        """;

    private const string Search = $"""
        select w.position, e.key from ({Found} order by x.position desc limit $4) w join email e on e.id = w.email_id order by w.position desc
        """;

    private const string CountSearch = $"select count(*) from ({Found} limit $4) w";

    /// <inheritdoc/>
    public async Task<ListPage> ReadAsync(string organization, ListQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Visible.IsEmpty)
        {
            return ListPage.Empty;
        }

        var org = await names.OrganizationAsync(organization, cancellationToken);
        var (from, before) = query.Range;
        var countMax = Math.Clamp(query.CountMax, 1, ListQuery.PageMax);
        var terms = SearchSql.Of(query.Terms(organization));
        var found = query.IsByListsAlone
            ? await PairsAsync(List, [.. Lists(), Value(from), Value(before), Value(countMax + 1)])
            : await SearchAsync();
        ImmutableArray<Tracking.Mail.MessageKey> keys = [.. found.Take(countMax).Select(row => row.Key)];
        return new ListPage(
            await EmailRowsReader.ReadAsync(sources.Reads, organization, org, keys, cancellationToken),
            found.Count > countMax ? found[countMax - 1].Position : null,
            query.WithCount ? await CountAsync() : null);

        async Task<List<(long Position, Tracking.Mail.MessageKey Key)>> SearchAsync()
        {
            var newest = await PairsAsync(
                SearchNewest,
                [
                    Value(query.Within is [var one] ? one : EmailLists.Everything(organization)),
                    Value(from), Value(before), Value(countMax + 1), Value(terms), Value(NewestMax),
                ]);
            return newest.Count > countMax
                ? newest
                : await PairsAsync(Search, [Value(org), Value(from), Value(before), Value(countMax + 1), Value(terms)]);
        }

        async Task<int> CountAsync()
        {
            var start = query with { Before = null };
            await using var command = query.IsByListsAlone
                ? sources.Edits.Command(CountList, [.. Lists(), Value(from), Value(start.Range.Before), Value(ListQuery.CountedMax)])
                : sources.Edits.Command(CountSearch, Value(org), Value(from), Value(start.Range.Before), Value(ListQuery.CountedMax), Value(terms));
            return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        NpgsqlParameter[] Lists()
        {
            var walked = query.Within.IsEmpty ? query.Visible : query.Within;
            var isOneOf = !query.Within.IsEmpty && !query.SeesAll(organization);
            return
            [
                Column(query.Within.IsEmpty && query.SeesAll(organization) ? [EmailLists.Everything(organization)] : walked, NpgsqlDbType.Uuid, list => list),
                Value(isOneOf ? query.Visible.ToArray() : null, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            ];
        }

        async Task<List<(long Position, Tracking.Mail.MessageKey Key)>> PairsAsync(string sql, NpgsqlParameter[] parameters)
        {
            await using var command = sources.Edits.Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await Rows.AllAsync(reader, row => (row.GetInt64(0), Rows.Key(row, 1))).ToListAsync(cancellationToken);
        }
    }
}
