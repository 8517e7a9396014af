namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Changes of records: each takes the next version of the directory and names the addresses that it concerns.</summary>
internal static class DirectoryChanges
{
    private const string NextVersion = """
        update organization set directory_version = directory_version + 1 where id = $1 returning directory_version
        """;

    private const string Insert = "insert into directory_change (org, version, changed_on, addresses) values ($1, $2, $3, $4)";

    /// <summary>Writes a change.</summary>
    /// <returns>Its version.</returns>
    public static long Note(SqliteSession session, long org, IEnumerable<string> addresses, DateTimeOffset now)
    {
        var version = session.Number(NextVersion, org)!.Value;
        session.Execute(Insert, org, version, now, Values.Many(addresses.Order(StringComparer.Ordinal)));
        return version;
    }
}
