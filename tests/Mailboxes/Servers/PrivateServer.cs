using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A program of the distribution that serves this process alone, in a folder of its own.</summary>
/// <remarks>It is stopped and its folder deleted when it is disposed or this process ends, also when it is killed (see private-server.sh).</remarks>
public sealed class PrivateServer : IAsyncDisposable
{
    private const int StartAttemptsMax = 5;
    private static readonly TimeSpan SayMax = TimeSpan.FromSeconds(60);

    private readonly Process _supervisor;
    private readonly List<string> _said = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PrivateServer(string name, Process supervisor, string folder)
    {
        (Name, _supervisor, Folder) = (name, supervisor, folder);
        AppDomain.CurrentDomain.ProcessExit += End;
        _ = Task.Run(ListenAsync);
    }

    /// <summary>What kind of server it is.</summary>
    public string Name { get; }

    /// <summary>Where its configuration and data are. All may look into it.</summary>
    public string Folder { get; }

    /// <summary>How many lines it has said.</summary>
    public int Said
    {
        get
        {
            lock (_said)
            {
                return _said.Count;
            }
        }
    }

    /// <summary>All that it has said.</summary>
    public string Log
    {
        get
        {
            lock (_said)
            {
                return string.Join('\n', _said);
            }
        }
    }

    /// <summary>Makes the folder of a server that is not started yet.</summary>
    /// <param name="name">A short name for its kind.</param>
    public static async Task<PrivateServer> CreateAsync(string name)
    {
        using var script = new StreamReader(typeof(PrivateServer).Assembly.GetManifestResourceStream("private-server.sh")!);
        var supervisor = Process.Start(new ProcessStartInfo("sh", ["-c", await script.ReadToEndAsync(), "private-server", name])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var folder = await supervisor.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"No folder for {name} can be made.");
        return new PrivateServer(name, supervisor, folder);
    }

    /// <summary>A path in its folder.</summary>
    public string InFolder(string path) => Path.Combine(Folder, path);

    /// <summary>Starts it on ports that are free.</summary>
    /// <param name="ports">How many it needs.</param>
    /// <param name="configure">Writes its configuration for these ports.</param>
    /// <param name="command">The shell script that becomes the server, in the foreground.</param>
    /// <param name="isReady">The line that it says when it serves.</param>
    /// <exception cref="InvalidOperationException">It does not start: what it said.</exception>
    public async Task StartAsync(int ports, Func<int[], Task> configure, string command, Func<string, bool> isReady)
    {
        for (var attempt = 1; ; attempt++)
        {
            await configure(FreePorts(ports));
            try
            {
                await StartAsync(command, isReady);
                return;
            }
            catch (InvalidOperationException) when (attempt < StartAttemptsMax && Log.Contains("Address already in use", StringComparison.Ordinal))
            {
                // Somebody else took the ports before the server did.
                await StopAsync();
                lock (_said)
                {
                    _said.Clear();
                }
            }
        }
    }

    /// <summary>Starts it, as it is configured.</summary>
    /// <inheritdoc cref="StartAsync(int, Func{int[], Task}, string, Func{string, bool})"/>
    public async Task StartAsync(string command, Func<string, bool> isReady)
    {
        await File.WriteAllTextAsync(InFolder("run"), command + "\n");
        var from = Said;
        _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await ObeyAsync("start");
        await SaysAsync(isReady, from);
    }

    /// <summary>Stops it; connections end, its data stays.</summary>
    public async Task StopAsync()
    {
        await ObeyAsync("stop");
        await _ended.Task.WaitAsync(SayMax);
    }

    /// <summary>Waits until it says something.</summary>
    /// <param name="isIt">Whether a line is it.</param>
    /// <param name="from">The number of the first line that is looked at.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not say it in a minute: what it said.</exception>
    public async Task<string> SaysAsync(Func<string, bool> isIt, int from = 0)
    {
        using var timeout = new CancellationTokenSource(SayMax);
        while (true)
        {
            Task more;
            lock (_said)
            {
                for (; from < _said.Count; from++)
                {
                    if (isIt(_said[from]))
                    {
                        return _said[from];
                    }
                }

                more = _more.Task;
            }

            try
            {
                if (_ended.Task == await Task.WhenAny(more, _ended.Task).WaitAsync(timeout.Token) && !more.IsCompleted)
                {
                    throw new InvalidOperationException($"{Name} ended. It said:\n{Log}");
                }
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException($"{Name} did not say what is waited for. It said:\n{Log}");
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" });

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    public static async Task<string> RunAsync(ProcessStartInfo start, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? said[0]
            : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {string.Concat(said)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= End;
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private void End(object? sender, EventArgs nothing) => _supervisor.StandardInput.Close();

    private async Task ObeyAsync(string command)
    {
        await _supervisor.StandardInput.WriteLineAsync(command);
        await _supervisor.StandardInput.FlushAsync();
    }

    private async Task ListenAsync()
    {
        const string log = "log ";
        while (await _supervisor.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(log, StringComparison.Ordinal))
            {
                _ended.TrySetResult();
                continue;
            }

            TaskCompletionSource waiting;
            lock (_said)
            {
                _said.Add(line[log.Length..]);
                (waiting, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            waiting.SetResult();
        }

        _ended.TrySetResult();
    }
}
