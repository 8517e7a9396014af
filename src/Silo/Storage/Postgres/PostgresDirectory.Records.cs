using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>Records, what becomes of them, and which addresses that concerns.</content>
internal sealed partial class PostgresDirectory
{
    private const int RecordsMax = 1_000;

    // Two loads, or a load and a merge: whoever comes second waits here, and the statements behind it see what the first has written.
    internal const string Queue = "select directory_version from organization where id = $1 for no key update";

    // $2 to $6: the facts of the records that are saved; $7 to $9: their addresses. What was merged into a record resolves as it. A
    // merged record stays inactive, whatever is loaded. An address that a person chose the record for is none that the load took away;
    // one that it stands for in single emails, because a person said so, may stand for it again. "offset 0": looked up row by row,
    // however little the planner knows of the tables.
    private const string Given = """
        given as materialized (
            select u.* from unnest($2::text[], $3::uuid[], $4::boolean[], $5::uuid[], $6::timestamptz[])
                as u(logical_name, id, is_active, owner_id, created_on)
        ),
        given_address as materialized (
            select distinct u.* from unnest($7::text[], $8::text[], $9::uuid[]) as u(address, logical_name, id)
        ),
        held_address as materialized (
            select a.* from given g
            cross join lateral (
                select x.address, x.logical_name, x.id, x.is_own from record_address x
                where x.org = $1 and x.logical_name = g.logical_name and x.id = g.id offset 0
            ) a
        ),
        own_address as (select a.address, a.logical_name, a.id from held_address a where a.is_own),
        changed_record as (
            select g.logical_name, g.id from given g
            left join lateral (
                select x.* from record x where x.org = $1 and x.logical_name = g.logical_name and x.id = g.id offset 0
            ) r on true
            where r.id is null or r.deleted_on is not null
                or (r.is_active, r.owner_id, r.created_on) is distinct from
                    (g.is_active and r.successor_table is distinct from r.logical_name, g.owner_id, g.created_on)
        ),
        changed as (
            select a.address from changed_record c
            join (
                select * from given_address union all select a.address, a.logical_name, a.id from held_address a
            ) a on a.logical_name = c.logical_name and a.id = c.id
            union
            select a.address from changed_record c
            cross join lateral (
                select x.address from act x
                where x.org = $1 and x.record_table = c.logical_name and x.record_id = c.id and x.address is not null offset 0
            ) a
            union
            select a.address from changed_record c
            cross join lateral (
                select x.logical_name, x.id from record x where x.org = $1 and x.successor_table = c.logical_name and x.successor_id = c.id
                    and x.logical_name = c.logical_name offset 0
            ) p
            cross join lateral (
                select x.address from record_address x where x.org = $1 and x.logical_name = p.logical_name and x.id = p.id
                union all
                select x.address from act x
                where x.org = $1 and x.record_table = p.logical_name and x.record_id = p.id and x.address is not null
                offset 0
            ) a
            union
            select x.address from (
                (select * from given_address except select * from own_address)
                union all (select * from own_address except select * from given_address)) x
        )
        """;

    // An unchanged page takes no version and leaves no row.
    private const string Note = $"""
        with {Given},
        taken as (
            update organization set directory_version = directory_version + 1 where id = $1 and exists (select from changed)
            returning directory_version
        )
        insert into directory_change (org, version, changed_on, addresses)
        select $1, taken.directory_version, $10, array(select c.address from changed c order by c.address) from taken
        """;

    // Who may see what is about a record hangs on its owner, and whose timelines show it on its customer.
    private const string ListAnew = """
        insert into listing_due (org, email_id)
        select $1, m.id from unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[])
            as u(logical_name, id, owner_id, customer_table, customer_id)
        cross join lateral (
            select x.owner_id, x.customer_table, x.customer_id from record x
            where x.org = $1 and x.logical_name = u.logical_name and x.id = u.id offset 0
        ) r
        cross join lateral (
            select e.id from email e where e.org = $1 and e.regarding_id = u.id and e.regarding_table = u.logical_name
            union
            select p.email_id from activity_party p where p.record_id = u.id and p.record_table = u.logical_name
                and (r.customer_table, r.customer_id) is distinct from (u.customer_table, u.customer_id)
        ) m
        where (r.owner_id, r.customer_table, r.customer_id) is distinct from (u.owner_id, u.customer_table, u.customer_id)
        """;

    private const string SaveRecords = """
        insert into record (org, logical_name, id, name, is_active, owner_id, created_on, customer_table, customer_id)
        select $1, u.* from unnest(
            $2::text[], $3::uuid[], $4::text[], $5::boolean[], $6::uuid[], $7::timestamptz[], $8::text[], $9::uuid[]) as u
        on conflict (org, logical_name, id) do update set
            name = excluded.name, owner_id = excluded.owner_id, created_on = excluded.created_on, deleted_on = null,
            customer_table = excluded.customer_table, customer_id = excluded.customer_id,
            is_active = excluded.is_active and record.successor_table is distinct from record.logical_name,
            inactive_on = case
                when excluded.is_active and record.successor_table is distinct from record.logical_name then null
                when record.is_active then $10
                else record.inactive_on
            end
        """;

    // By the places of the rows: joined, every page of a load into an empty database would walk through the addresses of those
    // before it.
    internal const string DropAddresses = """
        delete from record_address where ctid = any(array(
            select a.ctid from unnest($2::text[], $3::uuid[]) as u(logical_name, id)
            cross join lateral (
                select x.ctid from record_address x where x.org = $1 and x.logical_name = u.logical_name and x.id = u.id and not x.is_chosen offset 0
            ) a
        ))
        """;

    // A choice outlives the load: whether the record has the address itself is said anew.
    private const string DisownAddresses = """
        update record_address set is_own = false where ctid = any(array(
            select a.ctid from unnest($2::text[], $3::uuid[]) as u(logical_name, id)
            cross join lateral (
                select x.ctid from record_address x where x.org = $1 and x.logical_name = u.logical_name and x.id = u.id and x.is_own offset 0
            ) a
        ))
        """;

    private const string NewAddresses = """
        insert into record_address (org, address, logical_name, id)
        select distinct $1, u.* from unnest($2::text[], $3::text[], $4::uuid[]) as u
        on conflict (address, org, logical_name, id) do update set is_own = true
        """;

    /// <inheritdoc/>
    public async Task SaveRecordsAsync(
        string organization, ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records.Length, RecordsMax, nameof(records));
        var org = await names.OrganizationAsync(organization, cancellationToken);

        // The last of several counts.
        CrmRecord[] rows = [.. records.Reverse().DistinctBy(record => record.Facts.Reference)];
        var addresses = rows.SelectMany(record => record.Addresses.Select(address => (Address: address, record.Facts.Reference))).ToArray();
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Queue, Value(org));
        batch.Add(Note, [Value(org), .. References(), .. Facts(), .. Addresses(), Value(time.GetUtcNow().UtcDateTime)]);
        batch.Add(
            ListAnew,
            Value(org),
            Column(rows, NpgsqlDbType.Text, record => record.Facts.Reference.LogicalName),
            Column(rows, NpgsqlDbType.Uuid, record => record.Facts.Reference.Id),
            Column(rows, NpgsqlDbType.Uuid, record => record.Facts.OwnerId),
            Column(rows, NpgsqlDbType.Text, record => record.Customer?.LogicalName),
            Column(rows, NpgsqlDbType.Uuid, record => record.Customer?.Id));
        batch.Add(
            SaveRecords,
            [
                Value(org),
                .. References(),
                Column(rows, NpgsqlDbType.Text, record => record.Name),
                .. Facts(),
                Column(rows, NpgsqlDbType.Text, record => record.Customer?.LogicalName),
                Column(rows, NpgsqlDbType.Uuid, record => record.Customer?.Id),
                Value(time.GetUtcNow().UtcDateTime),
            ]);
        batch.Add(DropAddresses, [Value(org), .. References()]);
        batch.Add(DisownAddresses, [Value(org), .. References()]);
        batch.Add(NewAddresses, [Value(org), .. Addresses()]);
        await batch.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter[] References() =>
        [
            Column(rows, NpgsqlDbType.Text, record => record.Facts.Reference.LogicalName),
            Column(rows, NpgsqlDbType.Uuid, record => record.Facts.Reference.Id),
        ];

        NpgsqlParameter[] Facts() =>
        [
            Column(rows, NpgsqlDbType.Boolean, record => record.Facts.IsActive),
            Column(rows, NpgsqlDbType.Uuid, record => record.Facts.OwnerId),
            Column(rows, NpgsqlDbType.TimestampTz, record => record.Facts.CreatedOn.UtcDateTime),
        ];

        NpgsqlParameter[] Addresses() =>
        [
            Column(addresses, NpgsqlDbType.Text, row => row.Address.Value),
            Column(addresses, NpgsqlDbType.Text, row => row.Reference.LogicalName),
            Column(addresses, NpgsqlDbType.Uuid, row => row.Reference.Id),
        ];
    }

    private const string Records = """
        select r.logical_name, r.id, r.is_active, r.owner_id, r.created_on, r.name,
            array(select a.address from record_address a
                where a.org = r.org and a.logical_name = r.logical_name and a.id = r.id and a.is_own order by a.address collate "C"),
            r.customer_table, r.customer_id
        from record r join unnest($2::text[], $3::uuid[]) as u(logical_name, id)
            on r.logical_name = u.logical_name and r.id = u.id
        where r.org = $1
        order by r.logical_name collate "C", r.id
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        RecordReference[] distinct = [.. references.Distinct()];
        await using var command = sources.Edits.Command(
            Records,
            Value(org),
            Column(distinct, NpgsqlDbType.Text, reference => reference.LogicalName),
            Column(distinct, NpgsqlDbType.Uuid, reference => reference.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Record).ToListAsync(cancellationToken)];
    }

    private const string Lives = """
        select r.logical_name, r.id, r.is_active, r.successor_table, r.successor_id, r.deleted_on, r.inactive_on
        from unnest($2::text[], $3::uuid[]) with ordinality as u(logical_name, id, number)
        join record r on r.org = $1 and r.logical_name = u.logical_name and r.id = u.id
        order by u.number
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<RecordLife>> ReadLivesAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        return await ReadLivesAsync(connection, org, references, cancellationToken);
    }

    private const string Stand = """
        update record set is_active = $4, successor_table = $5, successor_id = $6, deleted_on = $7, inactive_on = $8
        where org = $1 and logical_name = $2 and id = $3
        """;

    // What became the record becomes what it becomes.
    private const string Follow = """
        update record set successor_table = $4, successor_id = $5 where org = $1 and successor_table = $2 and successor_id = $3
        """;

    // Whose record an email is about changes with what the record becomes.
    private const string ListAbout = """
        insert into listing_due (org, email_id)
        select $1, e.id from email e where e.org = $1 and e.regarding_id = $3 and e.regarding_table = $2
        """;

    // Its addresses, and those of what was merged into it: before these follow elsewhere. So for those that it stands for in single
    // emails, because a person said so.
    private const string NoteAct = """
        with meant as (
            select r.id from record r
            where r.org = $1 and r.logical_name = $2 and (r.id = $3 or (r.successor_table = $2 and r.successor_id = $3))
        ),
        taken as (
            update organization set directory_version = directory_version + 1 where id = $1 returning directory_version
        )
        insert into directory_change (org, version, changed_on, addresses)
        select $1, taken.directory_version, $4, array(
            select a.address from meant r join record_address a on a.org = $1 and a.logical_name = $2 and a.id = r.id
            union
            select a.address from meant r
            join act a on a.org = $1 and a.record_table = $2 and a.record_id = r.id and a.address is not null)
        from taken
        """;

    private const string Version = "select directory_version from organization where id = $1";

    /// <inheritdoc/>
    public async Task<RecordAnswer> ChangeRecordAsync(string organization, RecordAct act, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(act);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var version = await ScalarAsync(connection, Queue, org, cancellationToken);
        var now = time.GetUtcNow();
        var lives = await ReadLivesAsync(
            connection, org, act.Other is { } other ? [act.Record, other] : [act.Record], cancellationToken);
        var before = lives.FirstOrDefault(life => life.Reference == act.Record);
        var (after, problem) = RecordActs.Decide(act, before, lives.FirstOrDefault(life => life.Reference == act.Other), now);
        if (after is null || after == before)
        {
            return new RecordAnswer(version, IsChanged: false, problem);
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(NoteAct, [.. Reference(), Value(now.UtcDateTime)]);
        batch.Add(ListAbout, Reference());
        batch.Add(
            Stand,
            [
                .. Reference(),
                Value(after.IsActive),
                Value(after.Successor?.LogicalName, NpgsqlDbType.Text),
                Value(after.Successor?.Id, NpgsqlDbType.Uuid),
                Value(after.DeletedOn?.UtcDateTime, NpgsqlDbType.TimestampTz),
                Value(after.InactiveOn?.UtcDateTime, NpgsqlDbType.TimestampTz),
            ]);
        if (act.Kind == RecordActKind.Merge)
        {
            batch.Add(Follow, [.. Reference(), Value(after.Successor!.Value.LogicalName), Value(after.Successor.Value.Id)]);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        version = await ScalarAsync(connection, Version, org, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RecordAnswer(version, IsChanged: true, null);

        NpgsqlParameter[] Reference() => [Value(org), Value(act.Record.LogicalName), Value(act.Record.Id)];
    }

    private const string Changes = """
        select version, changed_on, addresses from directory_change where org = $1 and version > $2 order by version limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<DirectoryChange>> ReadChangesAsync(
        string organization, long after, int countMax, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Changes, Value(org), Value(after), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return
        [
            .. await Rows.AllAsync(reader, row => new DirectoryChange(row.GetInt64(0), Rows.Time(row, 1), Rows.Addresses(row, 2)))
                .ToListAsync(cancellationToken),
        ];
    }

    private const string DropChange = "delete from directory_change where org = $1 and version = $2";

    /// <inheritdoc/>
    public async Task RemoveChangeAsync(string organization, long version, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(DropChange, Value(org), Value(version));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<ImmutableArray<RecordLife>> ReadLivesAsync(
        NpgsqlConnection connection, int org, ImmutableArray<RecordReference> references, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            Lives,
            Value(org),
            Column(references, NpgsqlDbType.Text, reference => reference.LogicalName),
            Column(references, NpgsqlDbType.Uuid, reference => reference.Id));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return
        [
            .. await Rows.AllAsync(reader, Rows.Life).ToListAsync(cancellationToken),
        ];
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, int org, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(Value(org));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static CrmRecord Record(NpgsqlDataReader reader) =>
        new(Rows.RecordFacts(reader, 0), reader.GetString(5), Rows.Addresses(reader, 6), Rows.Record(reader, 7));
}
