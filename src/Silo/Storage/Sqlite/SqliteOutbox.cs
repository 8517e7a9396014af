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
        order by o.due_on, o.mailbox_id, o.folder, o.item
        limit $3
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, CancellationToken cancellationToken = default) =>
        [
            .. await readers.ReadAsync(
                session => session.Query(
                    Due,
                    row => new OutboxItem(row.Place(0), row.Hash(3), (FolderKind)row.GetInt32(4), row.Time(5), row.GetInt32(6), row.Flag(7)),
                    names.Read(session, organization),
                    now,
                    countMax),
                cancellationToken),
        ];

    private const string Next = "select due_on from outbox where org = $1 order by due_on limit 1";

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextDueAsync(string organization, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session => session.Query(Next, row => (DateTimeOffset?)row.Time(0), names.Read(session, organization)).FirstOrDefault(),
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
