using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The ledger of decisions out of the database file.</summary>
internal sealed class SqliteDecisionLedger(SqliteReaders readers, SqliteNames names) : IDecisionLedger
{
    private const string Mailboxes = """
        select m.id, m.address from json_each($2) k cross join mailbox m on m.org = $1 and m.address = k.value
        """;

    private const string EveryMailbox = "select m.id, m.address from mailbox m where m.org = $1";

    private const string Walk = """
        select $2, s.folder, s.item, s.email_key, e.activity_id, s.outcome, s.reason, e.left_out, s.settings_version, s.received_on,
            s.decided_on, s.is_backfill
        from sighting s left join email e on e.org = $1 and e.key = s.email_key
        where s.mailbox_id + 0 = $3 and s.received_on >= $4 and s.received_on < $5 and s.received_on <= $6
            and (s.received_on < $6 or ($2, s.folder, s.item) < ($7, $8, $9))
        order by s.received_on desc, s.folder desc, s.item desc limit $10
        """;

    /// <inheritdoc/>
    public Task<LedgerPage> ReadAsync(string organization, LedgerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query = query with { CountMax = Math.Clamp(query.CountMax, 1, LedgerQuery.PageMax) };
        return readers.ReadAsync(session => Read(session, names.Read(session, organization), query), cancellationToken);
    }

    // Times are microseconds.
    private const string Sums = """
        select x.received_on / 3600000000, x.outcome,
            case when x.outcome = 1 and not x.is_backfill then max(0, (x.decided_on - x.received_on) / 100000) end, count(*)
        from (
            select s.received_on, s.decided_on, s.outcome, s.is_backfill from sighting s
            where s.mailbox_id + 0 = $1 and s.received_on >= $2 and s.received_on < $3
            order by s.received_on desc limit $4
        ) x
        group by 1, 2, 3
        """;

    /// <inheritdoc/>
    public Task<DecisionSums> SumAsync(string organization, SumQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return readers.ReadAsync(
            session =>
            {
                var mailboxes = Of(session, names.Read(session, organization), query.Mailboxes);
                var lookedAt = SumQuery.LookedAt(mailboxes.Count);
                var sums = mailboxes.ConvertAll(mailbox => session.Query(Sums, Sum, mailbox.Id, query.From, query.Until, lookedAt));
                return new DecisionSums(
                    [.. sums.SelectMany(some => some)], sums.TrueForAll(some => some.Sum(sum => sum.Count) < lookedAt));
            },
            cancellationToken);
    }

    private static List<(long Id, string Address)> Of(SqliteSession session, long org, ImmutableArray<EmailAddress>? mailboxes) => mailboxes is { } some
        ? session.Query(Mailboxes, Mailbox, org, Values.Many(some.Select(mailbox => mailbox.Value)))
        : session.Query(EveryMailbox, Mailbox, org);

    private static LedgerPage Read(SqliteSession session, long org, LedgerQuery query)
    {
        var mailboxes = Of(session, org, query.Mailboxes);
        var lookedAt = query.LookedAt(mailboxes.Count);
        var looked = mailboxes.SelectMany(mailbox => session.Query(
                Walk,
                Row,
                org,
                mailbox.Address,
                mailbox.Id,
                query.From ?? DateTimeOffset.MinValue,
                query.Until ?? DateTimeOffset.MaxValue,
                query.Before?.ReceivedOn ?? DateTimeOffset.MaxValue,
                query.Before?.Place.Mailbox.Value ?? "",
                query.Before?.Place.Folder ?? "",
                query.Before?.Place.Item ?? "",
                lookedAt)
            .Select((row, at) => (Row: row, IsLast: at == lookedAt - 1))
            .Where(one => one.IsLast || query.Matches(one.Row)));

        // Of one mailbox they are in order already.
        return LedgerPage.Of(query, looked
            .OrderByDescending(one => one.Row.ReceivedOn)
            .ThenByDescending(one => one.Row.Place.Mailbox.Value, StringComparer.Ordinal));
    }

    private static (long Id, string Address) Mailbox(SqliteDataReader row) => (row.GetInt64(0), row.GetString(1));

    private static DecisionSum Sum(SqliteDataReader row) => new(
        DateTimeOffset.UnixEpoch.AddHours(row.GetInt64(0)),
        (Outcome)row.GetInt32(1),
        row.IsDBNull(2) ? null : row.GetInt64(2),
        row.GetInt64(3));

    private static LedgerRow Row(SqliteDataReader row)
    {
        var outcome = (Outcome)row.GetInt32(5);
        var isKeptOut = outcome == Outcome.Tracked && !row.IsDBNull(7);
        return new LedgerRow
        {
            Place = row.Place(0),
            Email = row.Key(3),
            ActivityId = row.IsDBNull(4) ? null : row.Id(4),
            Outcome = isKeptOut ? Outcome.Skipped : outcome,
            Reason = (ReasonCode)row.GetInt32(isKeptOut ? 7 : 6),
            SettingsVersion = row.GetInt64(8),
            ReceivedOn = row.Time(9),
            DecidedOn = row.Time(10),
            IsBackfill = row.Flag(11),
        };
    }
}
