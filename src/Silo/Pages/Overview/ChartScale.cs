using System.Globalization;

namespace EmailTracking.Silo.Pages.Overview;

/// <summary>The scale of a chart's values: from 0 to a round number, with a line at each half of it.</summary>
/// <param name="Max">The number at the top.</param>
internal readonly record struct ChartScale(double Max)
{
    private static readonly double[] Rounds = [1, 2, 4, 5, 6, 8, 10];

    /// <summary>The smallest scale on which a value fits.</summary>
    /// <param name="value">The largest value.</param>
    /// <param name="least">The least number at the top.</param>
    public static ChartScale Of(double value, double least)
    {
        var top = Math.Max(value, least);
        var power = Math.Pow(10, Math.Floor(Math.Log10(top)));
        return new ChartScale(Rounds.Select(round => round * power).First(round => round >= top * 0.999999));
    }

    /// <summary>Where a value lies.</summary>
    /// <param name="value">The value.</param>
    /// <param name="height">How high the chart is.</param>
    /// <returns>From the top.</returns>
    public double Y(double value, double height) => height - (value / Max * height);

    /// <summary>The lines.</summary>
    public IEnumerable<double> Lines => [0, Max / 2, Max];

    /// <summary>A number for a style or a point.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
