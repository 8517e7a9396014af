using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>What rules ask for a batch: their versions, and whether the records that mail is about are open.</summary>
internal static class StoredRules
{
    internal const string Columns = "v.queue, v.version, v.body, v.changed_by, v.changed_on, v.why";

    private const string Any = "select has_rules from organization where id = $1";

    private const string Latest = $"""
        select {Columns} from creation_rule v where v.org = $1 and v.queue = $2 order by v.version desc limit 1
        """;

    // A copy that was offered before goes by the version that was in force then.
    private const string Then = $"""
        select {Columns} from mailbox m
        cross join sighting s on s.mailbox_id = m.id and s.folder = $3 and s.item = $4
        cross join creation_rule v on v.org = $1 and v.queue = $2 and v.changed_on <= coalesce(s.seen_on, s.decided_on)
        where m.org = $1 and m.address = $2
        order by v.version desc limit 1
        """;

    private const string Lives = """
        select r.logical_name, r.id, r.is_active, r.successor_table, r.successor_id, r.deleted_on, r.inactive_on
        from record r where r.org = $1 and r.logical_name = $2 and r.id = $3
        """;

    /// <summary>The snapshot, and what rules may ask; as it is where nobody set a rule.</summary>
    public static TrackingSnapshot Widen(SqliteSession session, long org, TrackingSnapshot snapshot, AskedFacts asked)
    {
        if (!RuleRecords.AreAsked(snapshot, asked.Sightings) || session.Number(Any, org) is not > 0)
        {
            return snapshot;
        }

        ImmutableArray<RuleVersion> rules =
        [
            .. asked.Mailboxes.SelectMany(mailbox => session.Query(Latest, Version, org, mailbox))
                .Concat(asked.Sightings.Select(sighting => sighting.Place).Distinct()
                    .SelectMany(place => session.Query(Then, Version, org, place.Mailbox, place.Folder, place.Item)))
                .DistinctBy(version => (version.Queue, version.Version)),
        ];
        var related = RuleRecords.Senders(snapshot.Settings, asked.Sightings);
        return rules.IsEmpty ? snapshot : WithLives(
            session, org, snapshot with { Rules = rules, Related = RelatedRecords.Read(session, org, related) });
    }

    /// <summary>The snapshot, and what became of the records that its emails are about.</summary>
    public static TrackingSnapshot WithLives(SqliteSession session, long org, TrackingSnapshot snapshot)
    {
        if (snapshot.Rules.IsEmpty)
        {
            return snapshot;
        }

        // Merged, then converted, is as far as it goes.
        var lives = new List<RecordLife>();
        RecordReference[] asked = RuleRecords.Of(snapshot);
        for (var step = 0; step < 3 && asked.Length > 0; step++)
        {
            RecordLife[] read = [.. asked.SelectMany(record => session.Query(Lives, Life, org, record.LogicalName, record.Id))];
            lives.AddRange(read);
            asked = [.. read.Select(life => life.Successor).OfType<RecordReference>().Except(lives.Select(life => life.Reference))];
        }

        return RuleRecords.With(snapshot, lives);
    }

    /// <summary>A version out of <see cref="Columns"/>.</summary>
    internal static RuleVersion Version(SqliteDataReader row) => new(
        row.Address(0), row.GetInt64(1), RuleJson.Read(row.Address(0), row.Text(2)), row.GetString(3), row.Time(4), row.Text(5));

    /// <summary>What became of a record.</summary>
    internal static RecordLife Life(SqliteDataReader row) =>
        new(row.Record(0)!.Value, row.Flag(2), row.Record(3), row.IsDBNull(5) ? null : row.Time(5))
        {
            InactiveOn = row.IsDBNull(6) ? null : row.Time(6),
        };
}
