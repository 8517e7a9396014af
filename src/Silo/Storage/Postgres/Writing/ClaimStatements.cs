using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>What emails claim: ids of others, and records that they are about. Fenced by the emails' conversations.</summary>
internal static class ClaimStatements
{
    public static void Append(NpgsqlBatch batch, List<EmailRow> rows)
    {
        // Its place was not looked at: its claims stand as they are.
        var placed = rows.FindAll(row => row.Email.Trace is not null);
        var rewritten = placed.FindAll(row => !SameClaims(row));
        DeleteOf(batch, DeleteClaims, rewritten);
        InsertClaimRows(batch, [.. rewritten.SelectMany(Claims)]);
        OpenRows(batch, [.. placed.Where(row => !row.IsNew && SameClaims(row)).SelectMany(Claims)]);

        var regarding = rows.FindAll(row => !SameRegarding(row));
        DeleteOf(batch, DeleteRegarding, regarding);
        InsertRegardingRows(batch, regarding);
    }

    private const string DeleteClaims = "delete from claim where email_id = any($1)";

    private const string DeleteRegarding = "delete from regarding_claim where email_id = any($1)";

    private static void DeleteOf(NpgsqlBatch batch, string sql, List<EmailRow> rows)
    {
        var known = rows.FindAll(row => !row.IsNew);
        if (known.Count > 0)
        {
            batch.Add(sql, Column(known, NpgsqlDbType.Bigint, row => row.Id));
        }
    }

    private const string InsertClaims = """
        insert into claim (email_id, position, key, kind, is_open)
        select * from unnest($1::bigint[], $2::smallint[], $3::bytea[], $4::smallint[], $5::boolean[])
        """;

    private static void InsertClaimRows(NpgsqlBatch batch, List<ClaimRow> rows)
    {
        if (rows.Count > 0)
        {
            batch.Add(
                InsertClaims,
                Column(rows, NpgsqlDbType.Bigint, row => row.Email),
                Numbers(rows, row => row.Position),
                Keys(rows, row => row.Claim.Key),
                Numbers(rows, row => (int)row.Claim.Kind),
                Column(rows, NpgsqlDbType.Boolean, row => row.IsOpen));
        }
    }

    private const string Open = """
        update claim c set is_open = u.is_open
        from unnest($1::bigint[], $2::smallint[], $3::boolean[]) as u(email_id, position, is_open)
        where c.email_id = u.email_id and c.position = u.position and c.is_open <> u.is_open
        """;

    private static void OpenRows(NpgsqlBatch batch, List<ClaimRow> rows)
    {
        if (rows.Count > 0)
        {
            batch.Add(
                Open,
                Column(rows, NpgsqlDbType.Bigint, row => row.Email),
                Numbers(rows, row => row.Position),
                Column(rows, NpgsqlDbType.Boolean, row => row.IsOpen));
        }
    }

    private const string InsertRegarding = """
        insert into regarding_claim (email_id, ordinal, source, record_table, record_id, mailbox, folder, position)
        select * from unnest($1::bigint[], $2::int[], $3::smallint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::int[])
        """;

    private static void InsertRegardingRows(NpgsqlBatch batch, List<EmailRow> emails)
    {
        var rows = emails
            .SelectMany(email => email.After.State.RegardingClaims.Select((claim, ordinal) => (email.Id, Ordinal: ordinal, Claim: claim)))
            .ToArray();
        if (rows.Length > 0)
        {
            batch.Add(
                InsertRegarding,
                Column(rows, NpgsqlDbType.Bigint, row => row.Id),
                Column(rows, NpgsqlDbType.Integer, row => row.Ordinal),
                Numbers(rows, row => (int)row.Claim.Source),
                Column(rows, NpgsqlDbType.Text, row => row.Claim.Record.LogicalName),
                Column(rows, NpgsqlDbType.Uuid, row => row.Claim.Record.Id),
                Column(rows, NpgsqlDbType.Text, row => row.Claim.Mailbox?.Value),
                Column(rows, NpgsqlDbType.Text, row => row.Claim.Folder),
                Column(rows, NpgsqlDbType.Integer, row => row.Claim.Position));
        }
    }

    private static bool SameClaims(EmailRow row) =>
        row.Email.Before is { } before && before.Facts.Claims.SequenceEqual(row.After.Facts.Claims);

    private static bool SameRegarding(EmailRow row) => row.Email.Before is { } before
        ? before.State.RegardingClaims.SequenceEqual(row.After.State.RegardingClaims)
        : row.After.State.RegardingClaims.IsEmpty;

    private static IEnumerable<ClaimRow> Claims(EmailRow row) => row.After.Facts.Claims.Select((claim, position) =>
        new ClaimRow(row.Id, position, claim, row.Email.OpenClaims.Contains(position)));

    private readonly record struct ClaimRow(long Email, int Position, Claim Claim, bool IsOpen);
}
