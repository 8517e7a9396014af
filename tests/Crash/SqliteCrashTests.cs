using EmailTracking.Tests.Storage;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Crash;

public sealed class SqliteCrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task Nothing_is_lost_or_doubled_when_the_silo_is_killed() => Kept.FolderAsync(output, async (folder, seed) =>
    {
        var data = Path.Combine(folder, "data");
        await using var run = new CrashRun("SQLite", seed, folder, [new CrashSilo(folder, "silo", "--data", data)], output);
        await run.StartAsync();
        await run.KillAsync(LongForm.Or(full: 50, brief: 10));
        await run.CheckAsync(() => CountPartsAsync(data));
    });

    private static async Task<long> CountPartsAsync(string data)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "tracking.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma integrity_check";
        Assert.Equal("ok", await command.ExecuteScalarAsync());
        command.CommandText = "select count(*) from content_part";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
