using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EmailTracking.Tests.Crash.Host;

/// <summary>Ends this process as the kernel ends one, at the point that was armed.</summary>
internal sealed class Points(SiloState state)
{
    private const int SigKill = 9;
    private static readonly TimeSpan InsideMax = TimeSpan.FromMilliseconds(3);

    public SiloState State => state;

    public void Pass(Point point)
    {
        if (state.IsDue(point))
        {
            Die();
        }
    }

    /// <summary>Dies within the next moments: somewhere inside what goes on meanwhile on other threads.</summary>
    public void PassSlowly(Point point)
    {
        if (state.IsDue(point))
        {
            var (start, wait) = (Stopwatch.GetTimestamp(), InsideMax * Random.Shared.NextDouble());
            while (Stopwatch.GetElapsedTime(start) < wait)
            {
                Thread.SpinWait(10);
            }

            Die();
        }
    }

    private static void Die() => _ = Kill(Environment.ProcessId, SigKill);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
