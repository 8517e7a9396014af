using System.Diagnostics.Metrics;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking;

/// <summary>What the grains say of themselves: meter <c>EmailTracking</c>.</summary>
public sealed class TrackingMetrics
{
    /// <summary>The meter's name, for all that the program says of itself.</summary>
    public const string MeterName = "EmailTracking";

    private readonly Counter<long> _decisions;

    /// <summary>Creates the instruments.</summary>
    public TrackingMetrics(IMeterFactory meters) => _decisions = meters.Create(MeterName)
        .CreateCounter<long>("emailtracking.decisions", "{sighting}", "Sightings that were answered, by outcome and reason.");

    /// <summary>Counts an answer.</summary>
    public void Answered(SightingAnswer answer) => _decisions.Add(
        1,
        new KeyValuePair<string, object?>("outcome", answer.Outcome),
        new KeyValuePair<string, object?>("reason", answer.Reason));
}
