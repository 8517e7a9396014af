using System.Diagnostics;

namespace EmailTracking.Tests.Crash;

/// <summary>A process of the test host. What it says goes to a file of its own, and to whoever listens.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process, string log)
    {
        _process = process;
        _log = new StreamWriter(log, append: true) { AutoFlush = true };
    }

    /// <summary>Ends when the process has ended.</summary>
    public Task Exited => _exited.Task;

    public static HostProcess Start(
        IEnumerable<string> arguments, string log, IReadOnlyDictionary<string, string> environment, Action<string> said)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CrashHost.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, log);
        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                lock (host._log)
                {
                    host._log.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {text}");
                }

                said(text);
            }
        }

        host._process.OutputDataReceived += Read;
        host._process.ErrorDataReceived += Read;
        host._process.Exited += (_, _) => host._exited.TrySetResult();
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Writes a line to the process.</summary>
    public void Order(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Tells the process to come to an end by itself.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for the end and for all that was said.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }
}
