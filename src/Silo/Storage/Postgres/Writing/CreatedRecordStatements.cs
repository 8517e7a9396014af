using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Records that rules make of emails. Their ids are computed from email and queue.</summary>
internal static class CreatedRecordStatements
{
    public static void Append(NpgsqlBatch batch, List<(int Org, CreatedRecord Record)> rows, DateTimeOffset now)
    {
        if (rows.Count == 0)
        {
            return;
        }

        batch.Add(
            Insert,
            [
                .. Common(),
                Column(rows, NpgsqlDbType.Text, row => row.Record.Name),
                Column(rows, NpgsqlDbType.Uuid, row => row.Record.OwnerId),
                Column(rows, NpgsqlDbType.Text, row => row.Record.Customer?.LogicalName),
                Column(rows, NpgsqlDbType.Uuid, row => row.Record.Customer?.Id),
            ]);
        batch.Add(
            Note,
            [
                .. Common(),
                Keys(rows, row => row.Record.Email),
                Column(rows, NpgsqlDbType.Text, row => row.Record.Queue.Value),
                Column(rows, NpgsqlDbType.Bigint, row => row.Record.Version),
                Column(rows, NpgsqlDbType.Text, row => row.Record.Item),
            ]);

        NpgsqlParameter[] Common() =>
        [
            Value(now.UtcDateTime),
            Column(rows, NpgsqlDbType.Integer, row => row.Org),
            Column(rows, NpgsqlDbType.Text, row => row.Record.Reference.LogicalName),
            Column(rows, NpgsqlDbType.Uuid, row => row.Record.Reference.Id),
        ];
    }

    // Whoever decides the same mail writes the same row. They have no address, so nobody is meant by them: the directory does not change.
    private const string Insert = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on, customer_table, customer_id)
        select u.org, u.logical_name, u.id, u.name, true, u.owner_id, $1, u.customer_table, u.customer_id
        from unnest($2::int[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::uuid[])
            as u(org, logical_name, id, name, owner_id, customer_table, customer_id)
        on conflict do nothing
        """;

    private const string Note = """
        insert into created_record (org, email_key, queue, logical_name, id, rule_version, item, created_on)
        select u.org, u.email_key, u.queue, u.logical_name, u.id, u.rule_version, u.item, $1
        from unnest($2::int[], $3::text[], $4::uuid[], $5::bytea[], $6::text[], $7::bigint[], $8::text[])
            as u(org, logical_name, id, email_key, queue, rule_version, item)
        on conflict do nothing
        """;
}
