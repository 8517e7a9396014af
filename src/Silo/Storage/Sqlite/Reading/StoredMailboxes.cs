using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Mailboxes with their folders, by address.</summary>
internal static class StoredMailboxes
{
    private const string Columns = "m.id, m.address, m.owner_table, m.owner_id, m.is_queue, m.filter, m.options";

    private const string Some = $"""
        select {Columns} from json_each($2) k cross join mailbox m on m.org = $1 and m.address = k.value order by m.address
        """;

    private const string Every = $"select {Columns} from mailbox m where m.org = $1 order by m.address";

    private const string Folders = """
        select f.mailbox_id, f.name, f.regarding_table, f.regarding_id, f.state, f.from_day, f.until_day
        from json_each($1) k cross join mailbox_tracking_folder f on f.mailbox_id = k.value
        order by f.mailbox_id, f.name
        """;

    public static IEnumerable<MailboxFacts> Read(SqliteSession session, long org, IEnumerable<string> addresses) =>
        Read(session, Some, org, Values.Many(addresses));

    public static IEnumerable<MailboxFacts> ReadAll(SqliteSession session, long org) => Read(session, Every, org);

    private const string Aliased = """
        select m.address from json_each($2) k
        cross join record_address a on a.org = $1 and a.address = k.value
        cross join mailbox m on m.org = $1 and m.owner_id = a.id and m.owner_table = a.logical_name
        """;

    /// <summary>The mailboxes of the users and queues that have some addresses.</summary>
    public static IEnumerable<string> ReadAliased(SqliteSession session, long org, IReadOnlyCollection<string> addresses) =>
        addresses.Count == 0 ? [] : session.Query(Aliased, row => row.GetString(0), org, Values.Many(addresses));

    private static IEnumerable<MailboxFacts> Read(SqliteSession session, string sql, params ReadOnlySpan<object?> values)
    {
        var rows = session.Query(
            sql,
            row => (Id: row.GetInt64(0), Facts: new MailboxFacts(
                row.Address(1), row.Record(2), row.Flag(4), (FilterMethod)row.GetInt32(5), [])
            {
                Options = PersonalOptionsJson.Read(row.Text(6)),
            }),
            values);
        var folders = session.Query(
            Folders,
            row => (Mailbox: row.GetInt64(0), Folder: new TrackingFolder(row.GetString(1), row.Record(2))
            {
                State = (FolderRuleState)row.GetInt32(4),
                From = row.DayOrNull(5),
                Until = row.DayOrNull(6),
            }),
            Values.Many(rows.Select(row => row.Id)))
            .ToLookup(row => row.Mailbox, row => row.Folder);
        return rows.Select(row => row.Facts with { Folders = [.. folders[row.Id]] });
    }
}
