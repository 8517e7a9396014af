using EmailTracking.Silo.Pages.Overview;

namespace EmailTracking.Tests.Unit.Pages;

public sealed class ChartScaleTests
{
    [Theory]
    [InlineData(0,      4,  4)]
    [InlineData(4,      4,  4)]
    [InlineData(4.2,    4,  5)]
    [InlineData(61,     4,  80)]
    [InlineData(999,    4,  1000)]
    [InlineData(0.03,   0.01, 0.04)]
    [InlineData(1e6,    4,  1e6)]
    public void A_value_fits_on_the_smallest_round_scale(double value, double least, double max) =>
        Assert.Equal(max, ChartScale.Of(value, least).Max, 6);

    [Theory]
    [InlineData(0.04,   "0 s")]
    [InlineData(3.25,   "3.3 s")]
    [InlineData(90,     "1.5 min")]
    [InlineData(7200,   "2 h")]
    public void A_time_is_told_in_its_unit(double seconds, string words) => Assert.Equal(words, OverviewWords.Time(seconds));
}
