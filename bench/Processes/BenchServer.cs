using System.Globalization;
using EmailTracking.Tests.Storage.Postgres;
using Npgsql;

namespace EmailTracking.Bench.Processes;

/// <summary>The PostgreSQL server of this run, with statement statistics where the distribution has them.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    // What docker-compose.yml gives its server.
    private static readonly string[] ForMuchMail =
        ["shared_buffers = 1GB", "max_wal_size = 8GB", "checkpoint_timeout = 15min", "wal_compression = lz4"];

    private readonly PostgresServer _server;
    private readonly int _postmaster;
    private int _databases;

    private BenchServer(PostgresServer server, int postmaster, string version, bool countsStatements)
    {
        (_server, _postmaster, Version, CountsStatements) = (server, postmaster, version, countsStatements);
    }

    /// <summary>What it says it is.</summary>
    public string Version { get; }

    /// <summary>Whether pg_stat_statements is there.</summary>
    public bool CountsStatements { get; }

    /// <summary>Seconds of processor time of all of its processes.</summary>
    public double ProcessorSeconds => Clock.OfFamily(_postmaster);

    public static async Task<BenchServer> StartAsync()
    {
        var counts = Directory.EnumerateFiles("/usr/lib/postgresql", "pg_stat_statements.so", SearchOption.AllDirectories).Any();
        string[] counting = counts ? ["shared_preload_libraries = 'pg_stat_statements'"] : [];
        var server = await PostgresServer.StartAsync([.. ForMuchMail, .. counting]);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var folder = (string)(await ScalarAsync(source, "show data_directory"))!;
        var file = await File.ReadAllLinesAsync(Path.Combine(folder, "postmaster.pid"));
        return new BenchServer(
            server,
            int.Parse(file[0], CultureInfo.InvariantCulture),
            $"PostgreSQL {await ScalarAsync(source, "show server_version")}",
            counts);
    }

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"bench_{++_databases}";
        await using (var source = NpgsqlDataSource.Create(_server.ConnectionString))
        {
            await ScalarAsync(source, $"create database {name}");
        }

        var connection = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
        if (CountsStatements)
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await ScalarAsync(source, "create extension pg_stat_statements");
        }

        return connection;
    }

    public async Task DropDatabaseAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(_server.ConnectionString);
        await ScalarAsync(source, $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
