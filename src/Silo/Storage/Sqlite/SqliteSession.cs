using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>One connection and its statements, each prepared once. For one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private int _statements;

    /// <summary>Whether a transaction is open: some failures end it.</summary>
    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Runs a statement whose parameters are $1, $2, … in order.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>A number that a query finds; null when it finds no row, or no number.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() as long?;

    /// <summary>How many statements were run since this was last asked.</summary>
    public int TakeStatements()
    {
        var count = _statements;
        _statements = 0;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        _statements++;
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = Values.Stored(values[i]);
        }

        return command;
    }
}
