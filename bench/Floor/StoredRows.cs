using Npgsql;

namespace EmailTracking.Bench.Floor;

/// <summary>The rows that the pipeline left of so many mails, as PostgreSQL hands them out, a part for each commit.</summary>
/// <remarks>Kept as they came: to write them again costs the writer nothing but the copy.</remarks>
internal sealed class StoredRows
{
    private const string TableNames = """
        select table_name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migration' order by 1
        """;

    private readonly List<(string Table, byte[] Rows)> _setup = [];
    private readonly List<(string Table, byte[] Rows)>[] _parts;

    private StoredRows(int parts) => _parts = [.. Enumerable.Range(0, parts).Select(_ => new List<(string, byte[])>())];

    /// <summary>What was there before the mails: the organization, its mailboxes.</summary>
    public IReadOnlyList<(string Table, byte[] Rows)> Setup => _setup;

    /// <summary>Rows of each table for one commit each.</summary>
    public IReadOnlyList<IReadOnlyList<(string Table, byte[] Rows)>> Parts => _parts;

    /// <summary>How many rows of each table a mail has.</summary>
    public SortedDictionary<string, double> RowsPerMail { get; } = [];

    /// <summary>Bytes of all rows, a mail.</summary>
    public double BytesPerMail { get; private set; }

    /// <summary>Reads all rows of a database.</summary>
    /// <param name="source">The database.</param>
    /// <param name="mails">How many mails are in it.</param>
    /// <param name="together">How many mails one commit takes.</param>
    public static async Task<StoredRows> ReadAsync(NpgsqlDataSource source, int mails, int together)
    {
        var rows = new StoredRows((mails + together - 1) / together);
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in await TablesAsync(connection))
        {
            var count = (long)(await ScalarAsync(connection, $"select count(*) from {table}"))!;
            if (count == 0)
            {
                continue;
            }

            if (count < rows._parts.Length * 2)
            {
                rows._setup.Add((table, await CopyAsync(connection, $"select * from {table}")));
                continue;
            }

            // In the order in which they were written, so that an index is met in the same places.
            var each = (count + rows._parts.Length - 1) / rows._parts.Length;
            for (var i = 0; i < rows._parts.Length; i++)
            {
                var part = await CopyAsync(connection, $"select * from {table} order by ctid offset {i * each} limit {each}");
                rows._parts[i].Add((table, part));
                rows.BytesPerMail += (double)part.Length / mails;
            }

            rows.RowsPerMail[table] = (double)count / mails;
        }

        return rows;
    }

    private static async Task<List<string>> TablesAsync(NpgsqlConnection connection)
    {
        var tables = new List<string>();
        await using var command = new NpgsqlCommand(TableNames, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<byte[]> CopyAsync(NpgsqlConnection connection, string query)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)");
        using var bytes = new MemoryStream();
        await copy.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
