using System.Security.Cryptography;
using EmailTracking.Storage;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Raw mail in the database file.</summary>
internal sealed class SqliteContentStore(
    SqliteReaders readers,
    SqliteNames names,
    SqliteWriter writer,
    TimeProvider time,
    IOptions<TrackingStoreOptions> options) : IContentStore
{
    private const int SweptMax = 1_000;
    private static readonly TimeSpan UnneededKept = TimeSpan.FromDays(1);

    // Longer than another delivery of the same bytes takes from keeping them to its decision.
    private static readonly TimeSpan ReleasedKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DayMovedAfter = TimeSpan.FromHours(1);

    // Mail that comes again while the sweep is about to look at it has another day; most comes once, and nothing is written twice.
    private const string Put = """
        insert into content (org, hash, size, encoding, body, created_on, check_on)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (org, hash) do update set check_on = excluded.check_on where check_on < $8
        """;

    // The first delivery under a name binds it; a name that is older than it is remembered is free again.
    private const string Bind = """
        insert into operation (org, mailbox, id, content_hash, created_on) values ($1, $2, $3, $4, $5)
        on conflict (org, mailbox, id) do update set content_hash = excluded.content_hash, created_on = excluded.created_on
            where created_on < $6
        """;

    private const string BoundTo = "select 1 from operation where org = $1 and mailbox = $2 and id = $3 and content_hash = $4";

    /// <inheritdoc/>
    public Task<KeptContent> PutAsync(
        string organization,
        ReadOnlyMemory<byte> content,
        DeliveryOperation? operation,
        CancellationToken cancellationToken = default)
    {
        // Before it is queued: the writer's thread is for writing.
        var (hash, packed) = (SHA256.HashData(content.Span), PackedContent.Of(content));
        return writer.EditAsync(
            session =>
            {
                var (org, now) = (names.Ensure(session, organization), time.GetUtcNow());
                var checkOn = now + UnneededKept;
                session.Execute(
                    Put, org, hash, packed.Size, packed.Encoding, packed.Body, now, checkOn, checkOn - DayMovedAfter);
                if (operation is not { } one)
                {
                    return new KeptContent(Convert.ToHexStringLower(hash), IsOperationReused: false);
                }

                session.Execute(Bind, org, one.Mailbox, one.Id, hash, now, now - options.Value.OperationsKept);
                return new KeptContent(
                    Convert.ToHexStringLower(hash),
                    IsOperationReused: session.Number(BoundTo, org, one.Mailbox, one.Id, hash) is null);
            },
            cancellationToken,
            packed.Body.Length);
    }

    private const string Get = "select encoding, size, body from content where org = $1 and hash = $2";

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(string organization, string hash, CancellationToken cancellationToken = default)
    {
        var bytes = Convert.FromHexString(hash);
        var packed = await readers.ReadAsync(
            session => session.Query(
                Get,
                row => new PackedContent((ContentEncoding)row.GetInt32(0), row.GetInt64(1), row.Bytes(2)),
                names.Read(session, organization),
                bytes),
            cancellationToken);
        // A bare null would become an empty mail: arrays convert to memory.
        return packed.Count == 0 ? (ReadOnlyMemory<byte>?)null : packed[0].Unpack();
    }

    private const string Stage = """
        insert into content_part (org, upload_id, position, body, created_on) values ($1, $2, $3, $4, $5)
        on conflict (org, upload_id, position) do nothing
        """;

    /// <inheritdoc/>
    public Task StageAsync(
        string organization, string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default)
    {
        Upload.Check(offset, part);
        return writer.EditAsync(
            session => session.Execute(Stage, names.Ensure(session, organization), uploadId, offset, part, time.GetUtcNow()),
            cancellationToken,
            part.Length);
    }

    private const string ReadStaged = "select position, body from content_part where org = $1 and upload_id = $2 order by position";

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadStagedAsync(
        string organization, string uploadId, long length, CancellationToken cancellationToken = default) =>
        Upload.Join(
            await readers.ReadAsync(
                session => session.Query(
                    ReadStaged, row => (row.GetInt64(0), row.Bytes(1)), names.Read(session, organization), uploadId),
                cancellationToken),
            length);

    private const string Discard = "delete from content_part where org = $1 and upload_id = $2";

    /// <inheritdoc/>
    public Task DiscardStagedAsync(string organization, string uploadId, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session => session.Execute(Discard, names.Ensure(session, organization), uploadId), cancellationToken);

    private const string Release = "update content set check_on = $3 where org = $1 and hash = $2 and check_on > $3";

    /// <inheritdoc/>
    public Task ReleaseAsync(string organization, string hash, CancellationToken cancellationToken = default)
    {
        var bytes = Convert.FromHexString(hash);
        return writer.EditAsync(
            session => session.Execute(Release, names.Ensure(session, organization), bytes, time.GetUtcNow() + ReleasedKept), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> SweepAsync(string organization, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session => ContentSweep.Run(
                session,
                names.Ensure(session, organization),
                SweptMax,
                now,
                unneededUntil: now - UnneededKept,
                waitingUntil: now - options.Value.WaitingContentKept,
                operationsUntil: now - options.Value.OperationsKept,
                nextCheck: now + UnneededKept),
            cancellationToken);
}
