using System.Globalization;

namespace EmailTracking.Bench.Reports;

/// <summary>One figure, and what is aimed at.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure, with its unit.</param>
/// <param name="Aim">What is aimed at; empty when nothing is.</param>
/// <param name="IsMet">Whether it is met; null when nothing is aimed at.</param>
internal sealed record Figure(string What, string Value, string Aim, bool? IsMet);

/// <summary>Gathers figures, and the windows that they are medians of.</summary>
internal sealed class Report
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _windows = [];

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>What was measured, window by window.</summary>
    public IReadOnlyList<string> Windows => _windows;

    public void Add(string what, FormattableString value) => _figures.Add(new Figure(what, Text(value), "", null));

    public void Add(string what, FormattableString value, FormattableString aim, bool isMet) =>
        _figures.Add(new Figure(what, Text(value), Text(aim), isMet));

    public void Window(string what, IEnumerable<string> lines)
    {
        _windows.Add(what);
        Console.WriteLine(what);
        foreach (var line in lines)
        {
            _windows.Add($"    {line}");
            Console.WriteLine($"    {line}");
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
