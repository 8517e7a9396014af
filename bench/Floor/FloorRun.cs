using System.Diagnostics;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Processes;
using EmailTracking.Silo.Storage;
using MimeKit;
using Npgsql;

namespace EmailTracking.Bench.Floor;

/// <summary>What one pass over the floor took.</summary>
/// <param name="Threads">How many wrote.</param>
/// <param name="Rate">Mails a second.</param>
/// <param name="Parsing">Milliseconds of processor time a mail of this process.</param>
/// <param name="Server">Of PostgreSQL.</param>
internal sealed record FloorResult(int Threads, double Rate, double Parsing, double Server)
{
    public double Milliseconds => Parsing + Server;
}

/// <summary>The least that could be done: each mail is parsed, and the rows that the pipeline made of it are copied in.</summary>
/// <remarks>
/// The same schema with the same indexes, the same bytes; the rows are made beforehand, and nothing is decided, looked up,
/// compressed or sent from another process.
/// </remarks>
internal static class FloorRun
{
    /// <summary>How many mails go into one commit.</summary>
    public const int Together = 1_000;

    public static async Task<FloorResult> RunAsync(BenchServer server, StoredRows rows, MailSource mails, int count, int threads)
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Migrations.ApplyAsync(source, MigrationSet.Postgres);
        await WriteAsync(source, rows.Setup);

        var (next, own, servers, watch) = (-1, Environment.CpuUsage.TotalTime, server.ProcessorSeconds, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(async () =>
        {
            for (int part; (part = Interlocked.Increment(ref next)) < rows.Parts.Count;)
            {
                for (var i = part * Together; i < Math.Min(count, (part + 1) * Together); i++)
                {
                    using var mail = new MemoryStream(mails[i].Mail, writable: false);
                    using var parsed = await MimeMessage.LoadAsync(mail);
                }

                await WriteAsync(source, rows.Parts[part]);
            }
        })));
        watch.Stop();
        var result = new FloorResult(
            threads,
            count / watch.Elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - own).TotalMilliseconds / count,
            (server.ProcessorSeconds - servers) * 1_000 / count);
        await server.DropDatabaseAsync(connectionString);
        return result;
    }

    private static async Task WriteAsync(NpgsqlDataSource source, IReadOnlyList<(string Table, byte[] Rows)> part)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (table, rows) in part)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)");
            await copy.WriteAsync(rows);
        }

        await transaction.CommitAsync();
    }
}
