using System.Collections.Concurrent;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Reads, each of one moment, on a few threads: SQLite answers on the thread that asks, which must not be a grain's.</summary>
internal sealed class SqliteReaders(SqliteFile file, CommitMetrics metrics) : IDisposable
{
    private const int ReadersMax = 4;

    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _places = new(ReadersMax);

    /// <summary>Runs a read.</summary>
    /// <param name="read">What to read: all statements see the same moment.</param>
    /// <param name="cancellationToken">Gives up the wait for a free connection.</param>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        _places.Dispose();
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        var session = _idle.TryTake(out var idle) ? idle : file.OpenReader();
        try
        {
            session.Execute("begin");
            var result = read(session);
            session.Execute("commit");
            metrics.Statements(session.TakeStatements());
            _idle.Add(session);
            return result;
        }
        catch
        {
            // Whatever state it is in: the next read has a new one.
            session.Dispose();
            throw;
        }
    }
}
