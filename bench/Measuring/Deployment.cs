using System.Diagnostics;
using System.Text.Json;
using EmailTracking.Bench.Commands;
using EmailTracking.Bench.Floor;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Sending;
using EmailTracking.Client;
using EmailTracking.Tracking.Deciding;
using Npgsql;

namespace EmailTracking.Bench.Measuring;

/// <summary>The product as it is built: silos and a client, each a process of its own, over one database.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DrainStep = TimeSpan.FromMilliseconds(100);

    private readonly BenchServer? _server;
    private readonly NpgsqlDataSource? _source;
    private readonly string? _connectionString;
    private readonly DirectoryInfo? _folder;
    private readonly List<ChildProcess> _silos = [];
    private readonly List<string> _gateways = [];
    private ChildProcess? _client;

    private Deployment(BenchServer? server, string? connectionString)
    {
        if (connectionString is null)
        {
            _folder = Directory.CreateTempSubdirectory("emailtracking-bench-");
            return;
        }

        (_server, _connectionString, _source) = (server, connectionString, NpgsqlDataSource.Create(connectionString));
    }

    /// <summary>Where the API is; null when it is not served.</summary>
    public Uri? Web { get; private set; }

    /// <summary>How many mails were sent.</summary>
    public int Sent { get; private set; }

    private ProcessorTime Now => new(
        Clock.OfProcess(_client!.Id), _silos.Sum(silo => Clock.OfProcess(silo.Id)), _server?.ProcessorSeconds ?? 0);

    /// <summary>Starts silos and a client over a new database of a server; over a SQLite file when there is none.</summary>
    /// <param name="server">The server.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="isSettled">
    /// Whether code is compiled once: nothing gets faster by running, so two deployments compare however much each has run.
    /// </param>
    /// <param name="isServed">Whether the last silo serves the API.</param>
    public static async Task<Deployment> StartAsync(BenchServer? server, int silos = 1, bool isSettled = false, bool isServed = false)
    {
        var deployment = new Deployment(server, server is null ? null : await server.CreateDatabaseAsync());
        for (var i = 0; i < silos; i++)
        {
            await deployment.StartSiloAsync(isSettled, isServed && i == silos - 1);
        }

        deployment._client = ChildProcess.Start(
            "EmailTracking.Bench.dll",
            ["client", .. deployment._gateways.SelectMany(gateway => new[] { "--gateway", gateway })],
            isSettled);
        await deployment._client.WaitForAsync(ClientCommand.Ready);
        return deployment;
    }

    /// <summary>A client of its own.</summary>
    public Task<EmailTrackingClient> ConnectAsync() => EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = _gateways });

    /// <summary>Sends mails as fast as they are answered.</summary>
    public Task<Measured> BurstAsync(int count, int inFlight) => MeasureAsync($"burst {Sent} {count} {inFlight}");

    /// <summary>Sends so many mails a second.</summary>
    public Task<Measured> SteadyAsync(int rate, int seconds) => MeasureAsync($"steady {Sent} {rate} {seconds}");

    /// <summary>Loads a file of records by the command line, a process of its own.</summary>
    /// <param name="file">The file.</param>
    /// <param name="records">How many records it holds, for the check.</param>
    /// <param name="addresses">And addresses.</param>
    /// <exception cref="InvalidOperationException">Not all of them are in the database: the figures are worth nothing.</exception>
    public async Task<Loaded> LoadRecordsAsync(string file, int records, int addresses)
    {
        var (before, watch) = (Now, Stopwatch.StartNew());
        await using var loader = ChildProcess.Start(
            "emailtracking.dll",
            ["records", "load", file, "--yes", .. _gateways.SelectMany(gateway => new[] { "--gateway", gateway })],
            isSettled: false,
            borrows: true);
        loader.Ignore();
        var (code, peak, seconds) = await loader.WatchAsync();
        var (elapsed, processor) = (watch.Elapsed.TotalSeconds, Now - before);
        if (code != 0 || (_source is not null && await CountAsync("record") != records) || (_source is not null && await CountAsync("record_address") != addresses))
        {
            throw new InvalidOperationException($"The load ended with {code}, or not all of {records} records and {addresses} addresses are there.");
        }

        return new Loaded(elapsed, (processor with { Client = seconds }) / (records / 1_000.0), peak);
    }

    private async Task<long> CountAsync(string table)
    {
        await using var command = _source!.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs a statement of maintenance between two measurements.</summary>
    public async Task MaintainAsync(string sql)
    {
        await using var command = _source!.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads the rows that the mails have become.</summary>
    public Task<StoredRows> ReadRowsAsync(int together) => StoredRows.ReadAsync(_source!, Sent, together);

    /// <summary>Waits until nothing is left to be done, and counts.</summary>
    /// <exception cref="InvalidOperationException">Not every mail is one activity: the figures are worth nothing.</exception>
    public async Task CheckAsync()
    {
        await using var client = await ConnectAsync();
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var counts = await client.CountAsync();
            var tracked = counts.Decisions.GetValueOrDefault(Outcome.Tracked);
            if (counts.Emails == Sent && tracked == Sent && counts.Outbox == 0)
            {
                return;
            }

            if (watch.Elapsed > DrainMax)
            {
                throw new InvalidOperationException(
                    $"{Sent} mails were sent: {counts.Emails} activities, {tracked} tracked, {counts.Outbox} wait, "
                    + $"{counts.DeadLetters} dead.");
            }

            await Task.Delay(DrainStep);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        _folder?.Delete(recursive: true);
    }

    private async Task StartSiloAsync(bool isSettled, bool isServed)
    {
        var (siloPort, gatewayPort, webPort) = (ChildProcess.FreePort(), ChildProcess.FreePort(), isServed ? ChildProcess.FreePort() : 0);
        Web = isServed ? new Uri($"http://127.0.0.1:{webPort}/") : null;
        string[] store = _connectionString is null
            ? ["--data", _folder!.FullName]
            : ["--cluster", "--connection-string", _connectionString];
        string[] ports = ["--silo-port", $"{siloPort}", "--gateway-port", $"{gatewayPort}", "--web-port", $"{webPort}"];
        var silo = ChildProcess.Start("EmailTracking.Silo.dll", [.. ports, .. store], isSettled);
        _silos.Add(silo);
        _gateways.Add($"127.0.0.1:{gatewayPort}");
        await silo.WaitForAsync("EmailTracking serves");
        silo.Ignore();
    }

    private async Task<Measured> MeasureAsync(string order)
    {
        var counts = _server?.CountsStatements == true;
        if (counts)
        {
            await Statements.ResetAsync(_source!);
        }

        var before = Now;
        await _client!.WriteLineAsync(order);
        var sent = JsonSerializer.Deserialize<SendResult>(await _client.ReadLineAsync())!;
        var processor = Now - before;
        Sent += sent.Sent;
        return new Measured(
            sent, processor / (sent.Sent / 1_000.0), counts ? await Statements.ReadAsync(_source!) : Statements.None);
    }
}
