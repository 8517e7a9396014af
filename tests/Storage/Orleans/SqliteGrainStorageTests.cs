using EmailTracking.Silo.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace EmailTracking.Tests.Storage.Orleans;

/// <summary>One silo whose grain state lies in a SQLite file.</summary>
public sealed class SqliteSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emailtracking-orleans-");
    private IHost? _host;

    public string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "orleans.db") }.ConnectionString;

    public IGrainStorage GrainStorage => _host!.Services.GetRequiredKeyedService<IGrainStorage>(TwoSilos.StorageName);

    public async Task InitializeAsync()
    {
        Migrations.Apply(ConnectionString, MigrationSet.SqliteOrleans);

        var builder = TwoSilos.Quiet();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(TwoSilos.FreePort(), TwoSilos.FreePort(), serviceId: "tests", clusterId: "one")
            .UseInMemoryReminderService()
            .AddAdoNetGrainStorage(TwoSilos.StorageName, options =>
                (options.Invariant, options.ConnectionString) = ("System.Data.SQLite", ConnectionString)));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}

public sealed class SqliteGrainStorageTests(SqliteSilo silo) : GrainStorageTests, IClassFixture<SqliteSilo>
{
    protected override IGrainStorage Storage => silo.GrainStorage;

    // The provider takes no row for a conflict as well, at present. Its contract is one row.
    [Theory]
    [InlineData("WriteToStorageKey")]
    [InlineData("ClearStorageKey")]
    public void A_conflict_is_answered_with_one_row_that_holds_null(string key)
    {
        using var connection = new SqliteConnection(silo.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select QueryText from OrleansQuery where QueryKey = '{key}'";
        command.CommandText = (string)command.ExecuteScalar()!;
        foreach (var name in (string[])["GrainIdHash", "GrainIdN0", "GrainIdN1", "GrainTypeString", "GrainIdExtensionString", "ServiceId"])
        {
            command.Parameters.AddWithValue(name, 0);
        }

        command.Parameters.AddWithValue("GrainStateVersion", 1);
        command.Parameters.AddWithValue("PayloadBinary", Array.Empty<byte>());

        var answers = new List<object>();
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
                answers.Add(reader["NewGrainStateVersion"]);
            }
        }
        while (reader.NextResult());

        Assert.Equal([DBNull.Value], answers);
    }
}
