using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The outbox in the database file.</summary>
internal sealed class SqliteOutbox(SqliteReaders readers, SqliteNames names, SqliteWriter writer, TimeProvider time) : IOutbox
{
    private const string Due = """
        select m.address, o.folder, o.item, s.content_hash, s.folder_kind, s.received_on, o.attempts, s.is_backfill
        from outbox o
        join mailbox m on m.id = o.mailbox_id
        join sighting s on s.mailbox_id = o.mailbox_id and s.folder = o.folder and s.item = o.item
        where o.org = $1 and o.due_on <= $2
            and case when s.content_hash = $6 then m.address not in (select value from json_each($5))
                else m.address not in (select value from json_each($4)) end
        order by o.due_on, o.mailbox_id, o.folder, o.item
        limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, BusyMailboxes? busy = null, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session => session.Query(
                    Due,
                    row => new OutboxItem(row.Place(0), row.Hash(3), (FolderKind)row.GetInt32(4), row.Time(5), row.GetInt32(6), row.Flag(7)),
                    names.Read(session, organization),
                    now,
                    countMax,
                    Many(busy?.WithContent ?? []),
                    Many(busy?.FromServer ?? []),
                    Convert.FromHexString(Sighting.NoContent)),
                cancellationToken),
        ];

    /// <summary>Many mailboxes as one value: a JSON array of their addresses.</summary>
    private static string Many(ImmutableArray<EmailAddress> mailboxes) =>
        Values.Many(mailboxes.Select(mailbox => mailbox.Value));

    private const string Next = "select o.due_on from outbox o where o.org = $1 and o.due_on > $2 order by o.due_on limit 1";
    private const string NextStamp = "select s.due_on from copy_stamp s where s.org = $1 and s.due_on > $2 order by s.due_on limit 1";

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextDueAsync(
        string organization, DateTimeOffset? after = null, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var (org, begin) = (names.Read(session, organization), after ?? DateTimeOffset.UnixEpoch);
            return session.Query(Next, row => (DateTimeOffset?)row.Time(0), org, begin)
                .Concat(session.Query(NextStamp, row => (DateTimeOffset?)row.Time(0), org, begin))
                .Min();
        },
        cancellationToken);

    // A sighting that was tracked meanwhile is decided: it is neither marked nor tried again. What was skipped or waits is marked,
    // so that the decision which comes differs from the one that stands, and takes the item out of the outbox.
    private const string Mark = """
        insert into sighting (mailbox_id, folder, item, org, email_key, folder_kind, outcome, reason,
            settings_version, trace, content_hash, size, received_on, decided_on, is_backfill, seen_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 0, '[]', $9, $10, $11, $12, $14, $12)
        on conflict (mailbox_id, folder, item) do update
            set outcome = excluded.outcome, reason = excluded.reason, decided_on = excluded.decided_on, is_backfill = excluded.is_backfill
            where outcome <> $13
        """;

    private const string Put = """
        insert into outbox (mailbox_id, folder, item, org, due_on, attempts) values ($1, $2, $3, $4, $5, 1)
        on conflict (mailbox_id, folder, item) do update set due_on = excluded.due_on, attempts = attempts + 1
        """;

    /// <inheritdoc/>
    public Task DeferAsync(
        string organization, ImmutableArray<Sighting> sightings, DateTimeOffset dueOn, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session =>
            {
                var (org, now) = (names.Ensure(session, organization), time.GetUtcNow());
                foreach (var sighting in sightings.DistinctBy(sighting => sighting.Place))
                {
                    var place = sighting.Place;
                    var mailbox = SqliteNames.MailboxOf(session, org, place.Mailbox);
                    var marked = session.Execute(
                        Mark,
                        mailbox, place.Folder, place.Item, org, sighting.Facts.Thread.Key, sighting.FolderKind, Outcome.Deferred,
                        ReasonCode.Contended, Convert.FromHexString(sighting.ContentHash), sighting.Size, sighting.ReceivedOn, now,
                        Outcome.Tracked, sighting.IsBackfill);
                    if (marked > 0)
                    {
                        session.Execute(Put, mailbox, place.Folder, place.Item, org, dueOn);
                    }
                }

                return sightings.Length;
            },
            cancellationToken);

    private const string Postpone = """
        update outbox set due_on = $5, attempts = attempts + 1
        where mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = $2) and folder = $3 and item = $4
        """;

    /// <inheritdoc/>
    public Task PostponeAsync(
        string organization, ImmutableArray<SightingPlace> places, DateTimeOffset dueOn, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                return places.Distinct().Sum(
                    place => session.Execute(Postpone, org, place.Mailbox, place.Folder, place.Item, dueOn));
            },
            cancellationToken);

    private const string Stamps = """
        select m.address, s.conversation_id, s.number, s.attempts
        from copy_stamp s join mailbox m on m.id = s.mailbox_id
        where s.org = $1 and s.due_on <= $2 and m.address not in (select value from json_each($4))
        order by s.due_on, s.mailbox_id, s.conversation_id, s.number limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<CopyStamp>> ReadStampsAsync(
        string organization, DateTimeOffset now, ImmutableArray<EmailAddress> busy, int countMax, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session => session.Query(
                    Stamps,
                    row => new CopyStamp(row.Address(0), row.Id(1), row.GetInt64(2), row.GetInt32(3)),
                    names.Read(session, organization),
                    now,
                    countMax,
                    Many(busy)),
                cancellationToken),
        ];

    private const string RemoveStamp = """
        delete from copy_stamp
        where mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = $2) and conversation_id = $3 and number = $4
        """;

    /// <inheritdoc/>
    public Task RemoveStampsAsync(
        string organization, ImmutableArray<CopyStamp> stamps, CancellationToken cancellationToken = default) => writer.EditAsync(
        session =>
        {
            var org = names.Ensure(session, organization);
            return stamps.Sum(stamp => session.Execute(RemoveStamp, org, stamp.Mailbox, stamp.ConversationId, stamp.Number));
        },
        cancellationToken);

    private const string PostponeStamp = """
        update copy_stamp set due_on = $5, attempts = attempts + 1
        where mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = $2) and conversation_id = $3 and number = $4
        """;

    /// <inheritdoc/>
    public Task PostponeStampsAsync(
        string organization, ImmutableArray<CopyStamp> stamps, DateTimeOffset dueOn, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session =>
            {
                var org = names.Ensure(session, organization);
                return stamps.Sum(stamp => session.Execute(PostponeStamp, org, stamp.Mailbox, stamp.ConversationId, stamp.Number, dueOn));
            },
            cancellationToken);

    private const string Events = """
        select e.number, e.email_key, e.kind, e.occurred_on from conversation_event e
        where e.conversation_id = $2 and e.org = $1 and e.number > $3 order by e.number limit $4
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<NumberedEvent>> ReadEventsAsync(
        string organization, Guid conversation, long after, int countMax, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session => session.Query(
                    Events,
                    row => new NumberedEvent(
                        row.GetInt64(0), new EmailEvent(conversation, row.Key(1), (EmailEventKind)row.GetInt32(2)), row.Time(3)),
                    names.Read(session, organization),
                    conversation,
                    after,
                    countMax),
                cancellationToken),
        ];

    /// <inheritdoc/>
    public Task BuryAsync(string organization, DeadLetter letter, CancellationToken cancellationToken = default) =>
        writer.EditAsync(
            session =>
            {
                DeadLetters.Write(session, names.Ensure(session, organization), letter);
                return 1;
            },
            cancellationToken);

    // What failed again since it was read has another time, and stays.
    private const string RemoveLetter = """
        delete from dead_letter where org = $1 and mailbox = $2 and folder = $3 and item = $4 and failed_on = $5
        """;

    /// <inheritdoc/>
    public Task RemoveDeadLetterAsync(string organization, DeadLetter letter, CancellationToken cancellationToken = default)
    {
        var place = letter.Place;
        return writer.EditAsync(
            session => session.Execute(
                RemoveLetter, names.Ensure(session, organization), place.Mailbox, place.Folder, place.Item, letter.FailedOn),
            cancellationToken);
    }
}
