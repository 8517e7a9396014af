using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>The id rows that new emails write: their own, and those of the ids they name.</summary>
internal static class KeyChanges
{
    public static ImmutableArray<KeyChange> Of(IEnumerable<EmailChange> emails, TrackingSnapshot snapshot)
    {
        var after = new Dictionary<MessageKey, KeyFacts>();
        var facts = snapshot.Emails.ToDictionary(email => email.Key, email => email.Value.Facts);
        foreach (var email in emails.OrderBy(email => email.After.Facts, ThreadFacts.BySent))
        {
            var mail = email.After.Facts;
            facts[mail.Key] = mail;
            var own = Now(mail.IdKey) ?? new KeyFacts(mail.IdKey, null, false, false, false);
            after[mail.IdKey] = own.IsBorne ? own : own with { Holder = mail.Key, IsBorne = true };

            for (var i = 0; i < mail.Claims.Length; i++)
            {
                var key = mail.Claims[i].Key;
                var now = Now(key) ?? new KeyFacts(key, null, false, false, false);
                after[key] = now with
                {
                    Holder = now.IsBorne ? now.Holder : Earlier(now.Holder, mail),
                    IsNearClaimed = now.IsNearClaimed || mail.IsNear(i),
                };
            }
        }

        return
        [
            .. after.Values
                .Select(key => new KeyChange(snapshot.Keys.GetValueOrDefault(key.Key), key))
                .Where(change => change.Before != change.After)
                .OrderBy(change => change.After.Key),
        ];

        KeyFacts? Now(MessageKey key) => after.GetValueOrDefault(key) ?? snapshot.Keys.GetValueOrDefault(key);

        MessageKey Earlier(MessageKey? holder, ThreadFacts mail) =>
            holder is { } one && ThreadFacts.BySent.Compare(facts[one], mail) <= 0 ? one : mail.Key;
    }

    /// <summary>
    /// The ids that a claim leads out by, that were near and are far now, or that are named and do not count, and that are not known
    /// for it yet.
    /// </summary>
    public static ImmutableArray<MessageKey> Contested(IEnumerable<Placed> places, TrackingSnapshot snapshot) =>
    [
        .. places
            .SelectMany(place => place.OpenClaims.Select(claim => place.Email.Facts.Claims[claim].Key)
                .Concat(LeftNear(place.Email))
                .Concat(place.Email.Facts.Claims.Where(claim => claim.Kind == ClaimKind.Relayed).Select(claim => claim.Key)))
            .Where(key => snapshot.Keys.GetValueOrDefault(key) is not { IsContested: true })
            .Distinct()
            .Order(),
    ];

    // The row says for ever that somebody hangs from the id. When a further copy makes another id the near one, that may hold no
    // longer, and whoever names the id next has to be looked at together with all others.
    private static IEnumerable<MessageKey> LeftNear(Unplaced email) =>
        email.Before?.Facts.Near is { } before && before.Key != email.Facts.Near?.Key ? [before.Key] : [];
}
