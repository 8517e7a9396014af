using Npgsql;
using NpgsqlTypes;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Short forms for statements with arrays.</summary>
internal static class Statements
{
    /// <summary>Appends a statement.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    /// <summary>Executes a batch whose statements are prepared on the way.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="source">Where its connection is from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    // Npgsql 10.0.3: a statement that was about to be prepared when its batch failed may count as prepared from then on, and the
    // connection answers 26000 to whoever uses it later (npgsql issues 4082 and 6391). Such connections are not used again.
    public static async Task<NpgsqlDataReader> ExecutePreparedAsync(
        this NpgsqlBatch batch, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await batch.ExecuteReaderAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not (NpgsqlException or OperationCanceledException)
            or PostgresException { SqlState: PostgresErrorCodes.InvalidSqlStatementName })
        {
            source.Clear();
            throw;
        }
    }

    /// <summary>A command for one statement.</summary>
    public static NpgsqlCommand Command(this NpgsqlDataSource source, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>One value that is there.</summary>
    public static NpgsqlParameter Value<T>(T value)
        where T : notnull => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>One value that may be absent.</summary>
    public static NpgsqlParameter Value(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>One column of many rows.</summary>
    public static NpgsqlParameter Column<TRow, T>(IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    /// <summary>A column of 16-byte keys.</summary>
    public static NpgsqlParameter Keys<TRow>(IReadOnlyList<TRow> rows, Func<TRow, Tracking.Mail.MessageKey> key) =>
        Column(rows, NpgsqlDbType.Bytea, row => key(row).ToBytes());

    /// <summary>A column of numbers of an enumeration.</summary>
    public static NpgsqlParameter Numbers<TRow>(IReadOnlyList<TRow> rows, Func<TRow, int> number) =>
        Column(rows, NpgsqlDbType.Smallint, row => (short)number(row));
}
