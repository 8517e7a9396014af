using EmailTracking.Silo.Storage;
using EmailTracking.Tests.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EmailTracking.Tests.Storage.Migration;

/// <summary>What the runner promises, on either database.</summary>
public abstract class MigrationsTests
{
    private static readonly MigrationSet Broken = new(
    [
        .. MigrationPlanTests.Scripts("a"),
        MigrationScript.Parse("0002-broken.sql", "create table half (id int); insert into nowhere values (1);"),
    ]);

    [Fact]
    public async Task Scripts_are_applied_once()
    {
        Assert.Equal(2, await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("ab"))));
        Assert.Equal(0, await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("ab"))));
        Assert.Equal(1, await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("abc"))));
    }

    [Theory]
    [InlineData("")]  // A new database: its record of migrations is made in the race, too.
    [InlineData("a")] // An upgrade.
    public async Task Of_silos_that_start_at_once_each_script_is_applied_by_one(string before)
    {
        var set = new MigrationSet(MigrationPlanTests.Scripts("abcdefgh"));
        var had = before.Length == 0 ? 0 : await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts(before)));

        // A thread each, let go together: from the pool they would start one after another.
        const int silos = 8;
        using var start = new Barrier(silos);
        var applied = await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return ApplyAsync(set);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.Equal(set.Scripts.Length, had + applied.Sum());
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself()
    {
        var failure = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(Broken));

        Assert.Equal("0002-broken.sql", failure.File);
        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);

        // The table of the failed script is not there: another script can create it.
        Assert.Equal(1, await ApplyAsync(new MigrationSet(
        [
            .. MigrationPlanTests.Scripts("a"),
            MigrationScript.Parse("0002-mended.sql", "create table half (id int)"),
        ])));
    }

    [Fact]
    public async Task A_database_that_is_newer_is_left_alone()
    {
        await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("ab")));

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("a"))));

        Assert.Equal("0002-b.sql", refusal.File);
    }

    [Fact]
    public async Task A_script_that_was_changed_is_refused()
    {
        await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("a")));

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(new MigrationSet(
            [MigrationScript.Parse("0001-a.sql", "create table other (id int)")])));

        Assert.Equal("0001-a.sql", refusal.File);
    }

    protected abstract Task<int> ApplyAsync(MigrationSet set);
}

public sealed class PostgresMigrationsTests : MigrationsTests, IAsyncLifetime, IAsyncDisposable
{
    private readonly PostgresDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Fact]
    public async Task The_search_path_of_the_connection_does_not_count()
    {
        await using var elsewhere = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString) { SearchPath = "elsewhere" }.ConnectionString);

        Assert.Equal(1, await Migrations.ApplyAsync(elsewhere, new MigrationSet(MigrationPlanTests.Scripts("a"))));
        Assert.Equal(0, await ApplyAsync(new MigrationSet(MigrationPlanTests.Scripts("a"))));
    }

    protected override Task<int> ApplyAsync(MigrationSet set) => Migrations.ApplyAsync(_database.DataSource, set);
}

public sealed class SqliteMigrationsTests : MigrationsTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emailtracking-migrations-");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_is_switched_to_write_ahead_logging()
    {
        await ApplyAsync(MigrationSet.SqliteOrleans);
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma journal_mode";

        Assert.Equal("wal", command.ExecuteScalar());
    }

    protected override Task<int> ApplyAsync(MigrationSet set) => Task.FromResult(Migrations.Apply(ConnectionString, set));

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "test.db") }.ConnectionString;
}
