using System.Collections.Immutable;
using EmailTracking.Listing;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Writes where emails stand, and by what they are found.</summary>
internal static class ListingWriter
{
    // Two emails of one second whose rows end alike: each tries the next place.
    private const int TriesMax = 1_000;

    private const string Leave = """
        delete from listing l using unnest($1::uuid[], $2::bigint[]) as u(list_id, position)
        where l.list_id = u.list_id and l.position = u.position
        """;

    private const string Remove = "delete from listed_email where email_id = any($1)";

    private const string Place = """
        insert into listed_email (email_id, org, position, lists, terms)
        select u.email_id, $1, u.position, string_to_array(u.lists, ' ')::uuid[], array_to_tsvector(string_to_array(u.terms, ' '))
        from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) as u(email_id, position, lists, terms)
        on conflict do nothing returning email_id
        """;

    private const string Enter = """
        insert into listing (list_id, position, email_id) select * from unnest($1::uuid[], $2::bigint[], $3::bigint[])
        """;

    /// <summary>Erased emails leave all lists, with what they were found by.</summary>
    public const string Forget = """
        with gone as (delete from listed_email where email_id = any($1) returning lists, position)
        delete from listing l using gone g, unnest(g.lists) u(list_id) where l.list_id = u.list_id and l.position = g.position
        """;

    public static async Task WriteAsync(
        NpgsqlConnection connection, int org, ImmutableArray<ListedEmail> emails, CancellationToken cancellationToken)
    {
        var left = emails.Where(email => email.Facts.Position is not null)
            .SelectMany(email => email.Facts.Lists.Select(list => (List: list, Position: email.Facts.Position!.Value)))
            .ToList();
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add(
                Leave, Column(left, NpgsqlDbType.Uuid, entry => entry.List), Column(left, NpgsqlDbType.Bigint, entry => entry.Position));
            batch.Add(Remove, Column(emails, NpgsqlDbType.Bigint, email => email.Facts.Row));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        var placed = await PlaceAsync(connection, org, [.. emails.Where(email => !email.Lists.IsEmpty)], cancellationToken);
        var entered = placed.SelectMany(email => email.Lists.Select(list => (List: list, email.Position, email.Facts.Row))).ToList();
        await using var enter = new NpgsqlCommand(Enter, connection)
        {
            Parameters =
            {
                Column(entered, NpgsqlDbType.Uuid, entry => entry.List),
                Column(entered, NpgsqlDbType.Bigint, entry => entry.Position),
                Column(entered, NpgsqlDbType.Bigint, entry => entry.Row),
            },
        };
        await enter.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<ListedEmail>> PlaceAsync(
        NpgsqlConnection connection, int org, List<ListedEmail> emails, CancellationToken cancellationToken)
    {
        var placed = new List<ListedEmail>();
        for (var tries = 0; emails.Count > 0; tries++)
        {
            if (tries == TriesMax)
            {
                throw new InvalidOperationException($"{emails.Count} emails find no place among those of their second.");
            }

            await using var command = new NpgsqlCommand(Place, connection)
            {
                Parameters =
                {
                    Value(org),
                    Column(emails, NpgsqlDbType.Bigint, email => email.Facts.Row),
                    Column(emails, NpgsqlDbType.Bigint, email => email.Position),
                    Column(emails, NpgsqlDbType.Text, email => string.Join(' ', email.Lists)),
                    Column(emails, NpgsqlDbType.Text, email => string.Join(' ', email.Terms)),
                },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var done = (await Rows.AllAsync(reader, row => row.GetInt64(0)).ToListAsync(cancellationToken)).ToHashSet();
            placed.AddRange(emails.Where(email => done.Contains(email.Facts.Row)));
            emails = [.. emails.Where(email => !done.Contains(email.Facts.Row)).Select(email => email with { Position = email.Position + 1 })];
        }

        return placed;
    }
}
