using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>What rules ask for a batch: their versions, and whether the records that mail is about are open.</summary>
/// <remarks>A round trip more, for mail in queues of organizations where somebody set a rule.</remarks>
internal sealed class RuleReader(PostgresSources sources, PostgresNames names, CommitMetrics metrics)
{
    internal const string Columns = "v.queue, v.version, v.body, v.changed_by, v.changed_on, v.why";

    // $2, $3, $4: mailboxes, folders, items. A copy that was offered before goes by the version that was in force then.
    internal const string Rules = $"""
        with place as materialized (
            select p.* from unnest($2::text[], $3::text[], $4::text[]) p(mailbox, folder, item)
        ),
        asked as materialized (
            select p.mailbox, null::timestamptz as seen_on from place p
            union select p.mailbox, coalesce(s.seen_on, s.decided_on) from place p
            cross join lateral (select x.id from mailbox x where x.org = $1 and x.address = p.mailbox offset 0) m
            cross join lateral (
                select x.seen_on, x.decided_on from sighting x
                where x.mailbox_id = m.id and x.folder = p.folder and x.item = p.item offset 0
            ) s
        )
        select distinct {Columns} from asked
        cross join lateral (
            select x.* from creation_rule x
            where x.queue = asked.mailbox and x.org = $1 and (asked.seen_on is null or x.changed_on <= asked.seen_on)
            order by x.version desc limit 1
        ) v
        """;

    // Merged, then converted, is as far as it goes.
    internal const string Lives = """
        with given as materialized (
            select r.* from unnest($2::text[], $3::uuid[]) as u(logical_name, id)
            cross join lateral (
                select x.* from record x where x.org = $1 and x.logical_name = u.logical_name and x.id = u.id offset 0
            ) r
        ),
        next as materialized (
            select r.* from given g
            cross join lateral (
                select x.* from record x where x.org = $1 and x.logical_name = g.successor_table and x.id = g.successor_id offset 0
            ) r
        ),
        last as materialized (
            select r.* from next g
            cross join lateral (
                select x.* from record x where x.org = $1 and x.logical_name = g.successor_table and x.id = g.successor_id offset 0
            ) r
        )
        select r.logical_name, r.id, r.is_active, r.successor_table, r.successor_id, r.deleted_on, r.inactive_on
        from (select * from given union select * from next union select * from last) r
        """;

    /// <summary>The snapshot, and what rules may ask.</summary>
    public async Task<TrackingSnapshot> WidenAsync(
        int org, TrackingSnapshot snapshot, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        SightingPlace[] places =
        [
            .. sightings.Select(sighting => sighting.Place).Distinct()
                .Where(place => snapshot.Mailboxes.GetValueOrDefault(place.Mailbox) is { IsQueue: true }),
        ];
        batch.Add(
            Rules,
            Value(org),
            Column(places, NpgsqlDbType.Text, place => place.Mailbox.Value),
            Column(places, NpgsqlDbType.Text, place => place.Folder),
            Column(places, NpgsqlDbType.Text, place => place.Item));
        AddLives(batch, org, snapshot);
        batch.Add(
            FactsSql.Related,
            Value(org),
            Column(RuleRecords.Senders(snapshot.Settings, sightings), NpgsqlDbType.Text, address => address));
        metrics.Statements(batch.BatchCommands.Count);
        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        var rules = await Rows.AllAsync(reader, Version).ToArrayAsync(cancellationToken);
        var lives = await FactsReader.NextAsync(reader, Rows.Life, cancellationToken).ToArrayAsync(cancellationToken);
        var related = await FactsReader.NextAsync(reader, FactsReader.Related, cancellationToken).ToArrayAsync(cancellationToken);
        return rules.Length == 0 ? snapshot : RuleRecords.With(
            snapshot with
            {
                Rules = [.. rules],
                Related = related.GroupBy(row => row.Sender, row => row.Record)
                    .ToDictionary(group => group.Key, group => group.Distinct().ToImmutableArray()),
            },
            lives);
    }

    /// <summary>The snapshot, and what became of the records that its emails are about; as it is without rules.</summary>
    public async Task<TrackingSnapshot> WithLivesAsync(string organization, TrackingSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Rules.IsEmpty)
        {
            return snapshot;
        }

        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        AddLives(batch, org, snapshot);
        metrics.Statements(batch.BatchCommands.Count);
        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        return RuleRecords.With(snapshot, await Rows.AllAsync(reader, Rows.Life).ToArrayAsync(cancellationToken));
    }

    /// <summary>A version out of <see cref="Columns"/>.</summary>
    internal static RuleVersion Version(NpgsqlDataReader row)
    {
        var queue = Rows.Address(row, 0)!.Value;
        return new RuleVersion(
            queue, row.GetInt64(1), RuleJson.Read(queue, Rows.Text(row, 2)), row.GetString(3), Rows.Time(row, 4), Rows.Text(row, 5));
    }

    private static void AddLives(NpgsqlBatch batch, int org, TrackingSnapshot snapshot)
    {
        var records = RuleRecords.Of(snapshot);
        batch.Add(
            Lives,
            Value(org),
            Column(records, NpgsqlDbType.Text, record => record.LogicalName),
            Column(records, NpgsqlDbType.Uuid, record => record.Id));
    }
}
