using EmailTracking.Silo.Storage.Postgres;
using EmailTracking.Tests.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>The store's tables in a PostgreSQL database of their own.</summary>
public sealed class PostgresStoreDatabase(string connectionString, IAsyncDisposable? owner) : IStoreDatabase
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 4 }.ConnectionString);

    public string ConnectionString => connectionString;

    public NpgsqlDataSource Source => _source;

    public static async Task<PostgresStoreDatabase> CreateAsync()
    {
        var database = await PrivatePostgres.CreateMigratedDatabaseAsync();
        return new PostgresStoreDatabase(database.ConnectionString, database);
    }

    public Task<StoreUnderTest> OpenAsync(TimeProvider time) => OpenAsync(services => services.AddSingleton(time));

    public Task<StoreUnderTest> OpenAsync(Action<IServiceCollection> services) => OpenAsync(connectionString, services);

    public static async Task<StoreUnderTest> OpenAsync(string connectionString, Action<IServiceCollection> services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        services(builder.Services);
        builder.Services.AddPostgresTracking(connectionString);
        var host = builder.Build();
        await host.StartAsync();
        return new StoreUnderTest(host);
    }

    // Row order is not state, neither is the time at which a row was read last.
    public Task<string> DigestAsync() => EachAsync("md5(coalesce(string_agg(t::text, E'\\n' order by t::text), ''))");

    public Task<string> DumpAsync() => EachAsync("coalesce(string_agg(t::text, E'\\n'), '')");

    private async Task<string> EachAsync(string rows)
    {
        const string tables = """
            select table_name from information_schema.tables
            where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name
            """;
        var names = new List<string>();
        await using (var command = _source.CreateCommand(tables))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        Assert.Contains("thread_key", names);
        var digests = new List<string>();
        foreach (var name in names)
        {
            digests.Add($"{name} {await ScalarAsync($"select {rows} from {name} t")}");
        }

        return string.Join('\n', digests);
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        if (owner is not null)
        {
            await owner.DisposeAsync();
        }
    }
}
