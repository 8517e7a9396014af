using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Erasures in PostgreSQL.</summary>
internal sealed class PostgresErasures(PostgresSources sources, PostgresNames names, TimeProvider time) : IErasures
{
    private const int PageMax = 256;

    private const string ByAddress = """
        select e.id, e.key, e.activity_id, e.sent_on from (
            select p.email_id as id from activity_party p where p.address = $2 and p.email_id > $3
            union select w.id from email w where w.org = $1 and w.left_out is not null and w.is_withheld and w.sender = $2 and w.id > $3
        ) f
        join email e on e.id = f.id and e.org = $1 and e.left_out is distinct from 109
        order by e.id limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ErasableEmail>> FindByAddressAsync(
        string organization, EmailAddress address, long after, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, ByAddress, Erasable, cancellationToken, Value(address.Value), Value(after), Value(countMax));

    private const string Aged = """
        select e.id, e.key, e.activity_id, e.sent_on from email e
        where e.org = $1 and e.received_on < $2 and e.left_out is distinct from 109 limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ErasableEmail>> FindAgedAsync(
        string organization, DateTimeOffset until, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Aged, Erasable, cancellationToken, Value(until.UtcDateTime), Value(countMax));

    // An email whose participants are kept is found by them.
    private const string Kept = """
        select s.content_hash, s.email_key from sighting s
        left join email e on e.key = s.email_key and e.org = s.org
        where s.org = $1 and s.outcome <> 1 and s.reason <> 109 and e.is_withheld is not false
            and exists (select from content c where c.hash = s.content_hash and c.org = s.org)
        union
        select s.content_hash, s.email_key from email e
        join sighting s on s.email_key = e.key and s.org = e.org and s.reason <> 109
        where e.org = $1 and e.left_out is not null and e.is_withheld
            and exists (select from content c where c.hash = s.content_hash and c.org = s.org)
        union
        select l.content_hash, null from dead_letter l where l.org = $1 and l.content_hash is not null
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ErasableRaw>> ReadKeptAsync(string organization, CancellationToken cancellationToken = default) =>
        ErasableRaw.Of(await AllAsync(organization, Kept, row => (Rows.Hash(row, 0), Rows.KeyOrNull(row, 1)), cancellationToken));

    private const string Measure = """
        with copy as materialized (
            select s.content_hash from unnest($2::bytea[]) k(key) join sighting s on s.email_key = k.key and s.org = $1
        )
        select (select count(*) from copy),
            (select coalesce(sum(c.size), 0)::bigint from content c
             where c.org = $1 and c.hash in (select content_hash from copy union select unnest($3::bytea[])))
        """;

    /// <inheritdoc/>
    public async Task<(long Copies, long Bytes)> MeasureAsync(
        string organization, ImmutableArray<MessageKey> emails, ImmutableArray<string> letters, CancellationToken cancellationToken = default) =>
        (await AllAsync(
            organization,
            Measure,
            row => (row.GetInt64(0), row.GetInt64(1)),
            cancellationToken,
            Keys(emails, key => key),
            Column(letters, NpgsqlDbType.Bytea, Convert.FromHexString)))[0];

    private const string Holders = """
        select r.logical_name, r.id from record_address a
        join record r on r.org = a.org and r.logical_name = a.logical_name and r.id = a.id
        where a.org = $1 and a.address = $2 and r.deleted_on is null
        order by r.logical_name, r.id
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordReference>> ReadHoldersAsync(
        string organization, EmailAddress address, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Holders, row => Rows.Record(row, 0)!.Value, cancellationToken, Value(address.Value));

    // A caller that was not answered calls again, maybe on another silo: the id lets one of them in.
    private const string Begin = """
        with new as (
            insert into erasure (id, org, kind, address_digest, erased_by, erased_on, why) values ($2, $1, $3, $4, $5, $6, $7)
            on conflict (id) do nothing returning id
        ),
        settled as (
            insert into erasure_email (erasure_id, email_key) select new.id, k.key from new, unnest($8::bytea[]) k(key)
        ),
        gone as (
            delete from content c using new, unnest($9::bytea[]) k(hash) where c.org = $1 and c.hash = k.hash returning c.size
        )
        select (select count(*) from new)::int, (select coalesce(sum(size), 0)::bigint from gone)
        """;

    private const string Letters = $"""
        update dead_letter l set content_hash = null, reason = 109, problem = $2, folder = {Folder}
        where l.org = $1 and l.content_hash = any($3)
        """;

    // $4 keeps the number of the folders.
    private const string Folder = ErasureStatements.Folder;

    private const string ForgetChoices = "delete from address_choice_log where org = $1 and address = $2";

    private const string Counted = "update erasure set bytes = bytes + $2 where id = $1";

    /// <inheritdoc/>
    public async Task BeginAsync(
        string organization,
        Erasure erasure,
        ImmutableArray<MessageKey> emails,
        ImmutableArray<string> letters,
        EmailAddress? address = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var hashes = Column(letters, NpgsqlDbType.Bytea, Convert.FromHexString);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        long bytes;
        await using (var begin = Command(
            Begin,
            Value(org),
            Value(erasure.Id),
            Value((short)erasure.Kind),
            Value(erasure.AddressDigest is { } digest ? Convert.FromHexString(digest) : null, NpgsqlDbType.Bytea),
            Value(erasure.By),
            Value(erasure.On.UtcDateTime),
            Value(erasure.Why, NpgsqlDbType.Text),
            Keys(emails.Distinct().ToArray(), key => key),
            hashes))
        await using (var reader = await begin.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (reader.GetInt32(0) == 0)
            {
                return;
            }

            bytes = reader.GetInt64(1);
        }

        await using (var forget = Command(
            Letters,
            Value(org),
            Value(ErasureStatements.LetterProblem),
            (NpgsqlParameter)hashes.Clone(),
            Value(0),
            Column(ErasedCopies.PlainFolders, NpgsqlDbType.Text, folder => folder)))
        await using (var count = Command(Counted, Value(erasure.Id), Value(bytes)))
        {
            await forget.ExecuteNonQueryAsync(cancellationToken);
            await count.ExecuteNonQueryAsync(cancellationToken);
        }

        // Last: whoever writes records waits for the organization's row, and holds nothing that another waits for.
        if (address is { Value: var text })
        {
            await ForgetChoicesAsync(text);
        }

        await transaction.CommitAsync(cancellationToken);

        async Task ForgetChoicesAsync(string chosen)
        {
            await ExecuteAsync(PostgresDirectory.Queue, Value(org));
            await ExecuteAsync(ForgetChoices, Value(org), Value(chosen));
            if (await ExecuteAsync(PostgresDirectory.DropChoice, Value(org), Value(chosen)) +
                await ExecuteAsync(PostgresDirectory.ClearChoice, Value(org), Value(chosen)) > 0)
            {
                await ExecuteAsync(
                    DirectoryStatements.Note, Value(org), Column([chosen], NpgsqlDbType.Text, one => one), Value(time.GetUtcNow().UtcDateTime));
            }
        }

        async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = Command(sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }

        NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(parameter);
            }

            return command;
        }
    }

    private const string Columns =
        "e.id, e.kind, e.address_digest, e.erased_by, e.erased_on, e.why, e.emails, e.copies, e.bytes, e.swept_on, e.finished_on";

    private const string One = $"select {Columns} from erasure e where e.org = $1 and e.id = $2";

    private const string Latest = $"select {Columns} from erasure e where e.org = $1 order by e.erased_on desc, e.id limit $2";

    private const string Open = $"select {Columns} from erasure e where e.org = $1 and e.finished_on is null order by e.erased_on, e.id limit $2";

    /// <inheritdoc/>
    public async Task<Erasure?> FindAsync(string organization, Guid erasure, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, One, ErasureOf, cancellationToken, Value(erasure))).FirstOrDefault();

    /// <inheritdoc/>
    public Task<ImmutableArray<Erasure>> ReadAsync(
        string organization, bool openOnly, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, openOnly ? Open : Latest, ErasureOf, cancellationToken, Value(countMax));

    private const string Due = """
        select d.email_key, c.conversation_id from (
            select x.email_key from erasure_email x where x.erasure_id = $2 and not x.is_done limit $3
        ) d
        left join email e on e.key = d.email_key and e.org = $1
        left join conversation c on c.id = e.conversation_id
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<DueEmail>> ReadDueAsync(
        string organization, Guid erasure, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(
            organization,
            Due,
            row => new DueEmail(Rows.Key(row, 0), row.IsDBNull(1) ? null : row.GetGuid(1)),
            cancellationToken,
            Value(erasure),
            Value(countMax));

    private const string Swept = "update erasure set swept_on = $3 where org = $1 and id = $2 and swept_on is null";

    /// <inheritdoc/>
    public Task SweptAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Swept, _ => 0, cancellationToken, Value(erasure), Value(now.UtcDateTime));

    private const string Done = "select d.email_key from erasure_email d where $1 > 0 and d.erasure_id = $2 and d.email_key > $3 order by d.email_key limit $4";

    private const string Finish = """
        with settled as (delete from erasure_email d where d.erasure_id = $2)
        update erasure set finished_on = coalesce(finished_on, $3) where org = $1 and id = $2
        """;

    /// <inheritdoc/>
    public async Task FinishAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(organization, erasure, cancellationToken) is not { } found)
        {
            return;
        }

        var org = await names.OrganizationAsync(organization, cancellationToken);
        var trace = TraceJson.Write(ErasedCopies.TraceOf(found.By, found.On));
        for (byte[] after = []; ;)
        {
            var keys = await AllAsync(
                organization, Done, row => Rows.Key(row, 0), cancellationToken, Value(erasure), Value(after), Value(PageMax));
            if (keys.IsEmpty)
            {
                break;
            }

            await using var command = sources.Edits.Command(
                ErasureStatements.Scrub,
                ErasureStatements.Parameters([.. keys.Select(key => new ErasedRow(org, erasure, key, trace))]));
            await command.ExecuteNonQueryAsync(cancellationToken);
            after = keys[^1].ToBytes();
        }

        await AllAsync(organization, Finish, _ => 0, cancellationToken, Value(erasure), Value(now.UtcDateTime));
    }

    private static ErasableEmail Erasable(NpgsqlDataReader row) =>
        new(row.GetInt64(0), Rows.Key(row, 1), row.GetGuid(2), Rows.TimeOrNull(row, 3));

    private static Erasure ErasureOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Kind = (ErasureKind)row.GetInt16(1),
        AddressDigest = row.IsDBNull(2) ? null : Rows.Hash(row, 2),
        By = row.GetString(3),
        On = Rows.Time(row, 4),
        Why = Rows.Text(row, 5),
        Emails = row.GetInt64(6),
        Copies = row.GetInt64(7),
        Bytes = row.GetInt64(8),
        SweptOn = Rows.TimeOrNull(row, 9),
        FinishedOn = Rows.TimeOrNull(row, 10),
    };

    private async Task<ImmutableArray<T>> AllAsync<T>(
        string organization, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(sql, [Value(org), .. more]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, row).ToListAsync(cancellationToken)];
    }
}
