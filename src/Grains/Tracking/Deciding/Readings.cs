using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Mails as the settings want them read: ids that are not to count are not there.</summary>
internal static class Readings
{
    /// <summary>The sightings, without the ids that they may not name.</summary>
    public static ImmutableArray<Sighting> Of(ImmutableArray<Sighting> sightings, CorrelationSettings settings) =>
        settings.IgnoresHeaders || settings.ForwardsAnswerNothing
            ? [.. sightings.Select(sighting => Read(sighting, settings))]
            : sightings;

    // What is talked about below a forward belongs to the forward, and names what was forwarded only because programs copy References.
    private static Sighting Read(Sighting sighting, CorrelationSettings settings) =>
        settings.IgnoresHeaders || BaseSubject.IsForward(sighting.Facts.Subject) ? With(sighting, [])
        : BaseSubject.IsBelowForward(sighting.Facts.Subject)
            ? With(sighting, [.. sighting.Facts.Thread.Claims.Where(claim => claim.Kind is ClaimKind.InReplyTo or ClaimKind.References).Take(1)])
        : sighting;

    private static Sighting With(Sighting sighting, ImmutableArray<Claim> claims) => sighting with
    {
        Facts = sighting.Facts with { Thread = sighting.Facts.Thread with { Claims = claims, IndexDepth = 0 } },
    };
}
