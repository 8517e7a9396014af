using EmailTracking.Tests.Crash.Host;

namespace EmailTracking.Tests.Crash;

/// <summary>A silo that dies and starts again, always at the same address.</summary>
internal sealed class CrashSilo(string folder, string name, params string[] arguments) : IAsyncDisposable
{
    // One commit in so many loses a race that nobody ran, and one is written and said to have lost: a try is all it has, so that
    // the outbox is in use. Rarely retried places are as likely to be hit as others.
    private const string LoseEvery = "40";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(120);

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["EmailTracking__Tracking__CommitAttemptsMax"] = "1",
        ["EmailTracking__Tracking__DeferFor"] = "00:00:00.100",
        ["EmailTracking__Tracking__LinkGrace"] = "00:00:03",
        ["DOTNET_TieredPGO"] = "0",
    };

    private readonly string _statePath = Path.Combine(folder, $"{name}.state");
    private readonly int _siloPort = Ports.Free();
    private readonly int _gatewayPort = Ports.Free();
    private SiloState? _state;
    private HostProcess? _process;

    public string Gateway => $"127.0.0.1:{_gatewayPort}";

    public SiloState State => _state ??= new SiloState(_statePath);

    public Task Exited => _process!.Exited;

    /// <summary>Starts it and waits until it serves.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = HostProcess.Start(
            ["silo", _statePath, LoseEvery, .. arguments, "--silo-port", $"{_siloPort}", "--gateway-port", $"{_gatewayPort}"],
            Path.Combine(folder, $"{name}.log"),
            Environment,
            line =>
            {
                if (line.StartsWith("EmailTracking serves", StringComparison.Ordinal))
                {
                    serving.TrySetResult();
                }
            });
        var first = await Task.WhenAny(serving.Task, _process.Exited).WaitAsync(StartMax);
        Assert.True(first == serving.Task, $"Silo {name} ended at its start.");
    }

    public void Kill() => _process!.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }

        _state?.Dispose();
    }
}
