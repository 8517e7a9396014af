using System.Text;
using EmailTracking.Storage;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>What could not be decided: one row for each place, the last failure. It is not tried again by itself.</summary>
internal static class DeadLetters
{
    /// <summary>The step in which the store refused the data.</summary>
    public const string CommitStep = "commit";

    private const int ProblemLengthMax = 2_000;

    private const string Write = """
        insert into dead_letter (org, mailbox, folder, item, step, reason, problem, content_hash, failed_on,
            received_on, is_backfill)
        select $1, u.* from unnest(
            $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::bytea[], $9::timestamptz[],
            $10::timestamptz[], $11::boolean[]) as u
        on conflict (org, mailbox, folder, item) do update set
            step = excluded.step, reason = excluded.reason, problem = excluded.problem,
            content_hash = excluded.content_hash, failed_on = excluded.failed_on,
            received_on = excluded.received_on, is_backfill = excluded.is_backfill
        """;

    private const string Forget = """
        delete from outbox o using unnest($2::text[], $3::text[], $4::text[]) as u(mailbox, folder, item)
        where o.mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = u.mailbox)
          and o.folder = u.folder and o.item = u.item
        """;

    public static async Task WriteAsync(
        NpgsqlDataSource source, int org, IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        DeadLetter[] distinct = [.. letters.DistinctBy(letter => letter.Place)];
        NpgsqlParameter[] places =
        [
            Value(org),
            Column(distinct, NpgsqlDbType.Text, letter => letter.Place.Mailbox.Value),
            Column(distinct, NpgsqlDbType.Text, letter => Storable(letter.Place.Folder)),
            Column(distinct, NpgsqlDbType.Text, letter => Storable(letter.Place.Item)),
        ];
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Forget, [.. places.Select(parameter => parameter.Clone())]);
        batch.Add(
            Write,
            [
                .. places,
                Column(distinct, NpgsqlDbType.Text, letter => letter.Step),
                Numbers(distinct, letter => (int)letter.Reason),
                Column(distinct, NpgsqlDbType.Text, letter => Storable(Cut(letter.Problem))),
                Column(distinct, NpgsqlDbType.Bytea, letter => Hash(letter.ContentHash)),
                Column(distinct, NpgsqlDbType.TimestampTz, letter => letter.FailedOn.UtcDateTime),
                Column(distinct, NpgsqlDbType.TimestampTz, letter => letter.ReceivedOn?.UtcDateTime),
                Column(distinct, NpgsqlDbType.Boolean, letter => letter.IsBackfill),
            ]);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // The text may be the very thing that the server refused.
    private static string Storable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');

    private static string Cut(string text) => text.Length <= ProblemLengthMax ? text : text[..ProblemLengthMax];

    private static byte[]? Hash(string? hash)
    {
        var bytes = new byte[32];
        return hash is { Length: 64 } && Convert.FromHexString(hash, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : null;
    }
}
