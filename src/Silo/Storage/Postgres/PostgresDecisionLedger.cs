using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The ledger of decisions out of PostgreSQL.</summary>
internal sealed class PostgresDecisionLedger(PostgresSources sources, PostgresNames names) : IDecisionLedger
{
    private const string Mailboxes = """
        select m.id, m.address from mailbox m where m.org = $1 and ($2::text[] is null or m.address = any($2))
        """;

    // $1 organization, $2 and $3 the mailboxes, $4 from, $5 until, $6 to $9 the mark, $10 how many are looked at in each, $11 whether
    // tracked, $12 reasons, $13 how many rows. Each mailbox is walked from its newest on; n counts what was looked at.
    internal const string Walk = """
        select w.* from unnest($2::bigint[], $3::text[]) m(id, address)
        cross join lateral (
            select m.address, x.folder, x.item, x.email_key, e.activity_id,
                case when x.outcome = 1 and e.left_out is not null then 2 else x.outcome end as outcome,
                case when x.outcome = 1 and e.left_out is not null then e.left_out else x.reason end as reason,
                x.settings_version, x.received_on, x.decided_on, x.is_backfill,
                row_number() over (order by x.received_on desc, x.folder collate "C" desc, x.item collate "C" desc) as n
            from (
                select s.* from sighting s
                where s.mailbox_id + 0 = m.id and s.received_on >= $4 and s.received_on < $5 and s.received_on <= $6
                    and (s.received_on < $6 or (m.address collate "C", s.folder collate "C", s.item collate "C") < ($7, $8, $9))
                order by s.received_on desc, s.folder collate "C" desc, s.item collate "C" desc limit $10
            ) x
            left join lateral (
                select o.activity_id, o.left_out from email o where o.key = x.email_key and o.org = $1 offset 0
            ) e on true
        ) w
        where w.n = $10 or (($11::boolean is null or $11 = (w.outcome = 1)) and ($12::smallint[] is null or w.reason = any($12)))
        order by w.received_on desc, w.address collate "C" desc, w.folder collate "C" desc, w.item collate "C" desc limit $13
        """;

    /// <inheritdoc/>
    public async Task<LedgerPage> ReadAsync(string organization, LedgerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query = query with { CountMax = Math.Clamp(query.CountMax, 1, LedgerQuery.PageMax) };
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var mailboxes = await MailboxesAsync(org, query.Mailboxes, cancellationToken);
        var lookedAt = query.LookedAt(mailboxes.Count);
        var looked = await AllAsync(
            Walk,
            row => (Row(row), row.GetInt64(11) == lookedAt),
            cancellationToken,
            Value(org),
            Column(mailboxes, NpgsqlDbType.Bigint, mailbox => mailbox.Id),
            Column(mailboxes, NpgsqlDbType.Text, mailbox => mailbox.Address),
            Value((query.From ?? DateTimeOffset.MinValue).UtcDateTime),
            Value((query.Until ?? DateTimeOffset.MaxValue).UtcDateTime),
            Value((query.Before?.ReceivedOn ?? DateTimeOffset.MaxValue).UtcDateTime),
            Value(query.Before?.Place.Mailbox.Value ?? ""),
            Value(query.Before?.Place.Folder ?? ""),
            Value(query.Before?.Place.Item ?? ""),
            Value(lookedAt),
            Value(query.IsTracked, NpgsqlDbType.Boolean),
            Value(query.Reasons.IsEmpty ? null : query.Reasons.Select(reason => (short)reason).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint),
            Value(query.CountMax + 1));
        return LedgerPage.Of(query, looked);
    }

    // $1 the mailboxes, $2 from, $3 until, $4 how many are looked at in each; whether one was looked at so often is the last column.
    internal const string Sums = """
        select x.hour, x.outcome, x.delay, count(*), bool_or(x.n = $4) from unnest($1::bigint[]) m(id)
        cross join lateral (
            select floor(extract(epoch from s.received_on) / 3600)::bigint as hour, s.outcome,
                case when s.outcome = 1 and not s.is_backfill
                    then greatest(0, floor(extract(epoch from s.decided_on - s.received_on) * 10))::bigint end as delay,
                row_number() over (order by s.received_on desc) as n
            from sighting s where s.mailbox_id + 0 = m.id and s.received_on >= $2 and s.received_on < $3
            order by s.received_on desc limit $4
        ) x
        group by 1, 2, 3
        """;

    /// <inheritdoc/>
    public async Task<DecisionSums> SumAsync(string organization, SumQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var mailboxes = await MailboxesAsync(org, query.Mailboxes, cancellationToken);
        var sums = await AllAsync(
            Sums,
            row => (Sum: Sum(row), IsLast: row.GetBoolean(4)),
            cancellationToken,
            Column(mailboxes, NpgsqlDbType.Bigint, mailbox => mailbox.Id),
            Value(query.From.UtcDateTime),
            Value(query.Until.UtcDateTime),
            Value(SumQuery.LookedAt(mailboxes.Count)));
        return new DecisionSums([.. sums.Select(one => one.Sum)], sums.TrueForAll(one => !one.IsLast));
    }

    private Task<List<(long Id, string Address)>> MailboxesAsync(int org, ImmutableArray<EmailAddress>? some, CancellationToken cancellationToken) =>
        AllAsync(
            Mailboxes,
            row => (Id: row.GetInt64(0), Address: row.GetString(1)),
            cancellationToken,
            Value(org),
            Value(some?.Select(mailbox => mailbox.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));

    private async Task<List<T>> AllAsync<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = sources.Edits.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await Rows.AllAsync(reader, row).ToListAsync(cancellationToken);
    }

    private static DecisionSum Sum(NpgsqlDataReader row) => new(
        DateTimeOffset.UnixEpoch.AddHours(row.GetInt64(0)),
        (Outcome)row.GetInt16(1),
        row.IsDBNull(2) ? null : row.GetInt64(2),
        row.GetInt64(3));

    private static LedgerRow Row(NpgsqlDataReader row) => new()
    {
        Place = Rows.Place(row, 0),
        Email = Rows.Key(row, 3),
        ActivityId = row.IsDBNull(4) ? null : row.GetGuid(4),
        Outcome = (Outcome)row.GetInt32(5),
        Reason = (ReasonCode)row.GetInt16(6),
        SettingsVersion = row.GetInt64(7),
        ReceivedOn = Rows.Time(row, 8),
        DecidedOn = Rows.Time(row, 9),
        IsBackfill = row.GetBoolean(10),
    };
}
