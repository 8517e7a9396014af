using System.Globalization;

namespace EmailTracking.Silo.Pages.Overview;

/// <summary>Figures in words.</summary>
internal static class OverviewWords
{
    /// <summary>A whole number.</summary>
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number up to which was counted.</summary>
    public static string Count(long value, long countedMax) => value >= countedMax ? $"{Count(value)} or more" : Count(value);

    /// <summary>A time.</summary>
    /// <param name="seconds">Seconds; 0 and more.</param>
    public static string Time(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };
}
