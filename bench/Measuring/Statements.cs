using Npgsql;

namespace EmailTracking.Bench.Measuring;

/// <summary>What pg_stat_statements has counted since it was reset, of one database.</summary>
/// <param name="Calls">Statements of the store.</param>
/// <param name="Membership">Those of Orleans' own tables (membership, reminders, grain storage); not among the calls.</param>
/// <param name="Costliest">The statements that took longest: milliseconds, calls, the beginning of their text.</param>
internal sealed record Statements(long Calls, long Membership, IReadOnlyList<string> Costliest)
{
    public static Statements None { get; } = new(0, 0, []);

    private const int CostliestMax = 12;

    // Orleans keeps its tables in a schema of its own, and all of their names begin with its name.
    private const string Read = """
        select calls, query ~* 'orleans', total_exec_time + total_plan_time, rows,
            left(regexp_replace(query, '\s+', ' ', 'g'), 110)
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname = current_database() and query !~* 'pg_stat_statements'
        order by 3 desc
        """;

    public static async Task ResetAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select pg_stat_statements_reset()");
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<Statements> ReadAsync(NpgsqlDataSource source)
    {
        var (calls, membership, costliest) = (0L, 0L, new List<string>());
        await using var command = source.CreateCommand(Read);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetBoolean(1))
            {
                membership += reader.GetInt64(0);
                continue;
            }

            calls += reader.GetInt64(0);
            if (costliest.Count < CostliestMax)
            {
                var (time, count, rows) = (reader.GetDouble(2), reader.GetInt64(0), reader.GetInt64(3));
                costliest.Add($"{time,8:f0} ms {count,7} calls {rows,8} rows  {reader.GetString(4)}");
            }
        }

        return new Statements(calls, membership, costliest);
    }
}
