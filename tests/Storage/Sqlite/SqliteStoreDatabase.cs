using EmailTracking.Silo.Storage;
using EmailTracking.Silo.Storage.Sqlite;
using EmailTracking.Tests.Storage.Conformance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>A database file in a folder of its own; it has the store's tables, which are empty.</summary>
public sealed class SqliteStoreDatabase : IStoreDatabase
{
    private static readonly Lazy<byte[]> Migrated = new(Migrate);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emailtracking-store-");
    private SharedHost? _shared;

    public SqliteStoreDatabase() => File.WriteAllBytes(Path, Migrated.Value);

    public string Path => System.IO.Path.Combine(_folder.FullName, "tracking.db");

    public Task<StoreUnderTest> OpenAsync(TimeProvider time) => OpenAsync(services => services.AddSingleton(time));

    /// <summary>Opens the file, which has one owner: who opens it meanwhile is another caller of the same silo.</summary>
    public async Task<StoreUnderTest> OpenAsync(Action<IServiceCollection> services)
    {
        if (_shared is null || !_shared.TryJoin())
        {
            _shared = new SharedHost(await StartAsync(Path, services));
        }

        return new StoreUnderTest(_shared);
    }

    public static async Task<IHost> StartAsync(string path, Action<IServiceCollection> services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        services(builder.Services);
        builder.Services.AddSqliteTracking(path);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    public Task<string> DigestAsync()
    {
        using var connection = Connect();
        var names = Column(connection, "select name from sqlite_schema where type = 'table' order by name");
        Assert.Contains("thread_key", names);
        return Task.FromResult(string.Join('\n', names.SelectMany(name => (string[])
            [name, .. Column(connection, $"select {Row(connection, name)} from \"{name}\" order by 1")])));
    }

    public Task<string> DumpAsync() => DigestAsync();

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public long Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static byte[] Migrate()
    {
        var folder = Directory.CreateTempSubdirectory("emailtracking-template-");
        var path = System.IO.Path.Combine(folder.FullName, "tracking.db");
        Migrations.Apply(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString, MigrationSet.SqliteTracking);
        var content = File.ReadAllBytes(path);
        folder.Delete(recursive: true);
        return content;
    }

    // Quoted, so that 1, '1' and null do not look the same.
    private static string Row(SqliteConnection connection, string table) => string.Join(
        " || ',' || ", Column(connection, $"select name from pragma_table_info('{table}')").Select(column => $"quote(\"{column}\")"));

    private static List<string> Column(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    private sealed class SharedHost(IHost host) : IHost, IAsyncDisposable
    {
        private int _users = 1;

        public IServiceProvider Services => host.Services;

        public bool TryJoin() => _users > 0 && ++_users > 0;

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken = default) =>
            --_users > 0 ? Task.CompletedTask : host.StopAsync(cancellationToken);

        public void Dispose()
        {
            if (_users == 0)
            {
                host.Dispose();
            }
        }

        public ValueTask DisposeAsync() => _users > 0 ? ValueTask.CompletedTask : ((IAsyncDisposable)host).DisposeAsync();
    }
}
