using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Client;
using EmailTracking.Client.Importing;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace EmailTracking.Tests.Cluster;

/// <summary>A silo with the sample organization, as people start it.</summary>
public sealed class PreviewSilo : IAsyncLifetime
{
    private readonly int _port = SiloProcess.FreePort();
    private SiloProcess _silo = null!;

    public string Data { get; } = Directory.CreateTempSubdirectory("preview-").FullName;

    public string Gateway => _silo.Gateway;

    public string Output => _silo.Output;

    public EmailTrackingClient Client { get; private set; } = null!;

    public HttpClient Page { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _silo = await SiloProcess.StartAsync("--data", Data, "--web-port", $"{_port}");
        Client = await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = [_silo.Gateway] });
        Page = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}/") };
        using var output = new StringWriter();
        await OrganizationFolder.ImportAsync(
            Client, Samples, AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) }));
    }

    public static string Samples => Path.Combine(AppContext.BaseDirectory, "contoso");

    public async Task DisposeAsync()
    {
        Page.Dispose();
        await Client.DisposeAsync();
        await _silo.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>Opens a preview as the page does.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> OpenAsync(long size)
    {
        using var answer = await Page.PostAsJsonAsync(new Uri("preview/sessions", UriKind.Relative), new { size });
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    /// <summary>Every row of every table of both databases, as one digest.</summary>
    public string DigestOfRows()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in new[] { "tracking.db", "orleans.db" })
        {
            using var database = new SqliteConnection($"Data Source={Path.Combine(Data, file)};Mode=ReadOnly;Pooling=False");
            database.Open();
            foreach (var table in Read(database, "select name from sqlite_schema where type = 'table' order by name").ToArray())
            {
                foreach (var row in Read(database, $"select * from \"{table}\""))
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(row));
                }
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Waits until all that was delivered before is listed as well: from then on nothing is written.</summary>
    public async Task ListedAsync()
    {
        while (IsAnyDue())
        {
            await Task.Yield();
        }

        bool IsAnyDue()
        {
            using var database = new SqliteConnection($"Data Source={Path.Combine(Data, "tracking.db")};Mode=ReadOnly;Pooling=False");
            database.Open();
            return Read(database, "select id from listing_due limit 1").Any();
        }
    }

    private static IEnumerable<string> Read(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i).ToString()));
        }
    }
}
