using System.Collections.Immutable;
using EmailTracking.Acts;
using EmailTracking.Storage;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>What people tracked and is not here yet, in the database file.</summary>
internal sealed class SqlitePendingTracks(SqliteReaders readers, SqliteNames names, SqliteWriter writer) : IPendingTracks
{
    private const string Add = """
        insert into pending_track (
            org, act_id, message_id, mailbox, record_table, record_id, acted_by, acted_on, created_on, tries, try_on, problem, next_step)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (org, act_id, message_id) do nothing
        """;

    /// <inheritdoc/>
    public Task AddAsync(string organization, ImmutableArray<PendingTrack> tracks, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                foreach (var track in tracks)
                {
                    session.Execute(
                        Add, org, track.Act, track.MessageId, track.Mailbox, track.Record?.LogicalName, track.Record?.Id, track.By, track.On,
                        track.CreatedOn, track.Tries, track.TryOn, track.Problem, track.NextStep);
                }

                return true;
            },
            cancellationToken);

    private const string SaveTry = """
        update pending_track set tries = $4, try_on = $5, problem = $6, next_step = $7 where org = $1 and act_id = $2 and message_id = $3
        """;

    /// <inheritdoc/>
    public Task SaveTryAsync(string organization, PendingTrack track, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(track);
        return WriteAsync(
            organization, SaveTry, cancellationToken, track.Act, track.MessageId, track.Tries, track.TryOn, track.Problem, track.NextStep);
    }

    private const string Remove = "delete from pending_track where org = $1 and act_id = $2 and message_id = $3";

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string organization, PendingTrack track, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(track);
        return WriteAsync(organization, Remove, cancellationToken, track.Act, track.MessageId);
    }

    private const string All = """
        select p.act_id, p.message_id, p.mailbox, p.record_table, p.record_id, p.acted_by, p.acted_on, p.created_on, p.tries, p.try_on, p.problem,
            p.next_step
        from pending_track p where p.org = $1 order by p.created_on, p.act_id, p.message_id limit $2
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<PendingTrack>> ReadAsync(string organization, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(All, TrackOf, names.Read(session, organization), PendingTrack.CountMax).ToImmutableArray(), cancellationToken);

    private static PendingTrack TrackOf(SqliteDataReader row) => new()
    {
        Act = row.Id(0),
        MessageId = StoredMessageId.Read(row.GetString(1)),
        Mailbox = row.Address(2),
        Record = row.Record(3),
        By = row.GetString(5),
        On = row.Time(6),
        CreatedOn = row.Time(7),
        Tries = row.GetInt32(8),
        TryOn = row.Time(9),
        Problem = row.Text(10),
        NextStep = row.Text(11),
    };

    private Task<bool> WriteAsync(string organization, string sql, CancellationToken cancellationToken, params object?[] more) => writer.EditAsync(
        session => session.Execute(sql, [names.Ensure(session, organization), .. more]) > 0, cancellationToken);
}
