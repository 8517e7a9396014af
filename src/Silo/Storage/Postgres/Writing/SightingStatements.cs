using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Decisions: one row for each sighting. Whoever decides again is done with what the outbox asked for.</summary>
internal static class SightingStatements
{
    public static void Append(
        NpgsqlBatch batch, List<DecisionRow> rows, Func<DecisionRow, long> settingsVersion, DateTimeOffset now)
    {
        var inserted = rows.FindAll(row => !row.Decision.Replaces);
        if (inserted.Count > 0)
        {
            batch.Add(Insert, [.. Columns(inserted, settingsVersion), Value(now.UtcDateTime)]);
        }

        var updated = rows.FindAll(row => row.Decision.Replaces);
        if (updated.Count > 0)
        {
            batch.Add(Update, [.. Columns(updated, settingsVersion), Value(now.UtcDateTime)]);
            batch.Add(Unwait, Places(updated));
            batch.Add(Done, Places(updated));
        }
    }

    private const string Arrays = """
        unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::bytea[], $6::smallint[], $7::smallint[], $8::smallint[],
            $9::bigint[], $10::text[], $11::bytea[], $12::bigint[], $13::timestamptz[], $14::boolean[]) as u(
            mailbox_id, folder, item, org, email_key, folder_kind, outcome, reason,
            settings_version, trace, content_hash, size, received_on, is_backfill)
        """;

    // One delivery reaches two silos, or comes twice: the place lets one decision in, the other finds it when it decides again.
    private const string Insert = $"""
        insert into sighting (mailbox_id, folder, item, org, email_key, folder_kind, outcome, reason,
            settings_version, trace, content_hash, size, received_on, is_backfill, decided_on, seen_on)
        select u.*, $15, $15 from {Arrays}
        """;

    // A copy that was read whole once, and now by its headers alone, keeps its raw mail.
    private const string Update = $"""
        with updated as (
            update sighting s set
                email_key = u.email_key, folder_kind = u.folder_kind, outcome = u.outcome, reason = u.reason,
                settings_version = u.settings_version, trace = u.trace, size = u.size,
                content_hash = case when u.content_hash = decode(repeat('00', 32), 'hex') then s.content_hash else u.content_hash end,
                received_on = u.received_on, is_backfill = u.is_backfill, decided_on = $15
            from {Arrays}
            where s.mailbox_id = u.mailbox_id and s.folder = u.folder and s.item = u.item
            returning 1
        )
        select case when count(*) <> cardinality($1::bigint[]) then raise_conflict('sighting') end from updated
        """;

    private const string Unwait = """
        delete from heard h using unnest($1::bigint[], $2::text[], $3::text[]) as u(mailbox_id, folder, item)
        where h.mailbox_id = u.mailbox_id and h.folder = u.folder and h.item = u.item
        """;

    private const string Done = """
        delete from outbox o using unnest($1::bigint[], $2::text[], $3::text[]) as u(mailbox_id, folder, item)
        where o.mailbox_id = u.mailbox_id and o.folder = u.folder and o.item = u.item
        """;

    private static NpgsqlParameter[] Places(List<DecisionRow> rows) =>
    [
        Column(rows, NpgsqlDbType.Bigint, row => row.Mailbox),
        Column(rows, NpgsqlDbType.Text, row => row.Place.Folder),
        Column(rows, NpgsqlDbType.Text, row => row.Place.Item),
    ];

    private static NpgsqlParameter[] Columns(List<DecisionRow> rows, Func<DecisionRow, long> settingsVersion) =>
    [
        .. Places(rows),
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.Decision.Email),
        Numbers(rows, row => (int)row.Decision.Sighting.FolderKind),
        Numbers(rows, row => (int)row.Decision.Outcome),
        Numbers(rows, row => (int)row.Decision.Reason),
        Column(rows, NpgsqlDbType.Bigint, settingsVersion),
        Column(rows, NpgsqlDbType.Text, row => TraceJson.Write(row.Decision.Trace)),
        Column(rows, NpgsqlDbType.Bytea, row => Convert.FromHexString(row.Decision.Sighting.ContentHash)),
        Column(rows, NpgsqlDbType.Bigint, row => row.Decision.Sighting.Size),
        Column(rows, NpgsqlDbType.TimestampTz, row => row.Decision.Sighting.ReceivedOn.UtcDateTime),
        Column(rows, NpgsqlDbType.Boolean, row => row.Decision.Sighting.IsBackfill),
    ];
}
