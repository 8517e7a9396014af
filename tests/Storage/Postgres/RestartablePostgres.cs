using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>A server of one test alone, which may be stopped without a word and started again.</summary>
public sealed class RestartablePostgres : IAsyncDisposable
{
    private readonly Process _supervisor;
    private readonly string _programs;
    private readonly string _data;

    private RestartablePostgres(Process supervisor, string programs, string data, string connectionString)
    {
        (_supervisor, _programs, _data) = (supervisor, programs, data);
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    // Root may not run the server; the distribution's package brings a user for it.
    private static string[] AsServer => Environment.UserName == "root"
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        : [];

    public static async Task<RestartablePostgres> StartAsync()
    {
        using var script = new StreamReader(typeof(RestartablePostgres).Assembly.GetManifestResourceStream("private-postgres.sh")!);
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Select(folder => Path.Combine(folder, "bin")).Last();
        var port = FreePort();
        string[] command = [.. AsServer, "sh", "-c", await script.ReadToEndAsync(), "private-postgres", programs, $"{port}"];
        var supervisor = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await supervisor.StandardOutput.ReadLineAsync());
        var connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var show = source.CreateCommand("show data_directory");
        return new RestartablePostgres(supervisor, programs, (string)(await show.ExecuteScalarAsync())!, connectionString);
    }

    /// <summary>Stops the server as a crash does, and starts it again.</summary>
    public async Task CrashAsync()
    {
        string[] command = [.. AsServer, Path.Combine(_programs, "pg_ctl"), "-D", _data, "-m", "immediate", "-w", "-l", "/dev/null", "restart"];
        using var restart = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "-s"]) { WorkingDirectory = "/" })!;
        await restart.WaitForExitAsync();
        Assert.Equal(0, restart.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
