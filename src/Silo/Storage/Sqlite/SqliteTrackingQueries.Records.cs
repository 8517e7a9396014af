using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>Records as mail is about them and linked to them.</content>
internal sealed partial class SqliteTrackingQueries
{
    private const int StepsMax = 2;

    private const string Successor = """
        select r.successor_table, r.successor_id from record r
        where r.org = $1 and r.logical_name = $2 and r.id = $3 and r.successor_id is not null
        """;

    private const string Predecessors =
        "select r.logical_name, r.id from record r where r.org = $1 and r.successor_table = $2 and r.successor_id = $3";

    private const string RecordAddresses =
        "select a.address from record_address a where a.org = $1 and a.logical_name = $2 and a.id = $3";

    private const string TouchedByAddress = """
        select e.id from json_each($2) k
        cross join activity_party p on p.address = k.value
        cross join email e on e.id = p.email_id and e.org = $1 and e.left_out is null
        """;

    private const string TouchedByRegarding = """
        select e.id from email e where e.org = $1 and e.regarding_id = $3 and e.regarding_table = $2 and e.left_out is null
        """;

    private const string LatestOf = """
        select e.key from json_each($2) k cross join email e on e.id = k.value and e.org = $1
        order by e.sent_on desc nulls first, e.key limit $3
        """;

    /// <inheritdoc/>
    public Task<TouchedEmails> ReadTouchedAsync(
        string organization,
        RecordReference? record,
        ImmutableArray<EmailAddress> addresses,
        CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var became = record is { } asked ? WithPredecessors(session, org, asked) : [];
            var theirs = became.Where(one => one.LogicalName == record?.LogicalName)
                .SelectMany(one => session.Query(RecordAddresses, row => row.GetString(0), org, one.LogicalName, one.Id))
                .Concat(addresses.Select(address => address.Value))
                .Distinct(StringComparer.Ordinal);
            var rows = session.Query(TouchedByAddress, row => row.GetInt64(0), org, Values.Many(theirs)).ToHashSet();
            rows.UnionWith(became.SelectMany(one =>
                session.Query(TouchedByRegarding, row => row.GetInt64(0), org, one.LogicalName, one.Id)));
            var latest = session.Query(LatestOf, row => row.Key(0), org, Values.Many(rows), TouchedEmails.LatestMax);
            return new TouchedEmails(rows.Count, EmailRowsReader.Read(session, organization, org, latest));
        },
        cancellationToken);

    private const string PartyTrace = "select e.party_trace from email e where e.org = $1 and e.key = $2 and e.party_trace is not null";

    /// <inheritdoc/>
    public async Task<ImmutableArray<TraceEntry>> ReadPartyTraceAsync(
        string organization, MessageKey email, CancellationToken cancellationToken = default) =>
        [
            .. (await AllAsync(organization, PartyTrace, row => TraceJson.Read(row.GetString(0)), cancellationToken, email))
                .SelectMany(trace => trace),
        ];

    // What a record became, and all that became that.
    private static List<RecordReference> Aliases(SqliteSession session, long org, RecordReference record)
    {
        for (var step = 0; step < StepsMax; step++)
        {
            record = session.Query(Successor, row => row.Record(0)!.Value, org, record.LogicalName, record.Id)
                .DefaultIfEmpty(record)
                .First();
        }

        return WithPredecessors(session, org, record);
    }

    private static List<RecordReference> WithPredecessors(SqliteSession session, long org, RecordReference record)
    {
        var (all, last) = (new List<RecordReference> { record }, new List<RecordReference> { record });
        for (var step = 0; step < StepsMax; step++)
        {
            last = [.. last.SelectMany(one => session.Query(Predecessors, row => row.Record(0)!.Value, org, one.LogicalName, one.Id))];
            all.AddRange(last);
        }

        return all;
    }
}
