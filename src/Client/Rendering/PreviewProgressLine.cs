using EmailTracking.Preview;
using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>Shows how a preview gets on: live on a terminal, else a line every few seconds.</summary>
internal static class PreviewProgressLine
{
    private const double MB = 1024 * 1024;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    /// <summary>Shows the progress of some work.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="size">The size of what is read, in bytes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">The work; it tells how far it is.</param>
    public static async Task<PreviewSummary> ShowAsync(
        IAnsiConsole console, long size, TimeProvider time, Func<Action<PreviewProgress, long>, Task<PreviewSummary>> work)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            return await console.Status().StartAsync(
                "Reading", status => work((progress, bytes) => status.Status(Of(progress, bytes, size))));
        }

        var shown = time.GetTimestamp();
        return await work((progress, bytes) =>
        {
            if (time.GetElapsedTime(shown) >= LineInterval)
            {
                shown = time.GetTimestamp();
                console.Line(Of(progress, bytes, size));
            }
        });
    }

    // A compressed file holds more than its size says.
    private static string Of(PreviewProgress progress, long bytes, long size) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{bytes / MB:0.0} of {Math.Max(size, bytes) / MB:0.0} MB read, {progress.Decided:N0} mails decided");
}
