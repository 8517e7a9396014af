using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>A fresh database on the server of this test process: a template's copy; dropped when disposed.</summary>
public sealed class PostgresDatabase(string template) : IAsyncLifetime, IAsyncDisposable
{
    private NpgsqlDataSource? _dataSource;

    /// <summary>An empty one. Usable as a class fixture.</summary>
    public PostgresDatabase()
        : this("template0")
    {
    }

    /// <summary>As the server knows it; made when this is initialized.</summary>
    public string Name { get; } = $"test_{Guid.NewGuid():N}";

    /// <summary>Connections to it.</summary>
    public NpgsqlDataSource DataSource => _dataSource ?? throw new InvalidOperationException("The database is not created yet.");

    /// <summary>With the password, for those who open their own connections, such as the Orleans providers.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var server = await PrivatePostgres.GetAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = Name }.ConnectionString;
        await ExecuteOnServerAsync(server, $"create database {Name} template {template}");
        _dataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_dataSource is null)
        {
            return;
        }

        await _dataSource.DisposeAsync();
        await ExecuteOnServerAsync(await PrivatePostgres.GetAsync(), $"drop database if exists {Name} with (force)");
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    /// <summary>Runs one statement and returns the first column of the first row; null when there is none.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task ExecuteOnServerAsync(PrivatePostgres server, string sql)
    {
        // Unpooled: a connection that stays open counts against the server's limit.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
