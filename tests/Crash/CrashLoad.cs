using System.Globalization;
using EmailTracking.Tests.Crash.Checker;

namespace EmailTracking.Tests.Crash;

/// <summary>The client process, and how far it has come.</summary>
internal sealed class CrashLoad(string folder, int seed) : IAsyncDisposable
{
    private static readonly TimeSpan ProgressMax = TimeSpan.FromSeconds(120);

    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private HostProcess? _process;
    private int _count;
    private int _wanted = int.MaxValue;
    private int _blocks;

    public string LogPath { get; } = Path.Combine(folder, "acknowledged.log");

    public int Restarts { get; private set; } = -1;

    public IReadOnlyList<Acknowledgement> Acknowledged => AcknowledgementLog.Read(LogPath);

    public async Task StartAsync(IEnumerable<string> gateways)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Restarts++;
        _process = HostProcess.Start(
            ["client", string.Join(',', gateways), $"{seed}", LogPath],
            Path.Combine(folder, "client.log"),
            new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" },
            Read);
    }

    public void Kill() => _process!.Kill();

    /// <summary>Sends little while a silo starts, so that this does not take longer than it must.</summary>
    public void Lighten() => _process!.Order("light");

    public void Fill() => _process!.Order("full");

    /// <summary>Waits until so many more were acknowledged.</summary>
    public async Task WaitForMoreAsync(int more)
    {
        Task reached;
        lock (_lock)
        {
            (_wanted, _reached) = (_count + more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            reached = _reached.Task;
        }

        await reached.WaitAsync(ProgressMax);
    }

    /// <summary>Lets it finish what it has begun.</summary>
    /// <returns>How many blocks of mail were delivered, all of each.</returns>
    public async Task<int> FinishAsync()
    {
        _process!.CloseInput();
        Assert.Equal(0, await _process.WaitAsync().WaitAsync(ProgressMax));
        return _blocks;
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Read(string line)
    {
        lock (_lock)
        {
            if (line.StartsWith("blocks ", StringComparison.Ordinal))
            {
                _blocks = int.Parse(line["blocks ".Length..], CultureInfo.InvariantCulture);
            }
            else if (int.TryParse(line, CultureInfo.InvariantCulture, out var count))
            {
                _count = Math.Max(_count, count);
                if (_count >= _wanted)
                {
                    _reached.TrySetResult();
                }
            }
        }
    }
}
