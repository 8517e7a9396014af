using EmailTracking.Client.Commands;
using EmailTracking.Client.Comparing;

namespace EmailTracking.Client.Rendering;

/// <summary>Shows how messages of a mailbox are decided that were missing.</summary>
internal static class FillProgress
{
    /// <summary>Has decided what is missing, with a bar on a terminal.</summary>
    /// <param name="host">Where to show it.</param>
    /// <param name="missing">How many are missing at the beginning.</param>
    /// <param name="fill">Does it, and tells how many are still missing.</param>
    public static Task<Filled> RunAsync(CommandHost host, int missing, Func<Action<int>, Task<Filled>> fill) =>
        LoadProgress.ShowAsync(host.Errors, host.Time, progress =>
        {
            var step = progress.Count("Deciding", missing, "messages");
            return fill(left => step(Math.Max(0, missing - left)));
        });
}
