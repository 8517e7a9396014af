using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Bench.Processes;

/// <summary>A program of this folder, as a process that one writes lines to and reads lines from.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="isSettled">Whether its code is compiled once, and not again when it has run often.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, bool isSettled)
    {
        string[] command = [Path.Combine(AppContext.BaseDirectory, program), .. arguments];
        var start = new ProcessStartInfo("dotnet", command) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (isSettled)
        {
            start.Environment["DOTNET_TieredCompilation"] = "0";
        }

        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(process);
        return new ChildProcess(process);
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

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }
}
