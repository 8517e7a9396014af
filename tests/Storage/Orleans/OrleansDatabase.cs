using EmailTracking.Silo.Storage;
using EmailTracking.Tests.Storage.Postgres;
using Npgsql;

namespace EmailTracking.Tests.Storage.Orleans;

/// <summary>A fresh PostgreSQL database with all migrations applied.</summary>
public sealed class OrleansDatabase : IAsyncLifetime
{
    public PostgresDatabase Database { get; } = new();

    /// <summary>As the Orleans providers need it: they name their tables without a schema.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(Database.ConnectionString) { SearchPath = "orleans" }.ConnectionString;

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        await Migrations.ApplyAsync(Database.DataSource, MigrationSet.Postgres);
    }

    public Task DisposeAsync() => Database.DisposeAsync();

    /// <summary>Runs <paramref name="race"/> while <paramref name="lockSql"/> is held, and lets go once all of it waits in the database.</summary>
    /// <param name="lockSql">Takes the lock that the racers need.</param>
    /// <param name="racers">How many will wait.</param>
    /// <param name="race">Starts them.</param>
    public async Task<T[]> RaceAsync<T>(string lockSql, int racers, Func<int, Task<T>> race)
    {
        await using var holder = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(lockSql, holder, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        var running = Enumerable.Range(0, racers).Select(number => Task.Run(() => race(number))).ToArray();
        while (await WaitingAsync() < racers)
        {
            // A racer that is done before the lock is free did not race; its failure says more than a wait without end.
            if (running.FirstOrDefault(task => task.IsCompleted) is { } early)
            {
                await early;
                Assert.Fail("A racer did not wait for the lock.");
            }
        }

        await transaction.CommitAsync();
        return await Task.WhenAll(running);
    }

    private async Task<long> WaitingAsync() => (long)(await Database.ScalarAsync(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))!;
}
