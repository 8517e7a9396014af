using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Silo.Storage.Sqlite.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>Records, what becomes of them, and which addresses that concerns.</content>
internal sealed partial class SqliteDirectory
{
    private const int RecordsMax = 1_000;

    // A merged record stays inactive, whatever is loaded.
    private const string SaveRecord = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on, customer_table, customer_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (org, logical_name, id) do update set
            name = excluded.name, owner_id = excluded.owner_id, created_on = excluded.created_on, deleted_on = null,
            customer_table = excluded.customer_table, customer_id = excluded.customer_id,
            is_active = excluded.is_active and successor_table is not logical_name,
            inactive_on = case
                when excluded.is_active and successor_table is not logical_name then null
                when is_active then $10
                else inactive_on
            end
        """;

    private const string DropAddresses =
        "delete from record_address where org = $1 and logical_name = $2 and id = $3 and not is_chosen";

    // A choice outlives the load: whether the record has the address itself is said anew.
    private const string DisownAddresses = "update record_address set is_own = 0 where org = $1 and logical_name = $2 and id = $3";

    private const string NewAddress = """
        insert into record_address (org, logical_name, id, address) values ($1, $2, $3, $4)
        on conflict (org, address, logical_name, id) do update set is_own = 1
        """;

    /// <inheritdoc/>
    public Task SaveRecordsAsync(
        string organization, ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records.Length, RecordsMax, nameof(records));
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                var changed = new HashSet<string>(StringComparer.Ordinal);

                // The last of several counts.
                foreach (var record in records.Reverse().DistinctBy(record => record.Facts.Reference))
                {
                    changed.UnionWith(SaveOne(session, org, record));
                }

                if (changed.Count > 0)
                {
                    Note(session, org, changed);
                }

                return changed.Count;
            },
            cancellationToken);
    }

    // Who may see what is about a record hangs on its owner and on what it becomes, and whose timelines show it on its customer.
    private const string ListAbout = """
        insert into listing_due (org, email_id)
        select $1, e.id from email e where e.org = $1 and e.regarding_id = $3 and e.regarding_table = $2
        """;

    private const string ListWith = """
        insert into listing_due (org, email_id)
        select $1, p.email_id from activity_party p where p.record_id = $3 and p.record_table = $2
        """;

    private const string Record = """
        select r.logical_name, r.id, r.is_active, r.owner_id, r.created_on, r.name, r.customer_table, r.customer_id
        from record r where r.org = $1 and r.logical_name = $2 and r.id = $3
        """;

    private const string OwnAddresses = """
        select a.address from record_address a where a.org = $1 and a.logical_name = $2 and a.id = $3 and a.is_own order by a.address
        """;

    // With those that a person chose it for, and those that it stands for in single emails, because a person said so.
    private const string MeantAddresses = """
        select a.address from record_address a where a.org = $1 and a.logical_name = $2 and a.id = $3
        union
        select a.address from act a where a.org = $1 and a.record_table = $2 and a.record_id = $3 and a.address is not null
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session =>
                {
                    var org = names.Read(session, organization);
                    return references.Distinct()
                        .OrderBy(reference => reference.LogicalName, StringComparer.Ordinal)
                        .ThenBy(reference => reference.Id)
                        .SelectMany(reference => Read(session, org, reference))
                        .ToArray();
                },
                cancellationToken),
        ];

    private const string Life = """
        select r.logical_name, r.id, r.is_active, r.successor_table, r.successor_id, r.deleted_on, r.inactive_on
        from record r where r.org = $1 and r.logical_name = $2 and r.id = $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordLife>> ReadLivesAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session =>
            {
                var org = names.Read(session, organization);
                return references.Select(reference => ReadLife(session, org, reference)).OfType<RecordLife>().ToImmutableArray();
            },
            cancellationToken);

    private const string Stand = """
        update record set is_active = $4, successor_table = $5, successor_id = $6, deleted_on = $7, inactive_on = $8
        where org = $1 and logical_name = $2 and id = $3
        """;

    // What became the record becomes what it becomes.
    private const string Follow = """
        update record set successor_table = $4, successor_id = $5
        where org = $1 and (logical_name, id) in (
            select r.logical_name, r.id from record r where r.org = $1 and r.successor_table = $2 and r.successor_id = $3)
        """;

    private const string Merged = """
        select r.id from record r where r.org = $1 and r.successor_table = $2 and r.successor_id = $3 and r.logical_name = $2
        """;

    /// <inheritdoc/>
    public Task<RecordAnswer> ChangeRecordAsync(string organization, RecordAct act, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(act);
        return writer.EditAsync(
            session =>
            {
                var (org, (table, id)) = (names.Ensure(session, organization), act.Record);
                var before = ReadLife(session, org, act.Record);
                var other = act.Other is { } one ? ReadLife(session, org, one) : null;
                var (after, problem) = RecordActs.Decide(act, before, other, Whole(time.GetUtcNow()));
                if (after is null || after == before)
                {
                    return new RecordAnswer(ReadVersion(session, org), IsChanged: false, problem);
                }

                Note(session, org, WithMerged(session, org, act.Record));
                session.Execute(ListAbout, org, table, id);
                session.Execute(
                    Stand,
                    org,
                    table,
                    id,
                    after.IsActive,
                    after.Successor?.LogicalName,
                    after.Successor?.Id,
                    after.DeletedOn,
                    after.InactiveOn);
                if (act.Kind == RecordActKind.Merge)
                {
                    session.Execute(Follow, org, table, id, after.Successor!.Value.LogicalName, after.Successor.Value.Id);
                }

                return new RecordAnswer(ReadVersion(session, org), IsChanged: true, null);
            },
            cancellationToken);
    }

    private const string Changes = """
        select version, changed_on, addresses from directory_change where org = $1 and version > $2 order by version limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<DirectoryChange>> ReadChangesAsync(
        string organization, long after, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session.Query(
            Changes,
            row => new DirectoryChange(row.GetInt64(0), row.Time(1), Values.Addresses(row.GetString(2))),
            names.Read(session, organization),
            after,
            countMax).ToImmutableArray(),
        cancellationToken);

    private const string DropChange = "delete from directory_change where org = $1 and version = $2";

    /// <inheritdoc/>
    public Task RemoveChangeAsync(string organization, long version, CancellationToken cancellationToken = default) =>
        writer.EditAsync(session => session.Execute(DropChange, names.Ensure(session, organization), version), cancellationToken);

    private const string Version = "select directory_version from organization where id = $1";

    private void Note(SqliteSession session, long org, IEnumerable<string> addresses) =>
        DirectoryChanges.Note(session, org, addresses, time.GetUtcNow());

    // The addresses that may stand for other records now.
    private string[] SaveOne(SqliteSession session, long org, CrmRecord record)
    {
        var (facts, name, addresses, customer) = record;
        var (table, id) = facts.Reference;
        var before = Read(session, org, facts.Reference).FirstOrDefault();
        var life = ReadLife(session, org, facts.Reference);
        HashSet<string> held = before is null ? [] : [.. before.Addresses.Select(address => address.Value)];
        HashSet<string> given = [.. addresses.Select(address => address.Value)];
        var effective = facts with { IsActive = facts.IsActive && life is not { IsMerged: true }, CreatedOn = Whole(facts.CreatedOn), IsChosen = false };
        var isChanged = before is null || life!.DeletedOn is not null || before.Facts != effective;
        var changed = isChanged ? held.Union(given).Union(WithMerged(session, org, facts.Reference)) : held.Except(given).Union(given.Except(held));
        string[] result = [.. changed];
        if (before is not null && (before.Facts.OwnerId, before.Customer) != (facts.OwnerId, customer))
        {
            session.Execute(ListAbout, org, table, id);
            session.Execute(ListWith, org, table, id);
        }

        session.Execute(
            SaveRecord,
            org,
            table,
            id,
            name,
            facts.IsActive,
            facts.OwnerId,
            facts.CreatedOn,
            customer?.LogicalName,
            customer?.Id,
            time.GetUtcNow());
        if (!held.SetEquals(given))
        {
            session.Execute(DropAddresses, org, table, id);
            session.Execute(DisownAddresses, org, table, id);
            foreach (var address in given)
            {
                session.Execute(NewAddress, org, table, id, address);
            }
        }

        return result;
    }

    // Its addresses, and those of what was merged into it.
    private static IEnumerable<string> WithMerged(SqliteSession session, long org, RecordReference record) => session
        .Query(Merged, row => row.Id(0), org, record.LogicalName, record.Id)
        .Append(record.Id)
        .SelectMany(id => session.Query(MeantAddresses, row => row.GetString(0), org, record.LogicalName, id))
        .Distinct(StringComparer.Ordinal);

    private static RecordLife? ReadLife(SqliteSession session, long org, RecordReference reference) => session.Query(
        Life,
        StoredRules.Life,
        org,
        reference.LogicalName,
        reference.Id).FirstOrDefault();

    private static long ReadVersion(SqliteSession session, long org) => session.Number(Version, org)!.Value;

    private static List<CrmRecord> Read(SqliteSession session, long org, RecordReference reference) => session.Query(
        Record,
        row => new CrmRecord(
            row.RecordFacts(0),
            row.GetString(5),
            [.. session.Query(OwnAddresses, address => address.Address(0), org, reference.LogicalName, reference.Id)],
            row.Record(6)),
        org,
        reference.LogicalName,
        reference.Id);

    // Times are stored in whole microseconds.
    private static DateTimeOffset Whole(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
