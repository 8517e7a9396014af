using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Rows of ids, and the emails that bear, hold or name them.</summary>
internal static class StoredKeys
{
    /// <summary>Mail under one id that is looked at: an outsider can make any number of it.</summary>
    private const string SharersMax = "256";

    private const string Rows = """
        select t.key, e.key, t.is_borne, t.is_near_claimed, t.is_contested, t.holder
        from json_each($2) k cross join thread_key t on t.org = $1 and t.key = unhex(k.value)
        left join email e on e.id = t.holder
        """;

    private const string Bearers = "select e.id from json_each($2) k cross join email e on e.org = $1 and e.key = unhex(k.value)";

    private const string Variants = $"""
        select e.id from json_each($2) k cross join email e on e.id in (
            select x.id from email x where x.org = $1 and x.id_key = unhex(k.value) and x.id_key <> x.key
            order by x.id limit {SharersMax})
        """;

    private const string Named = "select n.key from json_each($1) k cross join claim n on n.email_id = k.value";

    /// <summary>The rows of ids, and the row numbers of their holders.</summary>
    public static List<(KeyFacts Facts, long? Holder)> Read(SqliteSession session, long org, IEnumerable<MessageKey> keys) =>
        session.Query(
            Rows,
            row => (new KeyFacts(row.Key(0), row.KeyOrNull(1), row.Flag(2), row.Flag(3), row.Flag(4)),
                row.IsDBNull(5) ? null : (long?)row.GetInt64(5)),
            org,
            Values.Many(keys));

    /// <summary>The row numbers of emails whose key is one of these.</summary>
    public static List<long> ReadBearers(SqliteSession session, long org, IEnumerable<MessageKey> keys) =>
        session.Query(Bearers, row => row.GetInt64(0), org, Values.Many(keys));

    /// <summary>The row numbers of other mail under these ids.</summary>
    public static List<long> ReadVariants(SqliteSession session, long org, IEnumerable<MessageKey> ids) =>
        session.Query(Variants, row => row.GetInt64(0), org, Values.Many(ids));

    /// <summary>The ids that emails name.</summary>
    public static List<MessageKey> ReadNamed(SqliteSession session, IReadOnlyCollection<long> emails) =>
        emails.Count == 0 ? [] : session.Query(Named, row => row.Key(0), Values.Many(emails));
}
