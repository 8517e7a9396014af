using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>Folders, and the messages in them.</content>
internal sealed partial class SqliteMailboxSync
{
    private const int OfEmailMax = 100;
    private const int ForgottenMax = 10_000;

    // The mailbox of the first two parameters.
    private const string Mailbox = "(select m.id from mailbox m where m.org = $1 and m.address = $2)";

    private const string Folders = $"""
        select f.number, f.server_id, f.path, f.name, f.role, f.validity, f.mark_validity, f.mark_next, f.mark_change, f.gone_on,
            f.begin_number, f.closed_on, f.labels_refused_on
        from mailbox_folder f where f.mailbox_id = {Mailbox} order by f.number
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<FollowedFolder>> ReadFoldersAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        AllAsync(organization, Folders, FolderOf, cancellationToken, mailbox);

    private const string FolderName = "select f.name from mailbox_folder f where f.mailbox_id = $1 and f.number = $2";

    private const string DropRule = """
        delete from mailbox_tracking_folder where mailbox_id = $1 and name = $2
        returning regarding_table, regarding_id, state, from_day, until_day
        """;

    private const string PutRule = """
        insert or replace into mailbox_tracking_folder (mailbox_id, name, regarding_table, regarding_id, state, from_day, until_day)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string SaveFolder = """
        insert into mailbox_folder (
            mailbox_id, number, name, server_id, path, role, validity, mark_validity, mark_next, mark_change, gone_on,
            begin_number, closed_on, labels_refused_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict (mailbox_id, number) do update set
            name = excluded.name, server_id = excluded.server_id, path = excluded.path, role = excluded.role, validity = excluded.validity,
            mark_validity = excluded.mark_validity, mark_next = excluded.mark_next, mark_change = excluded.mark_change,
            gone_on = excluded.gone_on, begin_number = excluded.begin_number, closed_on = excluded.closed_on,
            labels_refused_on = excluded.labels_refused_on
        """;

    // A page is saved again after a crash: what stands already is not written again. Where its sighting lies is settled when the message
    // is first saved; the sighting of erased mail has the digest of its folder's name.
    private const string SaveItem = """
        insert into mailbox_item (mailbox_id, folder, validity, number, place_folder, label, seen_on, gone_on, acts, tries, try_on)
        values ($1, $2, $3, $4,
            case when $6 <> $5 and exists (
                select 1 from sighting s where s.mailbox_id = $1 and s.folder = $6 and s.item = $7) then $6 else $5 end,
            $8, $9, $10, $11, $12, $13)
        on conflict (mailbox_id, folder, validity, number) do update set
            label = excluded.label, gone_on = excluded.gone_on, acts = max(acts, excluded.acts), tries = excluded.tries,
            try_on = excluded.try_on
        where label <> excluded.label or gone_on is not excluded.gone_on or acts < excluded.acts or tries <> excluded.tries
            or try_on is not excluded.try_on
        """;

    /// <inheritdoc/>
    public Task SaveProgressAsync(
        string organization, EmailAddress mailbox, ImmutableArray<FolderProgress> progress, CancellationToken cancellationToken = default)
    {
        var (folders, items) = (ProgressRows.Folders(progress), ProgressRows.Items(progress));
        var digests = ProgressRows.Digests(items);
        return writer.EditAsync(
            session =>
            {
                var id = SqliteNames.MailboxOf(session, names.Ensure(session, organization), mailbox);
                TakeRulesAlong(session, id, folders);
                foreach (var folder in folders)
                {
                    session.Execute(
                        SaveFolder,
                        id, folder.Number, folder.Name, folder.ServerId, folder.Path, folder.Role, folder.Validity, folder.Mark?.Validity,
                        folder.Mark?.Next, unchecked((long?)folder.Mark?.Change), folder.GoneOn,
                        folder.Begin, folder.ClosedOn, folder.LabelsRefusedOn);
                }

                foreach (var (item, digest) in items.Zip(digests))
                {
                    session.Execute(
                        SaveItem,
                        id, item.Folder, item.Id.Validity, item.Id.Number, item.PlaceFolder, digest, item.Name, item.Label,
                        item.SeenOn, item.GoneOn, item.Acts, item.Tries, item.TryOn);
                }

                return items.Length;
            },
            cancellationToken);
    }

    // All rules of folders with new names go before one comes back, so that two folders can change names with each other.
    private static void TakeRulesAlong(SqliteSession session, long mailbox, FollowedFolder[] folders)
    {
        var moved = new List<object?[]>();
        foreach (var folder in folders)
        {
            if (session.Query(FolderName, row => row.GetString(0), mailbox, folder.Number) is [var before] && before != folder.Name)
            {
                moved.AddRange(session.Query(
                    DropRule, row => (object?[])[mailbox, folder.Name, .. Enumerable.Range(0, 5).Select(row.GetValue)], mailbox, before));
            }
        }

        moved.ForEach(rule => session.Execute(PutRule, rule));
    }

    private const string ItemColumns = """
        i.folder, i.validity, i.number, i.place_folder, i.label, i.seen_on, i.gone_on,
        s.email_key, s.outcome, s.reason, e.id is not null, i.acts, i.tries, i.try_on
        """;

    private const string SightingOf = """
        sighting s on s.mailbox_id = i.mailbox_id and s.folder = i.place_folder
            and s.item = i.folder || '.' || i.validity || '.' || i.number
        left join email e on e.org = s.org and e.key = s.email_key and e.left_out is null
        """;

    // A message whose email is about to be decided again is left as it is until then.
    private const string IsSettled =
        "not exists (select 1 from outbox o where o.mailbox_id = s.mailbox_id and o.folder = s.folder and o.item = s.item)";

    private const string ItemsOfFolder = $"""
        select {ItemColumns} from mailbox_item i
        left join {SightingOf}
        where i.mailbox_id = {Mailbox} and i.folder = $3 and i.validity = $4 and i.number > $5
        order by i.number limit $6
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadItemsAsync(
        string organization, EmailAddress mailbox, int folder, ItemId after, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(organization, ItemsOfFolder, ItemOf, cancellationToken, mailbox, folder, after.Validity, after.Number, countMax);

    private const string ItemsNamed = $"""
        select {ItemColumns} from json_each($3) k
        cross join mailbox_item i on i.mailbox_id = {Mailbox} and i.folder = k.value ->> 0 and i.validity = k.value ->> 1
            and i.number = k.value ->> 2
        left join {SightingOf}
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> FindItemsAsync(
        string organization, EmailAddress mailbox, ImmutableArray<string> names, CancellationToken cancellationToken = default) =>
        AllAsync(organization, ItemsNamed, ItemOf, cancellationToken, mailbox, Many(names));

    private const string ItemsOfEmail = $"""
        select s.item from sighting s where s.org = $1 and s.email_key = $3 and s.mailbox_id = {Mailbox}
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadItemsOfAsync(
        string organization, EmailAddress mailbox, MessageKey email, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            var items = session.Query(ItemsOfEmail, row => row.GetString(0), org, mailbox, email);
            return session.Query(ItemsNamed, ItemOf, org, mailbox, Many(items))
                .OrderByDescending(one => one.Item.GoneOn ?? DateTimeOffset.MaxValue)
                .ThenBy(one => one.Item.Folder)
                .ThenBy(one => one.Item.Id.Validity)
                .ThenBy(one => one.Item.Id.Number)
                .Take(OfEmailMax)
                .ToImmutableArray();
        },
        cancellationToken);

    private const string Mislabelled = $"""
        select {ItemColumns} from mailbox_item i indexed by mailbox_item_seen
        cross join {SightingOf}
        where i.mailbox_id = {Mailbox} and i.gone_on is null and i.seen_on >= $3
            and i.folder in (select value from json_each($5))
            and case when e.id is not null then i.label in (0, 1, 4, 5) else i.label in (2, 3) and {IsSettled} end
        order by i.seen_on limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadMislabelledAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<int> folders,
        DateTimeOffset seenSince,
        int countMax,
        CancellationToken cancellationToken = default) =>
        AllAsync(organization, Mislabelled, ItemOf, cancellationToken, mailbox, seenSince, countMax, Many(folders));

    private const string LabelRetries = $"""
        select {ItemColumns} from mailbox_item i
        left join {SightingOf}
        where i.mailbox_id = {Mailbox} and i.try_on <= $3 and i.folder in (select value from json_each($5))
        order by i.try_on limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadLabelRetriesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<int> folders,
        DateTimeOffset now,
        int countMax,
        CancellationToken cancellationToken = default) =>
        AllAsync(organization, LabelRetries, ItemOf, cancellationToken, mailbox, now, countMax, Many(folders));

    private const string ForgetGone = $"""
        delete from mailbox_item where (mailbox_id, folder, validity, number) in (
            select x.mailbox_id, x.folder, x.validity, x.number from mailbox_item x
            where x.mailbox_id = {Mailbox} and x.gone_on < $3 order by x.gone_on limit $4)
        """;

    /// <inheritdoc/>
    public Task<int> ForgetGoneAsync(
        string organization, EmailAddress mailbox, DateTimeOffset before, CancellationToken cancellationToken = default) =>
        WriteAsync(organization, ForgetGone, cancellationToken, mailbox, before, ForgottenMax);

    /// <summary>Many folders as one value: a JSON array of their numbers.</summary>
    private static string Many(ImmutableArray<int> folders) => $"[{string.Join(',', folders)}]";

    /// <summary>Many messages as one value: a JSON array of arrays of their numbers.</summary>
    private static string Many(IEnumerable<string> names) =>
        $"[{string.Join(',', ProgressRows.Named(names).Select(one => $"[{one.Folder},{one.Id.Validity},{one.Id.Number}]"))}]";

    private static FollowedFolder FolderOf(SqliteDataReader row) => new(
        row.GetInt32(0),
        row.Text(1),
        row.GetString(2),
        row.GetString(3),
        (FolderRole)row.GetInt32(4),
        (uint)row.GetInt64(5),
        row.IsDBNull(7) ? null : new FolderMark((uint)row.GetInt64(6), (uint)row.GetInt64(7), unchecked((ulong)row.GetInt64(8))))
    {
        GoneOn = row.TimeOrNull(9),
        Begin = (uint)row.GetInt64(10),
        ClosedOn = row.TimeOrNull(11),
        LabelsRefusedOn = row.TimeOrNull(12),
    };

    private static ItemDecision ItemOf(SqliteDataReader row) => new(
        new KnownItem(
            row.GetInt32(0),
            new ItemId((uint)row.GetInt64(1), (uint)row.GetInt64(2)),
            row.GetString(3),
            (ItemLabel)row.GetInt32(4),
            row.Time(5))
        {
            GoneOn = row.TimeOrNull(6),
            Acts = row.GetInt32(11),
            Tries = row.GetInt32(12),
            TryOn = row.TimeOrNull(13),
        },
        row.KeyOrNull(7),
        row.IsDBNull(8) ? null : (Outcome)row.GetInt32(8),
        row.IsDBNull(9) ? null : (ReasonCode)row.GetInt32(9),
        row.Flag(10));
}
