using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>The ids that mails bear or name.</summary>
internal static class NamedIds
{
    public static IEnumerable<MessageKey> Of(Sighting sighting) =>
        sighting.Facts.Thread.Claims.Select(claim => claim.Key).Append(sighting.Facts.Thread.IdKey);

    public static IEnumerable<MessageKey> Of(KnownEmail email) =>
        email.Facts.Claims.Select(claim => claim.Key).Append(email.Facts.IdKey);
}
