using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>Records as mail is about them and linked to them.</content>
internal sealed partial class PostgresTrackingQueries
{
    // What a record became, and all that became that; two steps each way.
    private const string Aliases = """
        with recursive today as (
            select $2::text as logical_name, $3::uuid as id, 0 as step
            union all
            select r.successor_table, r.successor_id, today.step + 1 from today
            join record r on r.org = $1 and r.logical_name = today.logical_name and r.id = today.id
            where r.successor_id is not null and today.step < 2
        ),
        alias as (
            select * from (select logical_name, id, 0 as step from today order by today.step desc limit 1) one
            union all
            select r.logical_name, r.id, alias.step + 1 from alias
            join record r on r.org = $1 and r.successor_table = alias.logical_name and r.successor_id = alias.id
            where alias.step < 2
        )
        select logical_name, id from alias
        """;

    private const string Touched = """
        with recursive became as (
            select $2::text as logical_name, $3::uuid as id, 0 as step
            union all
            select r.logical_name, r.id, became.step + 1 from became
            join record r on r.org = $1 and r.successor_table = became.logical_name and r.successor_id = became.id
            where became.step < 2
        ),
        address as (
            select unnest($4::text[]) as address
            union
            select a.address from became
            join record_address a on a.org = $1 and a.logical_name = became.logical_name and a.id = became.id
            where became.logical_name = $2
        ),
        touched as (
            select p.email_id as id from address join activity_party p on p.address = address.address
            union
            select e.id from became
            join email e on e.org = $1 and e.regarding_id = became.id and e.regarding_table = became.logical_name
        )
        select e.key, count(*) over () from touched join email e on e.id = touched.id
        where e.org = $1 and e.left_out is null
        order by e.sent_on desc nulls first, e.key limit $5
        """;

    /// <inheritdoc/>
    public async Task<TouchedEmails> ReadTouchedAsync(
        string organization,
        RecordReference? record,
        ImmutableArray<EmailAddress> addresses,
        CancellationToken cancellationToken = default)
    {
        var found = await AllAsync(
            organization,
            Touched,
            row => (Key: Rows.Key(row, 0), Count: row.GetInt64(1)),
            cancellationToken,
            Value(record?.LogicalName, NpgsqlDbType.Text),
            Value(record?.Id, NpgsqlDbType.Uuid),
            Column(addresses, NpgsqlDbType.Text, address => address.Value),
            Value(TouchedEmails.LatestMax));
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var rows = await EmailRowsReader.ReadAsync(
            sources.Reads, organization, org, [.. found.Select(one => one.Key)], cancellationToken);
        return new TouchedEmails(found.Select(one => one.Count).FirstOrDefault(), rows);
    }

    private const string PartyTrace = "select e.party_trace from email e where e.org = $1 and e.key = $2 and e.party_trace is not null";

    /// <inheritdoc/>
    public async Task<ImmutableArray<TraceEntry>> ReadPartyTraceAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        [
            .. (await AllAsync(
                organization, PartyTrace, row => TraceJson.Read(row.GetString(0)), cancellationToken, Value(email.ToBytes())))
                .SelectMany(trace => trace),
        ];

    private Task<ImmutableArray<RecordReference>> AliasesAsync(
        string organization, RecordReference record, CancellationToken cancellationToken) => AllAsync(
            organization,
            Aliases,
            row => Rows.Record(row, 0)!.Value,
            cancellationToken,
            Value(record.LogicalName),
            Value(record.Id));
}
