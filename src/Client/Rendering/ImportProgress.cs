using EmailTracking.Client.Importing;
using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>Shows how an import gets on: live on a terminal, else a line every few seconds.</summary>
internal static class ImportProgress
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    public static async Task<T> ShowAsync<T>(IAnsiConsole console, ImportTally tally, TimeProvider time, Func<Task<T>> work)
    {
        var began = time.GetTimestamp();
        string Line() => Of(tally.Counts, time.GetElapsedTime(began));
        if (!console.Profile.Capabilities.Interactive)
        {
            var plain = work();
            await TickAsync(plain, LineInterval, time, () => console.Line(Line()));
            return await plain;
        }

        return await console.Status().StartAsync(Line(), async status =>
        {
            var live = work();
            await TickAsync(live, LiveInterval, time, () => status.Status(Line()));
            return await live;
        });
    }

    /// <summary>The counts in one line.</summary>
    public static string Of(ImportCounts counts, TimeSpan elapsed)
    {
        var rate = counts.Answered / Math.Max(elapsed.TotalSeconds, 0.001);
        var parts = new[]
        {
            (counts.Tracked, "tracked"),
            (counts.AlreadyTracked, "already tracked"),
            (counts.Skipped.Values.Sum(), "skipped"),
            (counts.Waiting, "waiting"),
            (counts.Deferred, "deferred"),
            (counts.Failed, "failed"),
        };
        var words = parts.Where(part => part.Item1 > 0).Select(part => $"{Words.Of(part.Item1)} {part.Item2}");
        return $"{Words.Of(counts.Answered)} mails, {Words.Of((long)rate)}/s: {string.Join(", ", words)}".TrimEnd(' ', ':');
    }

    private static async Task TickAsync(Task work, TimeSpan interval, TimeProvider time, Action show)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask()) != work)
        {
            show();
        }
    }
}
