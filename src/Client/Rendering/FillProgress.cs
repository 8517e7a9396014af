using EmailTracking.Client.Commands;
using EmailTracking.Client.Comparing;

namespace EmailTracking.Client.Rendering;

/// <summary>Shows how messages of a mailbox are decided that were missing.</summary>
internal static class FillProgress
{
    /// <summary>Has decided what is missing, with a bar on a terminal.</summary>
    /// <param name="host">Where to show it.</param>
    /// <param name="filler">Does it.</param>
    /// <param name="since">From which day on.</param>
    /// <param name="isBackfill">Whether it is old mail.</param>
    /// <param name="missing">How many are missing at the beginning.</param>
    /// <param name="cancellationToken">Ends it; what was decided stays.</param>
    public static Task<Filled> RunAsync(
        CommandHost host, MailboxFiller filler, DateOnly since, bool isBackfill, int missing, CancellationToken cancellationToken) =>
        LoadProgress.ShowAsync(host.Errors, host.Time, progress =>
        {
            var step = progress.Count("Deciding", missing, "messages");
            return filler.FillAsync(since, isBackfill, left => step(Math.Max(0, missing - left)), cancellationToken);
        });
}
