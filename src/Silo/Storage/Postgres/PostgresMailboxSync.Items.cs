using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>Folders, and the messages in them.</content>
internal sealed partial class PostgresMailboxSync
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
        AllAsync(sources.Edits, organization, Folders, FolderOf, cancellationToken, Value(mailbox.Value));

    // Two silos read one mailbox for a moment, or people save its rules meanwhile: one after the other.
    private const string Lock = "select 1 from mailbox m where m.id = $1 for no key update";

    // All rules of folders with new names go before one comes back, so that two folders can change names with each other.
    private const string TakeRulesAlong = """
        with renamed as materialized (
            select f.name as before, u.name as after from unnest($2::int[], $3::text[]) as u(number, name)
            join mailbox_folder f on f.mailbox_id = $1 and f.number = u.number and f.name <> u.name
        ),
        gone as (
            delete from mailbox_tracking_folder t using renamed r where t.mailbox_id = $1 and t.name = r.before
            returning r.after, t.regarding_table, t.regarding_id, t.state, t.from_day, t.until_day
        )
        insert into mailbox_tracking_folder (mailbox_id, name, regarding_table, regarding_id, state, from_day, until_day)
        select distinct on (g.after) $1, g.after, g.regarding_table, g.regarding_id, g.state, g.from_day, g.until_day
        from gone g order by g.after
        on conflict (mailbox_id, name) do update set
            regarding_table = excluded.regarding_table, regarding_id = excluded.regarding_id, state = excluded.state,
            from_day = excluded.from_day, until_day = excluded.until_day
        """;

    private const string SaveFolders = """
        insert into mailbox_folder (
            mailbox_id, number, name, server_id, path, role, validity, mark_validity, mark_next, mark_change, gone_on,
            begin_number, closed_on, labels_refused_on)
        select $1, u.* from unnest(
            $2::int[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
            $11::timestamptz[], $12::bigint[], $13::timestamptz[], $14::timestamptz[]) as u
        on conflict (mailbox_id, number) do update set
            name = excluded.name, server_id = excluded.server_id, path = excluded.path, role = excluded.role, validity = excluded.validity,
            mark_validity = excluded.mark_validity, mark_next = excluded.mark_next, mark_change = excluded.mark_change,
            gone_on = excluded.gone_on, begin_number = excluded.begin_number, closed_on = excluded.closed_on,
            labels_refused_on = excluded.labels_refused_on
        """;

    // A page is saved again after a crash: what stands already is not written again. Where its sighting lies is settled when the message
    // is first saved; the sighting of erased mail has the digest of its folder's name.
    private const string SaveItems = """
        insert into mailbox_item (mailbox_id, folder, validity, number, place_folder, label, seen_on, gone_on, acts, tries, try_on)
        select $1, u.folder, u.validity, u.number,
            case when u.digest <> u.place and exists (
                select from sighting s where s.mailbox_id = $1 and s.folder = u.digest and s.item = u.item) then u.digest else u.place end,
            u.label, u.seen_on, u.gone_on, u.acts, u.tries, u.try_on
        from unnest(
            $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::timestamptz[],
            $10::timestamptz[], $11::int[], $12::int[], $13::timestamptz[])
            as u(folder, validity, number, item, place, digest, label, seen_on, gone_on, acts, tries, try_on)
        on conflict (mailbox_id, folder, validity, number) do update set
            label = excluded.label, gone_on = excluded.gone_on, acts = greatest(mailbox_item.acts, excluded.acts),
            tries = excluded.tries, try_on = excluded.try_on
        where mailbox_item.label <> excluded.label or mailbox_item.gone_on is distinct from excluded.gone_on
            or mailbox_item.acts < excluded.acts or mailbox_item.tries <> excluded.tries
            or mailbox_item.try_on is distinct from excluded.try_on
        """;

    /// <inheritdoc/>
    public async Task SaveProgressAsync(
        string organization, EmailAddress mailbox, ImmutableArray<FolderProgress> progress, CancellationToken cancellationToken = default)
    {
        var id = await MailboxAsync(await names.OrganizationAsync(organization, cancellationToken), mailbox, cancellationToken);
        var (folders, items) = (ProgressRows.Folders(progress), ProgressRows.Items(progress));
        await using var batch = sources.Edits.CreateBatch();
        batch.Add(Lock, Value(id));
        batch.Add(TakeRulesAlong, Named());
        batch.Add(
            SaveFolders,
            [
                .. Named(),
                Column(folders, NpgsqlDbType.Text, folder => folder.ServerId),
                Column(folders, NpgsqlDbType.Text, folder => folder.Path),
                Numbers(folders, folder => (int)folder.Role),
                Column(folders, NpgsqlDbType.Bigint, folder => (long)folder.Validity),
                Column(folders, NpgsqlDbType.Bigint, folder => (long?)folder.Mark?.Validity),
                Column(folders, NpgsqlDbType.Bigint, folder => (long?)folder.Mark?.Next),
                Column(folders, NpgsqlDbType.Bigint, folder => unchecked((long?)folder.Mark?.Change)),
                Column(folders, NpgsqlDbType.TimestampTz, folder => folder.GoneOn?.UtcDateTime),
                Column(folders, NpgsqlDbType.Bigint, folder => (long)folder.Begin),
                Column(folders, NpgsqlDbType.TimestampTz, folder => folder.ClosedOn?.UtcDateTime),
                Column(folders, NpgsqlDbType.TimestampTz, folder => folder.LabelsRefusedOn?.UtcDateTime),
            ]);
        if (items.Length > 0)
        {
            batch.Add(
                SaveItems,
                Value(id),
                Column(items, NpgsqlDbType.Integer, item => item.Folder),
                Column(items, NpgsqlDbType.Bigint, item => (long)item.Id.Validity),
                Column(items, NpgsqlDbType.Bigint, item => (long)item.Id.Number),
                Column(items, NpgsqlDbType.Text, item => item.Name),
                Column(items, NpgsqlDbType.Text, item => item.PlaceFolder),
                Column(ProgressRows.Digests(items), NpgsqlDbType.Text, digest => digest),
                Numbers(items, item => (int)item.Label),
                Column(items, NpgsqlDbType.TimestampTz, item => item.SeenOn.UtcDateTime),
                Column(items, NpgsqlDbType.TimestampTz, item => item.GoneOn?.UtcDateTime),
                Column(items, NpgsqlDbType.Integer, item => item.Acts),
                Column(items, NpgsqlDbType.Integer, item => item.Tries),
                Column(items, NpgsqlDbType.TimestampTz, item => item.TryOn?.UtcDateTime));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter[] Named() =>
        [
            Value(id),
            Column(folders, NpgsqlDbType.Integer, folder => folder.Number),
            Column(folders, NpgsqlDbType.Text, folder => folder.Name),
        ];
    }

    private const string ItemColumns = """
        i.folder, i.validity, i.number, i.place_folder, i.label, i.seen_on, i.gone_on,
        s.email_key, s.outcome, s.reason, e.id is not null, i.acts, i.tries, i.try_on
        """;

    private const string SightingOf = """
        sighting s on s.mailbox_id = i.mailbox_id and s.folder = i.place_folder
            and s.item = i.folder || '.' || i.validity || '.' || i.number
        left join email e on e.key = s.email_key and e.org = s.org and e.left_out is null
        """;

    // A message whose email is about to be decided again is left as it is until then.
    private const string IsSettled =
        "not exists (select from outbox o where o.mailbox_id = s.mailbox_id and o.folder = s.folder and o.item = s.item)";

    internal const string ItemsOfFolder = $"""
        select {ItemColumns} from (
            select x.* from mailbox_item x
            where x.mailbox_id = {Mailbox} and x.folder = $3 and x.validity = $4 and x.number > $5 order by x.number limit $6
        ) i
        left join {SightingOf}
        order by i.number
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadItemsAsync(
        string organization, EmailAddress mailbox, int folder, ItemId after, int countMax, CancellationToken cancellationToken = default) =>
        AllAsync(
            sources.Reads,
            organization,
            ItemsOfFolder,
            ItemOf,
            cancellationToken,
            Value(mailbox.Value),
            Value(folder),
            Value((long)after.Validity),
            Value((long)after.Number),
            Value(countMax));

    internal const string ItemsNamed = $"""
        select {ItemColumns} from unnest($3::int[], $4::bigint[], $5::bigint[]) as u(folder, validity, number)
        cross join lateral (
            select x.* from mailbox_item x
            where x.mailbox_id = {Mailbox} and x.folder = u.folder and x.validity = u.validity and x.number = u.number offset 0
        ) i
        left join {SightingOf}
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ItemDecision>> FindItemsAsync(
        string organization, EmailAddress mailbox, ImmutableArray<string> names, CancellationToken cancellationToken = default)
    {
        var ids = ProgressRows.Named(names);
        return ids.Length == 0 ? [] : await AllAsync(
            sources.Reads,
            organization,
            ItemsNamed,
            ItemOf,
            cancellationToken,
            Value(mailbox.Value),
            Column(ids, NpgsqlDbType.Integer, one => one.Folder),
            Column(ids, NpgsqlDbType.Bigint, one => (long)one.Id.Validity),
            Column(ids, NpgsqlDbType.Bigint, one => (long)one.Id.Number));
    }

    /// <summary>The parts of <c>item</c>, which names a message as <see cref="KnownItem.Name"/>; null for the item of an import or a client.</summary>
    internal const string ItemParts = @"case when item ~ '^\d{1,10}\.\d{1,10}\.\d{1,10}$' then string_to_array(item, '.')::bigint[] end";

    internal const string ItemsOfEmail = $"""
        select {ItemColumns} from (
            select o.mailbox_id, {ItemParts} as parts from (
                select x.mailbox_id, x.item from sighting x where x.email_key = $3 and x.org = $1 offset 0
            ) o where o.mailbox_id = {Mailbox}
        ) k
        cross join lateral (
            select x.* from mailbox_item x
            where x.mailbox_id = k.mailbox_id and x.folder = k.parts[1] and x.validity = k.parts[2] and x.number = k.parts[3] offset 0
        ) i
        left join {SightingOf}
        order by i.gone_on desc nulls first, i.folder, i.validity, i.number limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadItemsOfAsync(
        string organization, EmailAddress mailbox, MessageKey email, CancellationToken cancellationToken = default) => AllAsync(
        sources.Reads, organization, ItemsOfEmail, ItemOf, cancellationToken, Value(mailbox.Value), Value(email.ToBytes()), Value(OfEmailMax));

    internal const string Mislabelled = $"""
        select {ItemColumns} from mailbox_item i
        join {SightingOf}
        where i.mailbox_id = {Mailbox} and i.gone_on is null and i.seen_on >= $3 and i.folder = any ($5)
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
        CancellationToken cancellationToken = default) => AllAsync(
        sources.Reads,
        organization,
        Mislabelled,
        ItemOf,
        cancellationToken,
        Value(mailbox.Value),
        Value(seenSince.UtcDateTime),
        Value(countMax),
        Column(folders, NpgsqlDbType.Integer, number => number));

    internal const string LabelRetries = $"""
        select {ItemColumns} from mailbox_item i
        left join {SightingOf}
        where i.mailbox_id = {Mailbox} and i.try_on <= $3 and i.folder = any ($5)
        order by i.try_on limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemDecision>> ReadLabelRetriesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<int> folders,
        DateTimeOffset now,
        int countMax,
        CancellationToken cancellationToken = default) => AllAsync(
        sources.Reads,
        organization,
        LabelRetries,
        ItemOf,
        cancellationToken,
        Value(mailbox.Value),
        Value(now.UtcDateTime),
        Value(countMax),
        Column(folders, NpgsqlDbType.Integer, number => number));

    private const string ForgetGone = $"""
        delete from mailbox_item i using (
            select x.mailbox_id, x.folder, x.validity, x.number from mailbox_item x
            where x.mailbox_id = {Mailbox} and x.gone_on < $3 order by x.gone_on limit $4
        ) o
        where i.mailbox_id = o.mailbox_id and i.folder = o.folder and i.validity = o.validity and i.number = o.number
        """;

    /// <inheritdoc/>
    public Task<int> ForgetGoneAsync(
        string organization, EmailAddress mailbox, DateTimeOffset before, CancellationToken cancellationToken = default) => WriteAsync(
        organization, ForgetGone, cancellationToken, Value(mailbox.Value), Value(before.UtcDateTime), Value(ForgottenMax));

    private static FollowedFolder FolderOf(NpgsqlDataReader row) => new(
        row.GetInt32(0),
        Rows.Text(row, 1),
        row.GetString(2),
        row.GetString(3),
        (FolderRole)row.GetInt16(4),
        (uint)row.GetInt64(5),
        row.IsDBNull(7) ? null : new FolderMark((uint)row.GetInt64(6), (uint)row.GetInt64(7), unchecked((ulong)row.GetInt64(8))))
    {
        GoneOn = Rows.TimeOrNull(row, 9),
        Begin = (uint)row.GetInt64(10),
        ClosedOn = Rows.TimeOrNull(row, 11),
        LabelsRefusedOn = Rows.TimeOrNull(row, 12),
    };

    private static ItemDecision ItemOf(NpgsqlDataReader row) => new(
        new KnownItem(
            row.GetInt32(0),
            new ItemId((uint)row.GetInt64(1), (uint)row.GetInt64(2)),
            row.GetString(3),
            (ItemLabel)row.GetInt16(4),
            Rows.Time(row, 5))
        {
            GoneOn = Rows.TimeOrNull(row, 6),
            Acts = row.GetInt32(11),
            Tries = row.GetInt32(12),
            TryOn = Rows.TimeOrNull(row, 13),
        },
        Rows.KeyOrNull(row, 7),
        row.IsDBNull(8) ? null : (Outcome)row.GetInt16(8),
        row.IsDBNull(9) ? null : (ReasonCode)row.GetInt16(9),
        row.GetBoolean(10));
}
