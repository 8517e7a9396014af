using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>Shows how a load gets on, step by step: bars on a terminal, else a line every few seconds.</summary>
internal sealed class LoadProgress
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(3);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly ProgressContext? _bars;

    private LoadProgress(IAnsiConsole console, TimeProvider time, ProgressContext? bars) =>
        (_console, _time, _bars) = (console, time, bars);

    /// <summary>Runs a load; its bars go when it ends.</summary>
    public static Task<T> ShowAsync<T>(IAnsiConsole console, TimeProvider time, Func<LoadProgress, Task<T>> work) =>
        console.Profile.Capabilities.Interactive
            ? console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(bars => work(new LoadProgress(console, time, bars)))
            : work(new LoadProgress(console, time, null));

    /// <summary>Begins a step of which only a part from 0 to 1 is known.</summary>
    /// <param name="what">What is done.</param>
    /// <returns>Is told the part that is done.</returns>
    public Action<double> Part(string what) => Step(what, 1, done => $"{what}: {done:p0}");

    /// <summary>Begins a step.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="count">To how many.</param>
    /// <param name="unit">Of what.</param>
    /// <returns>Is told how many are done.</returns>
    public Action<long> Count(string what, long count, string unit)
    {
        var step = Step(what, Math.Max(1, count), done => $"{what}: {Words.Of((long)done)} of {Words.Of(count)} {unit}");
        return done => step(done);
    }

    private Action<double> Step(string what, double most, FormattedPart line)
    {
        if (_bars?.AddTask(what, maxValue: most) is { } bar)
        {
            return done => bar.Value = done;
        }

        var said = _time.GetTimestamp();
        return done =>
        {
            if (_time.GetElapsedTime(said) >= LineInterval)
            {
                _console.Line(FormattableString.Invariant(line(done)));
                said = _time.GetTimestamp();
            }
        };
    }

    private delegate FormattableString FormattedPart(double done);
}
