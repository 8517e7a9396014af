using System.Collections.Immutable;

namespace EmailTracking.Silo.Pages.Overview;

/// <summary>A row of values in a chart.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Class">How it looks: the class of its marks.</param>
/// <param name="Values">One value for each column; null: none.</param>
public sealed record ChartSeries(string Name, string Class, ImmutableArray<double?> Values);
