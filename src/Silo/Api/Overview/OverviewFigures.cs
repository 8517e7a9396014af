using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Api.Overview;

/// <summary>Makes figures of decisions that were added up.</summary>
internal static class OverviewFigures
{
    /// <summary>How many hours are told.</summary>
    public const int Hours = 24;

    /// <summary>The hour of a moment: when it begins; UTC.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The figures of each hour.</summary>
    /// <param name="from">The first hour.</param>
    /// <param name="sums">The decisions.</param>
    public static ImmutableArray<HourAnswer> ByHour(DateTimeOffset from, ImmutableArray<DecisionSum> sums)
    {
        var byHour = sums.ToLookup(sum => sum.Hour);
        return [.. Enumerable.Range(0, Hours).Select(number => Of(from.AddHours(number), [.. byHour[from.AddHours(number)]]))];
    }

    /// <summary>How long it took to track: the nearest rank.</summary>
    /// <returns>Null when nothing was tracked that is not old mail.</returns>
    public static DelayAnswer? DelayOf(IEnumerable<DecisionSum> sums)
    {
        var delays = sums.Where(sum => sum.Delay is not null).OrderBy(sum => sum.Delay).ToArray();
        var all = delays.Sum(sum => sum.Count);
        return all == 0 ? null : new DelayAnswer(At(0.5), At(0.95));

        double At(double part)
        {
            var rank = (long)Math.Ceiling(part * all);
            var below = 0L;
            return delays.First(sum => (below += sum.Count) >= rank).Delay!.Value / 10.0;
        }
    }

    private static HourAnswer Of(DateTimeOffset hour, ImmutableArray<DecisionSum> sums)
    {
        return new HourAnswer(
            hour, Count(Outcome.Tracked), Count(Outcome.Skipped), Count(Outcome.Waiting), Count(Outcome.Deferred) + Count(Outcome.Failed), DelayOf(sums));

        long Count(Outcome outcome) => sums.Where(sum => sum.Outcome == outcome).Sum(sum => sum.Count);
    }
}
