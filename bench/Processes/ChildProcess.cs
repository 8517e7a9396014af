using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Bench.Processes;

/// <summary>A program of this folder, as a process that one writes lines to and reads lines from.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan WatchStep = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="isSettled">Whether its code is compiled once, and not again when it has run often.</param>
    /// <param name="borrows">Whether it runs with the libraries of this program: what the framework of both has lies not beside it.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, bool isSettled, bool borrows = false)
    {
        string[] own = borrows
            ? ["exec", "--depsfile", Here("EmailTracking.Bench.deps.json"), "--runtimeconfig", Here("EmailTracking.Bench.runtimeconfig.json")]
            : [];
        string[] command = [.. own, Here(program), .. arguments];
        var start = new ProcessStartInfo("dotnet", command) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (isSettled)
        {
            start.Environment["DOTNET_TieredCompilation"] = "0";
        }

        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(process);
        return new ChildProcess(process);
    }

    /// <summary>Waits for its end, and watches what it uses meanwhile.</summary>
    /// <returns>Its exit code, the most memory it held in bytes, and its seconds of processor time.</returns>
    public async Task<(int Code, long PeakBytes, double ProcessorSeconds)> WatchAsync()
    {
        var (peak, seconds, ended) = (0L, 0.0, _process.WaitForExitAsync());
        do
        {
            // Both only grow, and are gone with the process: what was read last counts.
            peak = Math.Max(peak, Clock.PeakBytesOf(Id));
            seconds = Math.Max(seconds, Clock.OfProcess(Id));
        }
        while (await Task.WhenAny(ended, Task.Delay(WatchStep)) != ended);
        return (_process.ExitCode, peak, seconds);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[0]} ended; what it wrote last says why.");

    /// <summary>Reads on until a line begins so.</summary>
    public async Task WaitForAsync(string beginning)
    {
        while (!(await ReadLineAsync()).StartsWith(beginning, StringComparison.Ordinal))
        {
        }
    }

    /// <summary>Reads what it writes and forgets it: a full pipe would stop it.</summary>
    public void Ignore() => _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync();
    }

    private static string Here(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }
}
