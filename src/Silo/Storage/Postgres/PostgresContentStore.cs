using System.Security.Cryptography;
using EmailTracking.Storage;
using Microsoft.Extensions.Options;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Raw mail in PostgreSQL.</summary>
internal sealed class PostgresContentStore(
    PostgresSources sources, PostgresNames names, TimeProvider time, IOptions<TrackingStoreOptions> options) : IContentStore
{
    private const int SweptMax = 1_000;
    private static readonly TimeSpan UnneededKept = TimeSpan.FromDays(1);

    // Longer than another delivery of the same bytes takes from keeping them to its decision.
    private static readonly TimeSpan ReleasedKept = TimeSpan.FromMinutes(10);

    private readonly ContentWriter _writer = new(sources, time, UnneededKept, options.Value.OperationsKept);

    /// <inheritdoc/>
    public async Task<KeptContent> PutAsync(
        string organization,
        ReadOnlyMemory<byte> content,
        DeliveryOperation? operation,
        CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        return await _writer.PutAsync(
            new KeptMail(org, SHA256.HashData(content.Span), PackedContent.Of(content), operation), cancellationToken);
    }

    private const string Get = "select encoding, size, body from content where org = $1 and hash = $2";

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(string organization, string hash, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Get, Value(org), Value(Convert.FromHexString(hash)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var body = await reader.GetFieldValueAsync<byte[]>(2, cancellationToken);
        return new PackedContent((ContentEncoding)reader.GetInt16(0), reader.GetInt64(1), body).Unpack();
    }

    private const string Stage = """
        insert into content_part (org, upload_id, position, body, created_on) values ($1, $2, $3, $4, $5)
        on conflict (org, upload_id, position) do nothing
        """;

    /// <inheritdoc/>
    public async Task StageAsync(
        string organization, string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default)
    {
        Upload.Check(offset, part);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Stage, Value(org), Value(uploadId), Value(offset), Value(part), Value(time.GetUtcNow().UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string ReadStaged = "select position, body from content_part where org = $1 and upload_id = $2 order by position";

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadStagedAsync(
        string organization, string uploadId, long length, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(ReadStaged, Value(org), Value(uploadId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var parts = await Rows.AllAsync(reader, row => (Position: row.GetInt64(0), Body: row.GetFieldValue<byte[]>(1)))
            .ToListAsync(cancellationToken);
        return Upload.Join(parts, length);
    }

    private const string Discard = "delete from content_part where org = $1 and upload_id = $2";

    /// <inheritdoc/>
    public async Task DiscardStagedAsync(string organization, string uploadId, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Discard, Value(org), Value(uploadId));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Release = "update content set check_on = $3 where org = $1 and hash = $2 and check_on > $3";

    /// <inheritdoc/>
    public async Task ReleaseAsync(string organization, string hash, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Release, Value(org), Value(Convert.FromHexString(hash)), Value((time.GetUtcNow() + ReleasedKept).UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Looked at once when due: what tracked mail or a dead letter needs is kept for good and not looked at again, what waits is
    // looked at a day later. Mail that comes again meanwhile has moved its day, so the second look at the row decides.
    private const string SweepContent = """
        with due as materialized (
            select c.org, c.hash from content c where c.org = $1 and c.check_on <= $2 order by c.check_on limit $5 for update
        ),
        needed as materialized (
            select due.org, due.hash,
                exists (
                    select from sighting s left join email e on e.org = s.org and e.key = s.email_key
                    where s.org = due.org and s.content_hash = due.hash and e.is_withheld is not true
                        and (s.outcome = 1 or e.content_hash = due.hash))
                or exists (select from dead_letter l where l.org = due.org and l.content_hash = due.hash) as for_good,
                exists (select from sighting s where s.org = due.org and s.content_hash = due.hash
                    and (s.outcome = 4 or (s.outcome = 3 and s.decided_on > $3))) as for_now
            from due
        ),
        kept as (
            update content c set check_on = case when n.for_good then null else $4::timestamptz end
            from needed n where c.org = n.org and c.hash = n.hash and (n.for_good or n.for_now)
        ),
        removed as (
            delete from content c using needed n
            where c.org = n.org and c.hash = n.hash and not n.for_good and not n.for_now
            returning 1
        )
        select count(*)::int from removed
        """;

    private const string SweepParts = """
        delete from content_part where (org, upload_id, position) in (
            select org, upload_id, position from content_part where org = $1 and created_on <= $2 limit $3)
        """;

    private const string SweepOperations = """
        delete from operation where (org, mailbox, id) in (
            select org, mailbox, id from operation where org = $1 and created_on < $2 limit $3)
        """;

    /// <inheritdoc/>
    public async Task<int> SweepAsync(string organization, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var dayAgo = (now - UnneededKept).UtcDateTime;
        var removed = 0;
        await using (var command = sources.Edits.Command(
            SweepContent,
            Value(org),
            Value(now.UtcDateTime),
            Value((now - options.Value.WaitingContentKept).UtcDateTime),
            Value((now + UnneededKept).UtcDateTime),
            Value(SweptMax)))
        {
            removed += (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        await RemoveAsync(SweepParts, dayAgo);
        await RemoveAsync(SweepOperations, (now - options.Value.OperationsKept).UtcDateTime);
        return removed;

        async Task RemoveAsync(string sql, DateTime before)
        {
            if (removed < SweptMax)
            {
                await using var command = sources.Edits.Command(sql, Value(org), Value(before), Value(SweptMax - removed));
                removed += await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
