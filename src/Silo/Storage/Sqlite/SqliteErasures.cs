using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Erasures in the database file.</summary>
internal sealed class SqliteErasures(SqliteReaders readers, SqliteNames names, SqliteWriter writer, TimeProvider time) : IErasures
{
    private const int PageMax = 256;

    private const string ByAddress = """
        select e.id, e.key, e.activity_id, e.sent_on from (
            select p.email_id as id from activity_party p where p.address = $2 and p.email_id > $3
            union select w.id from email w where w.org = $1 and w.left_out is not null and w.is_withheld and w.sender = $2 and w.id > $3
        ) f
        cross join email e on e.id = f.id and e.org = $1 and e.left_out is not 109
        order by e.id limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ErasableEmail>> FindByAddressAsync(
        string organization, EmailAddress address, long after, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, ByAddress, Erasable, cancellationToken, address, after, countMax);

    private const string Aged = """
        select e.id, e.key, e.activity_id, e.sent_on from email e
        where e.org = $1 and e.received_on < $2 and e.left_out is not 109 limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ErasableEmail>> FindAgedAsync(
        string organization, DateTimeOffset until, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Aged, Erasable, cancellationToken, until, countMax);

    // An email whose participants are kept is found by them.
    private const string Kept = """
        select s.content_hash, s.email_key from sighting s
        left join email e on e.org = s.org and e.key = s.email_key
        where s.org = $1 and s.outcome <> 1 and s.reason <> 109 and e.is_withheld is not 0
            and exists (select 1 from content c where c.org = s.org and c.hash = s.content_hash)
        union
        select s.content_hash, s.email_key from email e
        join sighting s on s.org = e.org and s.email_key = e.key and s.reason <> 109
        where e.org = $1 and e.left_out is not null and e.is_withheld
            and exists (select 1 from content c where c.org = s.org and c.hash = s.content_hash)
        union
        select l.content_hash, null from dead_letter l where l.org = $1 and l.content_hash is not null
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ErasableRaw>> ReadKeptAsync(string organization, CancellationToken cancellationToken = default) =>
        ErasableRaw.Of(await AllAsync(organization, Kept, row => (row.Hash(0), row.KeyOrNull(1)), cancellationToken));

    private const string Seen = """
        select hex(s.content_hash) from json_each($2) k cross join sighting s on s.org = $1 and s.email_key = unhex(k.value)
        """;

    private const string Sizes = """
        select c.size from json_each($2) k cross join content c on c.org = $1 and c.hash = unhex(k.value)
        """;

    /// <inheritdoc/>
    public Task<(long Copies, long Bytes)> MeasureAsync(
        string organization, ImmutableArray<MessageKey> emails, ImmutableArray<string> letters, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session =>
            {
                var org = names.Read(session, organization);
                var copies = session.Query(Seen, row => row.GetString(0), org, Values.Many(emails));
                var hashes = copies.Concat(letters).Distinct(StringComparer.OrdinalIgnoreCase);
                return ((long)copies.Count, session.Query(Sizes, row => row.GetInt64(0), org, Values.Many(hashes)).Sum());
            },
            cancellationToken);

    private const string Holders = """
        select r.logical_name, r.id from record_address a
        cross join record r on r.org = a.org and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        where a.org = $1 and a.address = $2 order by r.logical_name, r.id
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordReference>> ReadHoldersAsync(
        string organization, EmailAddress address, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Holders, row => row.Record(0)!.Value, cancellationToken, address);

    // A caller that was not answered calls again: the id lets one of them in.
    private const string Begin = """
        insert into erasure (id, org, kind, address_digest, erased_by, erased_on, why) values ($2, $1, $3, $4, $5, $6, $7)
        on conflict (id) do nothing
        """;

    private const string Settle = "insert into erasure_email (erasure_id, email_key) values ($1, $2)";

    private const string ForgetChoices = "delete from address_choice_log where org = $1 and address = $2";

    private const string Count = "update erasure set bytes = bytes + $2 where id = $1";

    /// <inheritdoc/>
    public Task BeginAsync(
        string organization,
        Erasure erasure,
        ImmutableArray<MessageKey> emails,
        ImmutableArray<string> letters,
        EmailAddress? address = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        return writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                var digest = erasure.AddressDigest is { } text ? Convert.FromHexString(text) : null;
                if (session.Execute(Begin, org, erasure.Id, erasure.Kind, digest, erasure.By, erasure.On, erasure.Why) == 0)
                {
                    return false;
                }

                foreach (var email in emails.Distinct())
                {
                    session.Execute(Settle, erasure.Id, email);
                }

                session.Execute(
                    Count, erasure.Id, letters.Sum(letter => ErasureWrites.Forget(session, org, Convert.FromHexString(letter))));
                if (address is { Value: var chosen })
                {
                    session.Execute(ForgetChoices, org, chosen);
                    if (session.Execute(SqliteDirectory.DropChoice, org, chosen) + session.Execute(SqliteDirectory.ClearChoice, org, chosen) > 0)
                    {
                        DirectoryChanges.Note(session, org, [chosen], time.GetUtcNow());
                    }
                }

                return true;
            },
            cancellationToken);
    }

    private const string Columns =
        "e.id, e.kind, e.address_digest, e.erased_by, e.erased_on, e.why, e.emails, e.copies, e.bytes, e.swept_on, e.finished_on";

    private const string One = $"select {Columns} from erasure e where e.org = $1 and e.id = $2";

    private const string Latest = $"select {Columns} from erasure e where e.org = $1 order by e.erased_on desc, e.id limit $2";

    private const string Open = $"select {Columns} from erasure e where e.org = $1 and e.finished_on is null order by e.erased_on, e.id limit $2";

    /// <inheritdoc/>
    public async Task<Erasure?> FindAsync(string organization, Guid erasure, CancellationToken cancellationToken = default) =>
        (await AllAsync(organization, One, ErasureOf, cancellationToken, erasure)).FirstOrDefault();

    /// <inheritdoc/>
    public Task<ImmutableArray<Erasure>> ReadAsync(
        string organization, bool openOnly, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, openOnly ? Open : Latest, ErasureOf, cancellationToken, countMax);

    private const string Due = """
        select d.email_key, c.conversation_id from erasure_email d
        left join email e on e.org = $1 and e.key = d.email_key
        left join conversation c on c.id = e.conversation_id
        where d.erasure_id = $2 and d.is_done = 0 limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<DueEmail>> ReadDueAsync(
        string organization, Guid erasure, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(
            organization,
            Due,
            row => new DueEmail(row.Key(0), row.IsDBNull(1) ? null : row.Id(1)),
            cancellationToken,
            erasure,
            countMax);

    private const string Swept = "update erasure set swept_on = $3 where org = $1 and id = $2 and swept_on is null";

    /// <inheritdoc/>
    public Task SweptAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        writer.EditAsync(session => session.Execute(Swept, names.Ensure(session, organization), erasure, now), cancellationToken);

    private const string Done =
        "select d.email_key from erasure_email d where $1 > 0 and d.erasure_id = $2 and d.email_key > $3 order by d.email_key limit $4";

    private const string Finish = "update erasure set finished_on = coalesce(finished_on, $3) where org = $1 and id = $2";

    private const string Forget = "delete from erasure_email where erasure_id = $1";

    /// <inheritdoc/>
    public async Task FinishAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(organization, erasure, cancellationToken) is not { } found)
        {
            return;
        }

        var trace = TraceJson.Write(ErasedCopies.TraceOf(found.By, found.On));
        for (byte[] after = []; ;)
        {
            var keys = await AllAsync(organization, Done, row => row.Key(0), cancellationToken, erasure, after, PageMax);
            if (keys.IsEmpty)
            {
                break;
            }

            await writer.EditAsync(
                session =>
                {
                    ErasureWrites.Write(session, names.Ensure(session, organization), erasure, keys, trace);
                    return true;
                },
                cancellationToken);
            after = keys[^1].ToBytes();
        }

        await writer.EditAsync(
            session => session.Execute(Forget, erasure) + session.Execute(Finish, names.Ensure(session, organization), erasure, now),
            cancellationToken);
    }

    private static ErasableEmail Erasable(SqliteDataReader row) =>
        new(row.GetInt64(0), row.Key(1), row.Id(2), row.IsDBNull(3) ? null : row.Time(3));

    private static Erasure ErasureOf(SqliteDataReader row) => new()
    {
        Id = row.Id(0),
        Kind = (ErasureKind)row.GetInt32(1),
        AddressDigest = row.IsDBNull(2) ? null : row.Hash(2),
        By = row.GetString(3),
        On = row.Time(4),
        Why = row.Text(5),
        Emails = row.GetInt64(6),
        Copies = row.GetInt64(7),
        Bytes = row.GetInt64(8),
        SweptOn = row.IsDBNull(9) ? null : row.Time(9),
        FinishedOn = row.IsDBNull(10) ? null : row.Time(10),
    };

    private async Task<ImmutableArray<T>> AllAsync<T>(
        string organization, string sql, Func<SqliteDataReader, T> row, CancellationToken cancellationToken, params object?[] values) =>
        [.. await readers.ReadAsync(session => session.Query(sql, row, [names.Read(session, organization), .. values]), cancellationToken)];
}
