using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The database file of this process, and of no other while it is open.</summary>
/// <param name="path">The file; it is created when absent, its folder is not.</param>
internal sealed class SqliteFile(string path) : IDisposable
{
    // The connection tries again only now and then: who waits is let in by SQLite itself, in milliseconds.
    private const string Shared = "pragma busy_timeout = 1000; pragma temp_store = memory;";

    // Every commit is on the disk before it is answered. The log goes into the file every 16 MB, and is cut back after a burst. What is
    // deleted is overwritten: erased mail must not lie in free pages.
    private const string Writing =
        $"{Shared} pragma synchronous = full; pragma secure_delete = on; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864; pragma cache_size = -65536;";

    private const string Reading = $"{Shared} pragma query_only = on; pragma cache_size = -16384;";

    private readonly string _path = Path.GetFullPath(path);
    private FileStream? _lock;

    /// <summary>Takes the file for this process and brings it forward.</summary>
    /// <exception cref="StoreInUseException">Another process, or another store of this one, has it.</exception>
    /// <exception cref="MigrationException">The file and this program do not fit.</exception>
    /// <exception cref="IOException">The file cannot be written, or is no database.</exception>
    public void Open()
    {
        // The operating system lets go of the lock with the process, however that ends. The file stays: to remove it would let two in.
        var name = $"{_path}-lock";
        try
        {
            _lock ??= new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException taken) when (IsTaken(taken))
        {
            throw new StoreInUseException(_path, taken);
        }

        try
        {
            Migrations.Apply(ConnectionString, MigrationSet.SqliteTracking);
        }
        catch (SqliteException failure)
        {
            throw new IOException(
                $"{_path} cannot be used as the database: {failure.Message} "
                + "Check that it is a database of this program, that it can be written, and that the disk has room.",
                failure);
        }
    }

    /// <summary>A connection for the one that writes.</summary>
    public SqliteSession OpenWriter() => new(Connect(Writing));

    /// <summary>A connection that cannot write.</summary>
    public SqliteSession OpenReader()
    {
        var connection = Connect(Reading);

        // SQLite's own functions know the case of ASCII letters only.
        connection.CreateFunction(
            "has_text", (string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase), isDeterministic: true);
        return new SqliteSession(connection);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsTaken(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 1 }.ConnectionString;

    private SqliteConnection Connect(string settings)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = settings;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>The database file is in use. It has one writer: stop the other process, or give this one a file of its own.</summary>
/// <param name="path">The file.</param>
/// <param name="inner">What the operating system said.</param>
public sealed class StoreInUseException(string path, Exception inner) : Exception(
    $"{path} is in use by another EmailTracking process, and has one writer only. "
    + "Stop that process or give this one a file of its own; for several silos use PostgreSQL.",
    inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = path;
}
