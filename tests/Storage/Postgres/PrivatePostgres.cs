using EmailTracking.Silo.Storage;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>One PostgreSQL server for this test process; it starts at the first use.</summary>
/// <remarks>
/// The environment variable EMAILTRACKING_TEST_POSTGRES names another server to use: a connection string of a user that may create
/// databases.
/// </remarks>
public sealed class PrivatePostgres
{
    private const string ServerVariable = "EMAILTRACKING_TEST_POSTGRES";

    private static readonly Lazy<Task<PrivatePostgres>> Shared = new(StartAsync);

    private static readonly Lazy<Task<string>> Migrated = new(MigrateTemplateAsync);

    private PrivatePostgres(string connectionString) => ConnectionString = connectionString;

    /// <summary>Of a user that may create databases.</summary>
    public string ConnectionString { get; }

    /// <summary>The server of this test process; started by the first who asks.</summary>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start; the message says what to install.</exception>
    public static Task<PrivatePostgres> GetAsync() => Shared.Value;

    /// <summary>An empty database for one test class or one test; dispose it to drop it.</summary>
    public static async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        var database = new PostgresDatabase();
        await database.InitializeAsync();
        return database;
    }

    /// <summary>A database with the store's tables, which are empty; a copy takes a third of the time that the migrations take.</summary>
    public static async Task<PostgresDatabase> CreateMigratedDatabaseAsync()
    {
        var database = new PostgresDatabase(await Migrated.Value);
        await database.InitializeAsync();
        return database;
    }

    // A template may have no connection while it is copied, so none is kept. It goes with the server.
    private static async Task<string> MigrateTemplateAsync()
    {
        var template = await CreateDatabaseAsync();
        await Migrations.ApplyAsync(template.DataSource, MigrationSet.Postgres);
        await template.DataSource.DisposeAsync();
        return template.Name;
    }

    private static async Task<PrivatePostgres> StartAsync() =>
        Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } given
            ? new PrivatePostgres(given)
            : new PrivatePostgres((await PostgresServer.StartAsync()).ConnectionString);
}
