using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>A server of one test alone, which may be stopped without a word and started again.</summary>
public sealed class RestartablePostgres : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _supervisor;
    private readonly string _data;

    private RestartablePostgres(Process supervisor, string data, string connectionString)
    {
        (_supervisor, _data) = (supervisor, data);
        ConnectionString = connectionString;
    }

    /// <summary>The folder of the server's programs.</summary>
    public static string Programs { get; } =
        Directory.GetDirectories("/usr/lib/postgresql").Order().Select(folder => Path.Combine(folder, "bin")).Last();

    public string ConnectionString { get; }

    // Root may not run the server; the distribution's package brings a user for it.
    private static string[] AsServer => Environment.UserName == "root"
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        : [];

    public static async Task<RestartablePostgres> StartAsync()
    {
        using var script = new StreamReader(typeof(RestartablePostgres).Assembly.GetManifestResourceStream("private-postgres.sh")!);
        var port = FreePort();
        string[] command = [.. AsServer, "sh", "-c", await script.ReadToEndAsync(), "private-postgres", Programs, $"{port}"];
        var supervisor = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await supervisor.StandardOutput.ReadLineAsync());
        var connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var show = source.CreateCommand("show data_directory");
        return new RestartablePostgres(supervisor, (string)(await show.ExecuteScalarAsync())!, connectionString);
    }

    /// <summary>Stops the server as a crash does, and starts it again.</summary>
    public async Task CrashAsync()
    {
        string[] command = [.. AsServer, Path.Combine(Programs, "pg_ctl"), "-D", _data, "-m", "immediate", "-w", "-l", "/dev/null", "restart"];
        using var restart = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "-s"]) { WorkingDirectory = "/" })!;
        await restart.WaitForExitAsync();
        Assert.Equal(0, restart.ExitCode);
    }

    /// <summary>Kills the server's first process with SIGKILL, which takes the others with it, and starts the server again.</summary>
    public async Task KillAsync()
    {
        using (var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(_data, "postmaster.pid")).First(), null)))
        {
            postmaster.Kill();
        }

        // A start is refused while a process of the dead server still holds its memory.
        for (var start = Stopwatch.StartNew(); await TryStartAsync() != 0;)
        {
            Assert.True(start.Elapsed < StartMax, "The server did not start again.");
        }
    }

    private async Task<int> TryStartAsync()
    {
        string[] command = [.. AsServer, Path.Combine(Programs, "pg_ctl"), "-D", _data, "-w", "-l", "/dev/null", "start"];
        using var start = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "-s"])
        {
            WorkingDirectory = "/", RedirectStandardError = true,
        })!;
        await start.StandardError.ReadToEndAsync();
        await start.WaitForExitAsync();
        return start.ExitCode;
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
