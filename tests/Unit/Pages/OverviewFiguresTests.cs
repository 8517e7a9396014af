using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Silo.Api.Overview;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Pages;

public sealed class OverviewFiguresTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    // Tenths of a second, each with how many.
    [Theory]
    [InlineData("",                 null)]
    [InlineData("3x1",              "0.3 0.3")]
    [InlineData("1x1 2x1 3x1 4x1",  "0.2 0.4")]
    [InlineData("9x5 0x95",         "0 0")]
    [InlineData("0x94 9x6",         "0 0.9")]
    [InlineData("600x1 5x1 5x1",    "0.5 60")]
    public void How_long_it_took_is_the_nearest_rank(string delays, string? expected)
    {
        var delay = OverviewFigures.DelayOf(delays.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('x')).Select(parts =>
            new DecisionSum(From, Outcome.Tracked, long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture))));
        Assert.Equal(expected, delay is null ? null : string.Create(CultureInfo.InvariantCulture, $"{delay.Median} {delay.P95}"));
    }

    [Fact]
    public void Each_hour_has_its_own()
    {
        ImmutableArray<DecisionSum> sums =
        [
            new(From, Outcome.Tracked, 4, 2), new(From, Outcome.Tracked, null, 3), new(From, Outcome.Skipped, null, 5),
            new(From.AddHours(23), Outcome.Waiting, null, 1), new(From.AddHours(23), Outcome.Deferred, null, 1), new(From.AddHours(23), Outcome.Failed, null, 1),
        ];
        var hours = OverviewFigures.ByHour(From, sums);
        Assert.Equal(OverviewFigures.Hours, hours.Length);
        Assert.Equal(new HourAnswer(From, 5, 5, 0, 0, new DelayAnswer(0.4, 0.4)), hours[0]);
        Assert.Equal(new HourAnswer(From.AddHours(1), 0, 0, 0, 0, null), hours[1]);
        Assert.Equal(new HourAnswer(From.AddHours(23), 0, 0, 1, 2, null), hours[23]);
        Assert.Equal(From, OverviewFigures.HourOf(From.AddMinutes(59)));
    }
}
