using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The outbox in PostgreSQL.</summary>
internal sealed class PostgresOutbox(PostgresSources sources, PostgresNames names, TimeProvider time) : IOutbox
{
    private const string Due = """
        select m.address, o.folder, o.item, s.content_hash, s.folder_kind, s.received_on, o.attempts, s.is_backfill
        from outbox o
        join mailbox m on m.id = o.mailbox_id
        join sighting s on s.mailbox_id = o.mailbox_id and s.folder = o.folder and s.item = o.item
        where o.org = $1 and o.due_on <= $2
            and m.address <> all (case when s.content_hash = $6 then $5::text[] else $4::text[] end)
        order by o.due_on, o.mailbox_id, o.folder, o.item
        limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, BusyMailboxes? busy = null, CancellationToken cancellationToken = default)
    {
        busy ??= BusyMailboxes.None;
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Due,
            Value(org),
            Value(now.UtcDateTime),
            Value(countMax),
            Column(busy.WithContent, NpgsqlDbType.Text, mailbox => mailbox.Value),
            Column(busy.FromServer, NpgsqlDbType.Text, mailbox => mailbox.Value),
            Value(Convert.FromHexString(Sighting.NoContent)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return
        [
            .. await Rows.AllAsync(reader, row => new OutboxItem(
                Rows.Place(row, 0), Rows.Hash(row, 3), (FolderKind)row.GetInt16(4), Rows.Time(row, 5), row.GetInt32(6), row.GetBoolean(7)))
                .ToListAsync(cancellationToken),
        ];
    }

    private const string Next = """
        select min(d.due_on) from (
            (select o.due_on from outbox o where o.org = $1 and o.due_on > $2 order by o.due_on limit 1)
            union all
            (select s.due_on from copy_stamp s where s.org = $1 and s.due_on > $2 order by s.due_on limit 1)
        ) d
        """;

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> NextDueAsync(
        string organization, DateTimeOffset? after = null, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Next, Value(org), Value((after ?? DateTimeOffset.UnixEpoch).UtcDateTime));
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due) : null;
    }

    // A sighting that was tracked meanwhile is decided: it is neither marked nor tried again. What was skipped or waits is marked,
    // so that the decision which comes differs from the one that stands, and takes the item out of the outbox.
    private const string Mark = """
        insert into sighting (mailbox_id, folder, item, org, email_key, folder_kind, outcome, reason,
            settings_version, trace, content_hash, size, received_on, decided_on, is_backfill, seen_on)
        select u.mailbox_id, u.folder, u.item, $1, u.email_key, u.folder_kind, $9, $10,
            0, '[]', u.content_hash, u.size, u.received_on, $11, u.is_backfill, $11
        from unnest($2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::smallint[], $7::bytea[], $8::bigint[], $12::timestamptz[],
            $14::boolean[]) as u(mailbox_id, folder, item, email_key, folder_kind, content_hash, size, received_on, is_backfill)
        on conflict (mailbox_id, folder, item) do update
            set outcome = excluded.outcome, reason = excluded.reason, decided_on = excluded.decided_on, is_backfill = excluded.is_backfill
            where sighting.outcome <> $13
        """;

    private const string Put = """
        insert into outbox (mailbox_id, folder, item, org, due_on, attempts)
        select s.mailbox_id, s.folder, s.item, $1, $5, 1
        from unnest($2::bigint[], $3::text[], $4::text[]) as u(mailbox_id, folder, item)
        join sighting s on s.mailbox_id = u.mailbox_id and s.folder = u.folder and s.item = u.item and s.outcome = $6
        on conflict (mailbox_id, folder, item) do update set due_on = excluded.due_on, attempts = outbox.attempts + 1
        """;

    /// <inheritdoc/>
    public async Task DeferAsync(
        string organization, ImmutableArray<Sighting> sightings, DateTimeOffset dueOn, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await names.LearnAsync(org, sightings.Select(sighting => sighting.Place.Mailbox), cancellationToken);
        Sighting[] rows = [.. sightings.DistinctBy(sighting => sighting.Place)];
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            Mark,
            [
                .. Places(),
                Keys(rows, sighting => sighting.Facts.Thread.Key),
                Numbers(rows, sighting => (int)sighting.FolderKind),
                Column(rows, NpgsqlDbType.Bytea, sighting => Convert.FromHexString(sighting.ContentHash)),
                Column(rows, NpgsqlDbType.Bigint, sighting => sighting.Size),
                Value((short)Outcome.Deferred),
                Value((short)ReasonCode.Contended),
                Value(time.GetUtcNow().UtcDateTime),
                Column(rows, NpgsqlDbType.TimestampTz, sighting => sighting.ReceivedOn.UtcDateTime),
                Value((short)Outcome.Tracked),
                Column(rows, NpgsqlDbType.Boolean, sighting => sighting.IsBackfill),
            ]);
        batch.Add(Put, [.. Places(), Value(dueOn.UtcDateTime), Value((short)Outcome.Deferred)]);
        await batch.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter[] Places() =>
        [
            Value(org),
            Column(rows, NpgsqlDbType.Bigint, sighting => names.Mailbox(org, sighting.Place.Mailbox)),
            Column(rows, NpgsqlDbType.Text, sighting => sighting.Place.Folder),
            Column(rows, NpgsqlDbType.Text, sighting => sighting.Place.Item),
        ];
    }

    private const string Postpone = """
        update outbox o set due_on = $5, attempts = o.attempts + 1
        from unnest($2::text[], $3::text[], $4::text[]) as u(mailbox, folder, item)
        join mailbox m on m.org = $1 and m.address = u.mailbox
        where o.mailbox_id = m.id and o.folder = u.folder and o.item = u.item
        """;

    /// <inheritdoc/>
    public async Task PostponeAsync(
        string organization, ImmutableArray<SightingPlace> places, DateTimeOffset dueOn, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Postpone,
            Value(org),
            Column(places, NpgsqlDbType.Text, place => place.Mailbox.Value),
            Column(places, NpgsqlDbType.Text, place => place.Folder),
            Column(places, NpgsqlDbType.Text, place => place.Item),
            Value(dueOn.UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Stamps = """
        select m.address, s.conversation_id, s.number, s.attempts
        from copy_stamp s join mailbox m on m.id = s.mailbox_id
        where s.org = $1 and s.due_on <= $2 and m.address <> all ($4::text[])
        order by s.due_on, s.mailbox_id, s.conversation_id, s.number limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<CopyStamp>> ReadStampsAsync(
        string organization, DateTimeOffset now, ImmutableArray<EmailAddress> busy, int countMax, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Stamps,
            Value(org),
            Value(now.UtcDateTime),
            Value(countMax),
            Column(busy, NpgsqlDbType.Text, mailbox => mailbox.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return
        [
            .. await Rows.AllAsync(reader, row => new CopyStamp(
                Rows.Address(row, 0)!.Value, row.GetGuid(1), row.GetInt64(2), row.GetInt32(3))).ToListAsync(cancellationToken),
        ];
    }

    private const string RemoveStamps = """
        delete from copy_stamp s using unnest($2::text[], $3::uuid[], $4::bigint[]) as u(mailbox, conversation_id, number)
        join mailbox m on m.org = $1 and m.address = u.mailbox
        where s.mailbox_id = m.id and s.conversation_id = u.conversation_id and s.number = u.number
        """;

    /// <inheritdoc/>
    public async Task RemoveStampsAsync(
        string organization, ImmutableArray<CopyStamp> stamps, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(RemoveStamps, StampColumns(org, stamps));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string PostponeStamps = """
        update copy_stamp s set due_on = $5, attempts = s.attempts + 1
        from unnest($2::text[], $3::uuid[], $4::bigint[]) as u(mailbox, conversation_id, number)
        join mailbox m on m.org = $1 and m.address = u.mailbox
        where s.mailbox_id = m.id and s.conversation_id = u.conversation_id and s.number = u.number
        """;

    /// <inheritdoc/>
    public async Task PostponeStampsAsync(
        string organization, ImmutableArray<CopyStamp> stamps, DateTimeOffset dueOn, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(PostponeStamps, [.. StampColumns(org, stamps), Value(dueOn.UtcDateTime)]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter[] StampColumns(int org, ImmutableArray<CopyStamp> stamps) =>
    [
        Value(org),
        Column(stamps, NpgsqlDbType.Text, stamp => stamp.Mailbox.Value),
        Column(stamps, NpgsqlDbType.Uuid, stamp => stamp.ConversationId),
        Column(stamps, NpgsqlDbType.Bigint, stamp => stamp.Number),
    ];

    private const string Events = """
        select e.number, e.email_key, e.kind, e.occurred_on from conversation_event e
        where e.org = $1 and e.conversation_id = $2 and e.number > $3 order by e.number limit $4
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<NumberedEvent>> ReadEventsAsync(
        string organization, Guid conversation, long after, int countMax, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(Events, Value(org), Value(conversation), Value(after), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return
        [
            .. await Rows.AllAsync(reader, row => new NumberedEvent(
                row.GetInt64(0),
                new EmailEvent(conversation, Rows.Key(row, 1), (EmailEventKind)row.GetInt16(2)),
                Rows.Time(row, 3))).ToListAsync(cancellationToken),
        ];
    }

    /// <inheritdoc/>
    public async Task BuryAsync(string organization, DeadLetter letter, CancellationToken cancellationToken = default) =>
        await DeadLetters.WriteAsync(
            sources.Edits, await names.OrganizationAsync(organization, cancellationToken), [letter], cancellationToken);

    // What failed again since it was read has another time, and stays.
    private const string RemoveLetter = """
        delete from dead_letter where org = $1 and mailbox = $2 and folder = $3 and item = $4 and failed_on = $5
        """;

    /// <inheritdoc/>
    public async Task RemoveDeadLetterAsync(string organization, DeadLetter letter, CancellationToken cancellationToken = default)
    {
        var (org, place) = (await names.OrganizationAsync(organization, cancellationToken), letter.Place);
        await using var command = sources.Edits.Command(
            RemoveLetter,
            Value(org),
            Value(place.Mailbox.Value),
            Value(place.Folder),
            Value(place.Item),
            Value(letter.FailedOn.UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
