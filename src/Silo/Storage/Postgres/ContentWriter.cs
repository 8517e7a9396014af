using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Raw mail to be kept, packed.</summary>
/// <param name="Org">The organization.</param>
/// <param name="Hash">SHA-256 of the raw mail.</param>
/// <param name="Packed">What is stored.</param>
/// <param name="Operation">The client's name for its delivery.</param>
internal sealed record KeptMail(int Org, byte[] Hash, PackedContent Packed, DeliveryOperation? Operation);

/// <summary>Keeps raw mail, many mails in one transaction: a flush costs more than a mail.</summary>
internal sealed class ContentWriter
{
    private const int MailsMax = 256;
    private const long BytesMax = 8 * 1024 * 1024;

    private readonly PostgresSources _sources;
    private readonly Gathering<KeptMail, KeptContent> _gathering;
    private readonly TimeProvider _time;
    private readonly TimeSpan _checkAfter;
    private readonly TimeSpan _operationsKept;

    /// <summary>Writes nothing yet.</summary>
    /// <param name="sources">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="checkAfter">When the sweep looks at a mail first.</param>
    /// <param name="operationsKept">How long a name binds.</param>
    public ContentWriter(PostgresSources sources, TimeProvider time, TimeSpan checkAfter, TimeSpan operationsKept)
    {
        (_sources, _time, _checkAfter, _operationsKept) = (sources, time, checkAfter, operationsKept);
        _gathering = new Gathering<KeptMail, KeptContent>(MailsMax, BytesMax, mail => mail.Packed.Body.Length, WriteAsync);
    }

    /// <summary>Keeps a mail and binds its name; durable when it returns.</summary>
    public Task<KeptContent> PutAsync(KeptMail mail, CancellationToken cancellationToken) => _gathering.AddAsync(mail, cancellationToken);

    // Mail that comes again while the sweep is about to look at it has another day; most comes once, and nothing is written twice.
    // In the order of the hashes, so that two silos never wait for each other in a circle.
    private const string Put = """
        insert into content (org, hash, size, encoding, body, created_on, check_on)
        select u.org, u.hash, u.size, u.encoding, u.body, $6, $7
        from unnest($1::int[], $2::bytea[], $3::bigint[], $4::smallint[], $5::bytea[]) as u(org, hash, size, encoding, body)
        on conflict (hash, org) do update set check_on = excluded.check_on
            where content.check_on < excluded.check_on - interval '1 hour'
        """;

    // The first delivery under a name binds it; a name that is older than it is remembered is free again.
    private const string Bind = """
        insert into operation (org, mailbox, id, content_hash, created_on)
        select u.org, u.mailbox, u.id, u.hash, $5
        from unnest($1::int[], $2::text[], $3::text[], $4::bytea[]) as u(org, mailbox, id, hash)
        on conflict (org, mailbox, id) do update set content_hash = excluded.content_hash, created_on = excluded.created_on
            where operation.created_on < $6
        """;

    private const string BoundToOthers = """
        select u.number from unnest($1::int[], $2::text[], $3::text[], $4::bytea[], $5::int[]) as u(org, mailbox, id, hash, number)
        join operation o on o.org = u.org and o.mailbox = u.mailbox and o.id = u.id
        where o.content_hash <> u.hash
        """;

    private async Task<IReadOnlyList<KeptContent>> WriteAsync(IReadOnlyList<KeptMail> mails)
    {
        var now = _time.GetUtcNow();
        await using var connection = await _sources.Edits.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        var contents = mails
            .Select(mail => (mail, key: (mail.Org, MessageKeyOf(mail.Hash))))
            .DistinctBy(one => one.key)
            .OrderBy(one => one.key)
            .Select(one => one.mail)
            .ToArray();
        batch.Add(
            Put,
            Column(contents, NpgsqlDbType.Integer, mail => mail.Org),
            Column(contents, NpgsqlDbType.Bytea, mail => mail.Hash),
            Column(contents, NpgsqlDbType.Bigint, mail => mail.Packed.Size),
            Column(contents, NpgsqlDbType.Smallint, mail => (short)mail.Packed.Encoding),
            Column(contents, NpgsqlDbType.Bytea, mail => mail.Packed.Body),
            Value(now.UtcDateTime),
            Value((now + _checkAfter).UtcDateTime));
        var named = mails.Index().Where(mail => mail.Item.Operation is not null)
            .Select(mail => new NamedMail(mail.Item.Org, mail.Item.Operation!.Value, mail.Item.Hash, mail.Index))
            .ToArray();
        if (named.Length > 0)
        {
            var names = named
                .DistinctBy(mail => (mail.Org, mail.Name))
                .OrderBy(mail => mail.Name.Mailbox.Value, StringComparer.Ordinal)
                .ThenBy(mail => mail.Name.Id, StringComparer.Ordinal)
                .ToArray();
            batch.Add(Bind, [.. Names(names), Value(now.UtcDateTime), Value((now - _operationsKept).UtcDateTime)]);
            batch.Add(BoundToOthers, [.. Names(named), Column(named, NpgsqlDbType.Integer, mail => mail.Number)]);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        var reused = new HashSet<int>();
        while (await reader.ReadAsync())
        {
            reused.Add(reader.GetInt32(0));
        }

        return [.. mails.Select((mail, number) => new KeptContent(Convert.ToHexStringLower(mail.Hash), reused.Contains(number)))];
    }

    private static NpgsqlParameter[] Names(NamedMail[] mails) =>
    [
        Column(mails, NpgsqlDbType.Integer, mail => mail.Org),
        Column(mails, NpgsqlDbType.Text, mail => mail.Name.Mailbox.Value),
        Column(mails, NpgsqlDbType.Text, mail => mail.Name.Id),
        Column(mails, NpgsqlDbType.Bytea, mail => mail.Hash),
    ];

    // Sixteen bytes of the hash sort and compare as well as all of them.
    private static MessageKey MessageKeyOf(byte[] hash) => MessageKey.FromBytes(hash.AsSpan(0, MessageKey.Size));

    private readonly record struct NamedMail(int Org, DeliveryOperation Name, byte[] Hash, int Number);
}
