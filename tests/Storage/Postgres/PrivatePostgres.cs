using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>One PostgreSQL server for this test process: the distribution's programs, a cluster of its own in a temporary folder.</summary>
/// <remarks>
/// It syncs every commit and listens on a free port of the loopback interface. It starts at the first use and is stopped and
/// deleted when the process ends, also when it is killed (see private-postgres.sh). The environment variable
/// EMAILTRACKING_TEST_POSTGRES names another server to use: a connection string of a user that may create databases.
/// </remarks>
public sealed class PrivatePostgres
{
    private const string ServerVariable = "EMAILTRACKING_TEST_POSTGRES";
    private const int StartAttemptsMax = 5;

    private static readonly Lazy<Task<PrivatePostgres>> Shared = new(StartAsync);

    // Kept so that the pipe to the supervising shell stays open until this process ends.
    private readonly Process? _supervisor;

    private PrivatePostgres(string connectionString, Process? supervisor)
    {
        ConnectionString = connectionString;
        _supervisor = supervisor;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _supervisor?.StandardInput.Close();
    }

    /// <summary>Of a user that may create databases.</summary>
    public string ConnectionString { get; }

    /// <summary>The server of this test process; started by the first who asks.</summary>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start; the message says what to install.</exception>
    public static Task<PrivatePostgres> GetAsync() => Shared.Value;

    /// <summary>An empty database for one test class or one test; dispose it to drop it.</summary>
    public static async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        var database = new PostgresDatabase();
        await database.InitializeAsync();
        return database;
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } given)
        {
            return new PrivatePostgres(given, supervisor: null);
        }

        var programs = FindPrograms();
        for (var attempt = 1; ; attempt++)
        {
            // Somebody else may take the port before the server does; then another is tried.
            var port = FreePort();
            var supervisor = Process.Start(Supervisor(programs, port))!;
            var line = await supervisor.StandardOutput.ReadLineAsync();
            if (line == "ready")
            {
                // Nobody reads what it says from here on, and a full pipe would stop it.
                supervisor.BeginErrorReadLine();
                return new PrivatePostgres(ConnectionStringOf(port), supervisor);
            }

            var errors = await supervisor.StandardError.ReadToEndAsync();
            if (attempt == StartAttemptsMax || !errors.Contains("Address already in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The PostgreSQL server of {programs} did not start. It said:\n{errors}");
            }
        }
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
                + $"or run ./test, which does, or set {ServerVariable} to the connection string of a server whose user may create databases.");
    }

    private static ProcessStartInfo Supervisor(string programs, int port)
    {
        using var script = new StreamReader(
            typeof(PrivatePostgres).Assembly.GetManifestResourceStream("private-postgres.sh")!);

        // The server refuses to run as root; the distribution's package brings a user for it. That user may not be able to read
        // this folder, so the script goes along as text.
        string[] asServer = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
            : [];
        string[] command =
            [.. asServer, "sh", "-c", script.ReadToEnd(), "private-postgres", programs, port.ToString(CultureInfo.InvariantCulture)];
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
