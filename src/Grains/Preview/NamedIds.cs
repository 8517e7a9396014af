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

    /// <summary>The emails that a mail may be a copy of: one bears its id, or is the variant that its content makes.</summary>
    public static MessageKey[] CopiesOf(Sighting sighting)
    {
        var mail = sighting.Facts;
        var variant = MessageKey.OfVariant(mail.Thread.IdKey, mail.Sender?.Value ?? "", mail.Thread.SentOn, mail.BaseSubject);
        return [mail.Thread.IdKey, variant, MessageKey.OfSent(mail.Thread.IdKey), MessageKey.OfSent(variant)];
    }
}
