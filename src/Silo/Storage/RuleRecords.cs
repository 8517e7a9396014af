using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage;

/// <summary>What rules ask of a snapshot beyond what is read for every batch.</summary>
internal static class RuleRecords
{
    /// <summary>Whether any of the mail lies in a queue's mailbox.</summary>
    public static bool AreAsked(TrackingSnapshot snapshot, IEnumerable<Sighting> sightings) =>
        sightings.Any(sighting => snapshot.Mailboxes.GetValueOrDefault(sighting.Place.Mailbox) is { IsQueue: true });

    /// <summary>The records that mail may be about, each once, without those that are known already.</summary>
    public static RecordReference[] Of(TrackingSnapshot snapshot) =>
    [
        .. snapshot.Emails.Values
            .SelectMany(email => email.State.RegardingClaims.Select(claim => (RecordReference?)claim.Record).Append(email.State.Regarding?.Record))
            .Concat(snapshot.Mailboxes.Values.SelectMany(mailbox => mailbox.Folders).Select(folder => folder.Regarding))
            .OfType<RecordReference>()
            .Where(record => !snapshot.Lives.ContainsKey(record))
            .Distinct()
            .OrderBy(record => record.Id),
    ];

    /// <summary>The addresses by whose records a customer is found.</summary>
    public static string[] Senders(TrackingSettings settings, IEnumerable<Sighting> sightings) =>
    [
        .. settings.LookedUp(sightings
            .SelectMany(sighting => new[] { sighting.Facts.Sender, sighting.Facts.ForwardedFrom?.Address })
            .OfType<EmailAddress>())
            .Select(address => address.Value)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The snapshot, and what became of some records.</summary>
    public static TrackingSnapshot With(TrackingSnapshot snapshot, IEnumerable<RecordLife> lives)
    {
        var known = new Dictionary<RecordReference, RecordLife>(snapshot.Lives);
        foreach (var life in lives)
        {
            known[life.Reference] = life;
        }

        return snapshot with { Lives = known };
    }
}
