using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EmailTracking.Tests.Storage.Postgres;
using Npgsql;

namespace EmailTracking.Tests.Crash.Compose;

/// <summary>The services of the Compose file as processes: their commands and environment, and nothing else of ours.</summary>
/// <remarks>
/// What a container would give is mapped, and only that: the private network to loopback addresses of the same last number, with the
/// ports as they are; the database's address to a server of the test's own; a volume to its folder.
/// </remarks>
internal sealed class ComposeCluster : IAsyncDisposable
{
    private const string Network = "172.28.7.";

    // EX_TEMPFAIL: the cluster did not answer in time, on a machine that is busy; one is to try again.
    private const int NoAnswer = 75;

    private const string Password = "of this run";
    private static readonly TimeSpan ProcessMax = TimeSpan.FromSeconds(120);

    private readonly string _loopback = $"127.28.{Random.Shared.Next(1, 255)}.";
    private readonly string _app;
    private readonly ComposeFile _file;
    private readonly RestartablePostgres _server;
    private readonly ConcurrentDictionary<string, Process> _running = [];

    private ComposeCluster(ComposeFile file, RestartablePostgres server, string app) => (_file, _server, _app) = (file, server, app);

    public static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "docker-compose.yml")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("docker-compose.yml");
            }

            return folder;
        }
    }

    private NpgsqlConnectionStringBuilder Database => new(_server.ConnectionString);

    public static async Task<ComposeCluster> CreateAsync()
    {
        var file = ComposeFile.Read(
            Path.Combine(Repository, "docker-compose.yml"),
            new Dictionary<string, string> { ["EMAILTRACKING_DB_PASSWORD"] = Password });

        // The image has both programs in folders of their own; here their builds lie together.
        var app = Directory.CreateTempSubdirectory("emailtracking-compose-").FullName;
        File.CreateSymbolicLink(Path.Combine(app, "silo"), AppContext.BaseDirectory);
        CopyClient(Path.Combine(app, "client"));
        var cluster = new ComposeCluster(file, await RestartablePostgres.StartAsync(), app);
        await cluster.PrepareServerAsync();
        return cluster;
    }

    /// <summary>Starts a silo and waits until it serves.</summary>
    public async Task StartSiloAsync(string name)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = _file[name];
        var process = new Process { StartInfo = Start(service, service.Command), EnableRaisingEvents = true };
        var said = new List<string>();
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                said.Add(line.Data ?? "");
            }

            if (line.Data?.StartsWith("EmailTracking serves", StringComparison.Ordinal) == true)
            {
                serving.TrySetResult();
            }
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.Exited += (_, _) =>
        {
            lock (said)
            {
                serving.TrySetException(new InvalidOperationException($"{name} ended at its start.\n{string.Join('\n', said)}"));
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _running[name] = process;
        await serving.Task.WaitAsync(ProcessMax);
    }

    public async Task KillAsync(string name)
    {
        using var process = _running[name];
        process.Kill();
        await process.WaitForExitAsync();
        _running.TryRemove(name, out _);
    }

    /// <summary>Waits until a service says that it is well; as many failures as the file allows are forgiven.</summary>
    public async Task CheckHealthAsync(string name)
    {
        var service = _file[name] with { Entrypoint = [] };
        var check = service.Healthcheck!;
        string[] command = check.Test is ["CMD-SHELL", var shell] ? ["/bin/sh", "-c", shell] : check.Test[1..];
        for (var tries = 1; ; tries++)
        {
            var (code, said) = await TryAsync(service, command);
            if (code == 0)
            {
                return;
            }

            Assert.True(tries < check.Retries, $"{name} is not well: {string.Join(' ', command)}: {code}\n{said}");
        }
    }

    /// <summary>Runs the client service: <c>docker compose run client</c>, with its own command or another.</summary>
    public async Task<string> RunClientAsync(params string[] command)
    {
        var start = Stopwatch.StartNew();
        var (code, said) = (NoAnswer, "");
        while (code == NoAnswer && start.Elapsed < ProcessMax)
        {
            (code, said) = await TryAsync(_file["client"], command.Length > 0 ? command : _file["client"].Command);
        }

        Assert.True(code == 0, $"client {string.Join(' ', command)}: {code}\n{said}");
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _running.Keys.ToArray())
        {
            await KillAsync(name);
        }

        await _server.DisposeAsync();
        Directory.Delete(_app, recursive: true);
    }

    private async Task<(int Code, string Said)> TryAsync(ComposeService service, string[] command)
    {
        using var process = Process.Start(Start(service, command))!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(ProcessMax);
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await errors);
    }

    // The image holds the client as it is published. Here it is built beside the silo, whose framework brings what it needs.
    private static void CopyClient(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "EmailTracking.Silo.runtimeconfig.json"),
            Path.Combine(folder, "emailtracking.runtimeconfig.json"),
            overwrite: true);
    }

    private ProcessStartInfo Start(ComposeService service, string[] command)
    {
        string[] line = [.. service.Entrypoint, .. command.Select(argument => Map(service, argument))];
        var start = new ProcessStartInfo(line[0].StartsWith('/') ? line[0] : Path.Combine(_app, line[0]), line[1..])
        {
            WorkingDirectory = _app,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in service.Environment)
        {
            start.Environment[name] = Map(service, value);
        }

        // What the images bring along: the runtime, the server's programs, and where that server is to itself.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        start.Environment["PATH"] = $"{RestartablePostgres.Programs}:/usr/bin:/bin";
        start.Environment["PGHOST"] = Database.Host;
        start.Environment["PGPORT"] = $"{Database.Port}";
        return start;
    }

    private string Map(ComposeService service, string text)
    {
        foreach (var volume in service.Volumes.Select(volume => volume.Split(':')).Where(volume => volume[0].StartsWith('.')))
        {
            if (text.StartsWith(volume[1] + "/", StringComparison.Ordinal))
            {
                return Path.GetFullPath(Path.Combine(Repository, volume[0])) + text[volume[1].Length..];
            }
        }

        return text
            .Replace($"Host={Network}2;", $"Host={Database.Host};Port={Database.Port};", StringComparison.Ordinal)
            .Replace(Network, _loopback, StringComparison.Ordinal);
    }

    // What the image of PostgreSQL does with its environment at its first start; what its command line sets, a server that runs
    // already takes as "alter system".
    private async Task PrepareServerAsync()
    {
        var given = _file["postgres"].Environment;
        await using var source = NpgsqlDataSource.Create(_server.ConnectionString);

        string[] statements =
        [
            $"create role {given["POSTGRES_USER"]} superuser login password '{given["POSTGRES_PASSWORD"]}'",
            $"create database {given["POSTGRES_DB"]} owner {given["POSTGRES_USER"]}",
            "do $$ begin execute format('copy (select ''host all all all scram-sha-256'') to %L', current_setting('hba_file')); end $$",
            .. _file["postgres"].Command.Skip(1).Where(argument => argument != "-c")
                .Select(setting => setting.Split('=')).Select(setting => $"alter system set {setting[0]} = '{setting[1]}'"),
            "select pg_reload_conf()",
        ];
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
    }
}
