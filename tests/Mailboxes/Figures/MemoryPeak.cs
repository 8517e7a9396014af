using System.Diagnostics;

namespace EmailTracking.Tests.Mailboxes.Figures;

/// <summary>How far the memory of this process rises, looked at some times in a second.</summary>
internal sealed class MemoryPeak : IDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly Process _process = Process.GetCurrentProcess();
    private readonly long _managedBefore = GC.GetTotalMemory(forceFullCollection: true);
    private readonly long _workingBefore;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _managed;
    private long _working;

    public MemoryPeak()
    {
        _process.Refresh();
        _workingBefore = _process.WorkingSet64;
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    /// <summary>The highest rise so far, in megabytes; what is not collected yet counts.</summary>
    public (double Managed, double Working) End()
    {
        Look();
        lock (_lock)
        {
            return ((_managed - _managedBefore) / Megabyte, (_working - _workingBefore) / Megabyte);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _process.Dispose();
    }

    private void Look()
    {
        lock (_lock)
        {
            _process.Refresh();
            (_managed, _working) = (Math.Max(_managed, GC.GetTotalMemory(false)), Math.Max(_working, _process.WorkingSet64));
        }
    }
}
