using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>A private PostgreSQL server: the distribution's programs, a cluster of its own in a temporary folder.</summary>
/// <remarks>
/// It syncs every commit and listens on a free port of the loopback interface. It is stopped and deleted when it is disposed or
/// this process ends, also when it is killed (see private-postgres.sh).
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int StartAttemptsMax = 5;

    // Kept so that the pipe to the supervising shell stays open until this process ends.
    private readonly Process _supervisor;

    private PostgresServer(string programs, string connectionString, Process supervisor)
    {
        (Programs, ConnectionString, _supervisor) = (programs, connectionString, supervisor);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _supervisor.StandardInput.Close();
    }

    /// <summary>The folder of its programs.</summary>
    public string Programs { get; }

    /// <summary>Of a user that may create databases.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Lines of its configuration, beside those that every private server has.</param>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start: what to do is said.</exception>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var programs = FindPrograms();
        for (var attempt = 1; ; attempt++)
        {
            // Somebody else may take the port before the server does; then another is tried.
            var port = FreePort();
            var supervisor = Process.Start(Supervisor(programs, port, settings))!;
            var line = await supervisor.StandardOutput.ReadLineAsync();
            if (line == "ready")
            {
                // Nobody reads what it says from here on, and a full pipe would stop it.
                supervisor.BeginErrorReadLine();
                return new PostgresServer(programs, ConnectionStringOf(port), supervisor);
            }

            var errors = await supervisor.StandardError.ReadToEndAsync();
            if (attempt == StartAttemptsMax || !errors.Contains("Address already in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The PostgreSQL server of {programs} did not start. It said:\n{errors}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
    }

    private static string FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian)
            ? Directory.GetDirectories(debian)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return versions.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))
                && File.Exists(Path.Combine(folder, "pg_ctl")))
            ?? throw new InvalidOperationException(
                $"No PostgreSQL server was found in {debian}/*/bin or on the PATH. Install one (Debian: apt-get install postgresql), "
                + "or run ./test, which does.");
    }

    private static ProcessStartInfo Supervisor(string programs, int port, string[] settings)
    {
        using var script = new StreamReader(
            typeof(PostgresServer).Assembly.GetManifestResourceStream("private-postgres.sh")!);

        // The server refuses to run as root; the distribution's package brings a user for it. That user may not be able to read
        // this folder, so the script goes along as text.
        string[] asServer = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
            : [];
        string[] command =
        [
            .. asServer, "sh", "-c", script.ReadToEnd(), "private-postgres",
            programs, port.ToString(CultureInfo.InvariantCulture), .. settings,
        ];
        return new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static string ConnectionStringOf(int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Database = "postgres",
    }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
