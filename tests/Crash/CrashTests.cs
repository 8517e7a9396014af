using System.Globalization;
using EmailTracking.Tests.Storage;
using EmailTracking.Tests.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Crash;

/// <summary>Both stores at once, so that the machine is busy and one waits while the other works.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const double OpenCommitsMin = 0.3;
    private const int KillsPerServerKill = 5;

    private static readonly int Kills = LongForm.Or(full: 50, brief: 10);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_doubled_by_SIGKILL()
    {
        var runs = await Task.WhenAll(Kept.FolderAsync(output, SqliteAsync), Kept.FolderAsync(output, PostgresAsync));

        // Kills of an idle silo would show nothing.
        var (kills, open) = (runs.Sum(run => run.Kills), runs.Sum(run => run.KillsWithOpenCommit));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"figure: crash suite: {kills} kills of silos, {open} with an open commit"));
        Assert.Equal(2 * Kills, kills);
        Assert.True(open >= OpenCommitsMin * kills, $"Only {open} of {kills} kills met an open commit.");
    }

    private async Task<CrashRun> SqliteAsync(string folder, int seed)
    {
        var data = Path.Combine(folder, "data");
        await using var run = new CrashRun("SQLite", seed, folder, [new CrashSilo(folder, "silo", "--data", data)], output);
        await run.StartAsync();
        await run.KillAsync(Kills);
        await run.CheckAsync(() => new SqliteConnection($"Data Source={Path.Combine(data, "tracking.db")};Pooling=false"));
        return run;
    }

    private async Task<CrashRun> PostgresAsync(string folder, int seed)
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
        for (var kills = 0; kills < Kills; kills += KillsPerServerKill)
        {
            await run.KillAsync(KillsPerServerKill);
            await run.KillServerAsync(server.KillAsync);
        }

        await run.CheckAsync(() => new NpgsqlConnection($"{server.ConnectionString};Pooling=false"));
        return run;
    }
}
