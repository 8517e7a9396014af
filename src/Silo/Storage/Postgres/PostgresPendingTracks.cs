using System.Collections.Immutable;
using EmailTracking.Acts;
using EmailTracking.Storage;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>What people tracked and is not here yet, in PostgreSQL.</summary>
internal sealed class PostgresPendingTracks(PostgresSources sources, PostgresNames names) : IPendingTracks
{
    private const string Add = """
        insert into pending_track (
            org, act_id, message_id, mailbox, record_table, record_id, acted_by, acted_on, created_on, tries, try_on, problem, next_step)
        select $1, $2, u.message_id, u.mailbox, $5, $6, $7, $8, $9, $10, $11, $12, $13 from unnest($3::text[], $4::text[]) as u(message_id, mailbox)
        on conflict (org, act_id, message_id) do nothing
        """;

    /// <inheritdoc/>
    public async Task AddAsync(string organization, ImmutableArray<PendingTrack> tracks, CancellationToken cancellationToken = default)
    {
        // What differs within an act is which mail, and where it lies.
        foreach (var act in tracks.GroupBy(track => track with { MessageId = default, Mailbox = default }))
        {
            await WriteAsync(
                organization,
                Add,
                cancellationToken,
                Value(act.Key.Act),
                Value(act.Select(track => track.MessageId.Value).ToArray()),
                Value(act.Select(track => track.Mailbox.Value).ToArray()),
                Value(act.Key.Record?.LogicalName, NpgsqlDbType.Text),
                Value(act.Key.Record?.Id, NpgsqlDbType.Uuid),
                Value(act.Key.By),
                Value(act.Key.On.UtcDateTime),
                Value(act.Key.CreatedOn.UtcDateTime),
                Value(act.Key.Tries),
                Value(act.Key.TryOn.UtcDateTime),
                Value(act.Key.Problem, NpgsqlDbType.Text),
                Value(act.Key.NextStep, NpgsqlDbType.Text));
        }
    }

    private const string SaveTry = """
        update pending_track set tries = $4, try_on = $5, problem = $6, next_step = $7 where org = $1 and act_id = $2 and message_id = $3
        """;

    /// <inheritdoc/>
    public Task SaveTryAsync(string organization, PendingTrack track, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(track);
        return WriteAsync(
            organization,
            SaveTry,
            cancellationToken,
            Value(track.Act),
            Value(track.MessageId.Value),
            Value(track.Tries),
            Value(track.TryOn.UtcDateTime),
            Value(track.Problem, NpgsqlDbType.Text),
            Value(track.NextStep, NpgsqlDbType.Text));
    }

    private const string Remove = "delete from pending_track where org = $1 and act_id = $2 and message_id = $3";

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string organization, PendingTrack track, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(track);
        return WriteAsync(organization, Remove, cancellationToken, Value(track.Act), Value(track.MessageId.Value));
    }

    private const string All = """
        select p.act_id, p.message_id, p.mailbox, p.record_table, p.record_id, p.acted_by, p.acted_on, p.created_on, p.tries, p.try_on, p.problem,
            p.next_step
        from pending_track p where p.org = $1 order by p.created_on, p.act_id, p.message_id collate "C" limit $2
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<PendingTrack>> ReadAsync(string organization, CancellationToken cancellationToken = default)
    {
        await using var command = sources.Edits.Command(
            All, Value(await names.OrganizationAsync(organization, cancellationToken)), Value(PendingTrack.CountMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, TrackOf).ToListAsync(cancellationToken)];
    }

    private static PendingTrack TrackOf(NpgsqlDataReader row) => new()
    {
        Act = row.GetGuid(0),
        MessageId = StoredMessageId.Read(row.GetString(1)),
        Mailbox = Rows.Address(row, 2)!.Value,
        Record = Rows.Record(row, 3),
        By = row.GetString(5),
        On = Rows.Time(row, 6),
        CreatedOn = Rows.Time(row, 7),
        Tries = row.GetInt32(8),
        TryOn = Rows.Time(row, 9),
        Problem = Rows.Text(row, 10),
        NextStep = Rows.Text(row, 11),
    };

    private async Task<bool> WriteAsync(string organization, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        await using var command = sources.Edits.Command(sql, [Value(await names.OrganizationAsync(organization, cancellationToken)), .. more]);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
