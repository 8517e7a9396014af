using EmailTracking.Tests.Storage;
using EmailTracking.Tests.Storage.Postgres;
using Npgsql;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Crash;

public sealed class PostgresCrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task Nothing_is_lost_or_doubled_when_silos_and_the_server_are_killed() => Kept.FolderAsync(output, async (folder, seed) =>
    {
        await using var server = await RestartablePostgres.StartAsync();
        string[] store = ["--cluster", "--connection-string", server.ConnectionString];
        await using var run = new CrashRun(
            "PostgreSQL, two silos",
            seed,
            folder,
            [new CrashSilo(folder, "silo-1", store), new CrashSilo(folder, "silo-2", store)],
            output);
        await run.StartAsync();
        var kills = LongForm.Or(full: 10, brief: 2);
        for (var i = 0; i < kills; i++)
        {
            await run.KillAsync(5);
            await run.KillServerAsync(server.KillAsync);
        }

        await run.CheckAsync(() => CountPartsAsync(server.ConnectionString));
    });

    private static async Task<long> CountPartsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from content_part", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
