using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Mails as the settings want them read: headers that are not to count are not there.</summary>
internal static class Readings
{
    /// <summary>The sightings, without the ids that they may not name.</summary>
    public static ImmutableArray<Sighting> Of(ImmutableArray<Sighting> sightings, CorrelationSettings settings) =>
        settings.IgnoresHeaders || settings.ForwardsAnswerNothing
            ? [.. sightings.Select(sighting => Ignores(sighting, settings) ? WithoutClaims(sighting) : sighting)]
            : sightings;

    private static bool Ignores(Sighting sighting, CorrelationSettings settings) =>
        settings.IgnoresHeaders || BaseSubject.IsForward(sighting.Facts.Subject);

    private static Sighting WithoutClaims(Sighting sighting) => sighting with
    {
        Facts = sighting.Facts with { Thread = sighting.Facts.Thread with { Claims = [], IndexDepth = 0 } },
    };
}
