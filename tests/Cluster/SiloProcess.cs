using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace EmailTracking.Tests.Cluster;

/// <summary>A silo as its own process, as it is built: what a test of signals and start times needs.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process, int gateway)
    {
        _process = process;
        Gateway = $"127.0.0.1:{gateway}";
    }

    public string Gateway { get; }

    /// <summary>Starts a silo; its ports are free ones.</summary>
    public static Task<SiloProcess> StartAsync(params string[] arguments) => StartAtAsync(FreePort(), arguments);

    /// <summary>Starts a silo whose gateway is where another one was.</summary>
    public static async Task<SiloProcess> StartAtAsync(int gatewayPort, params string[] arguments)
    {
        var siloPort = FreePort();
        var start = Dotnet("EmailTracking.Silo.dll",
            ["--silo-port", $"{siloPort}", "--gateway-port", $"{gatewayPort}", .. arguments]);
        var silo = new SiloProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, gatewayPort);
        silo._process.OutputDataReceived += silo.Read;
        silo._process.ErrorDataReceived += silo.Read;
        silo._process.Exited += (_, _) => silo._serving.TrySetException(
            new InvalidOperationException($"The silo ended at its start.\n{silo.Output}"));
        silo._process.Start();
        silo._process.BeginOutputReadLine();
        silo._process.BeginErrorReadLine();
        await silo._serving.Task.WaitAsync(StartMax);
        return silo;
    }

    /// <summary>A start of a built program in the folder of these tests.</summary>
    public static ProcessStartInfo Dotnet(string program, IEnumerable<string> arguments) =>
        new("dotnet", ["exec", "--runtimeconfig", InFolder("EmailTracking.Silo.runtimeconfig.json"), InFolder(program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };

    // Beside these tests lie only the libraries that the silo's frameworks do not have.
    private static string InFolder(string file) => Path.Combine(AppContext.BaseDirectory, file);

    /// <summary>What the silo has written.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Tells the silo to stop, and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Kill(_process.Id, SigTerm));
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private void Read(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }

        if (line.Data?.StartsWith("EmailTracking serves", StringComparison.Ordinal) == true)
        {
            _serving.TrySetResult();
        }
    }
}
