using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Whether a token in a subject is believed. Decided once, with what is known when the mail is tracked.</summary>
/// <remarks>
/// A token is a word that anybody can type. It counts when all mail of our side that carries it is in one conversation, and the
/// sender has ground with a mail there; else it is only mentioned.
/// </remarks>
internal static class Tokens
{
    /// <summary>The claim that a believed token stands for; null when there is none.</summary>
    public static Claim? Believed(EmailFacts mail, MessageKey self, TrackingSnapshot snapshot) => Seen(mail, self, snapshot)
        .Select(seen => seen.Believed)
        .FirstOrDefault(claim => claim is not null);

    /// <summary>Every token in the subject with the number of conversations that carry it, and the claim if it is believed.</summary>
    public static IEnumerable<(string Token, int Conversations, Claim? Believed)> Seen(
        EmailFacts mail, MessageKey self, TrackingSnapshot snapshot)
    {
        foreach (var token in TrackingTokens.In(mail.Subject, snapshot.Settings.PrefixesInUse()))
        {
            var emails = snapshot.Tokens.TryGetValue(token, out var keys)
                ? keys.Where(key => key != self).Select(key => snapshot.Emails[key]).ToArray()
                : [];
            var conversations = emails.Select(email => email.State.ConversationId).Distinct().Count();
            var latest = conversations != 1 ? null : emails
                .Where(email => !email.State.IsHeld && email.Facts.GivesGroundTo(mail.Thread))
                .MaxBy(email => email.Facts, ThreadFacts.BySent);
            yield return (token, conversations, latest is null ? null : new Claim(latest.Facts.IdKey, ClaimKind.Token));
        }
    }
}
