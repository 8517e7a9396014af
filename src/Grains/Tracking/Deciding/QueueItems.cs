using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>An email in a queue (Dataverse table <c>queueitem</c>). One for each queue and email, however often it is asked for.</summary>
/// <param name="Email">The email's key.</param>
/// <param name="QueueId">The queue.</param>
[GenerateSerializer, Immutable, Alias("QueueItem")]
public readonly record struct QueueItem([property: Id(0)] MessageKey Email, [property: Id(1)] Guid QueueId);

/// <summary>The queues that get an item for the emails of a batch.</summary>
internal static class QueueItems
{
    /// <summary>The items, in one order; those that are there already among them.</summary>
    /// <param name="drafts">The tracked emails of the batch.</param>
    /// <param name="decisions">The decisions that are written.</param>
    /// <param name="snapshot">Mailboxes, records and settings.</param>
    public static ImmutableArray<QueueItem> Of(
        IEnumerable<Draft> drafts,
        ImmutableArray<SightingDecision> decisions,
        TrackingSnapshot snapshot)
    {
        var settings = snapshot.Settings.Queues;
        if (!settings.ForRecipients && !settings.ForSyncingMailbox)
        {
            return [];
        }

        // A decision that stands has made its items already. Mail that people keep out has its items too, hidden as it is: let in
        // again it is where it would be.
        var seen = decisions.Where(decision => decision.Outcome == Outcome.Tracked)
            .ToLookup(decision => decision.Email, decision => decision.Sighting);
        return
        [
            .. drafts.Where(draft => draft.Candidate.Known is null || settings.ForTrackedMail)
                .SelectMany(draft => seen[draft.Candidate.Key].SelectMany(copy => Queues(copy, snapshot))
                    .Select(queue => new QueueItem(draft.Candidate.Key, queue)))
                .Distinct()
                .OrderBy(item => item.QueueId)
                .ThenBy(item => item.Email),
        ];
    }

    private static IEnumerable<Guid> Queues(Sighting copy, TrackingSnapshot snapshot)
    {
        var settings = snapshot.Settings.Queues;
        if (settings.ForSyncingMailbox && snapshot.Mailboxes[copy.Place.Mailbox].Owner is { LogicalName: Tables.Queue } owner)
        {
            yield return owner.Id;
        }

        foreach (var recipient in settings.ForRecipients ? copy.Facts.Recipients : [])
        {
            foreach (var record in recipient.Address is { } address ? snapshot.RecordsOf(address) : [])
            {
                if (record.IsActive && record.Reference.LogicalName == Tables.Queue)
                {
                    yield return record.Reference.Id;
                }
            }
        }
    }
}
