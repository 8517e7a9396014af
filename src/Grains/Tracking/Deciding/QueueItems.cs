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
    /// <param name="isLeftOut">Whether people keep an email out.</param>
    /// <param name="snapshot">Mailboxes, records and settings.</param>
    public static ImmutableArray<QueueItem> Of(
        IEnumerable<Draft> drafts,
        ImmutableArray<SightingDecision> decisions,
        Func<Draft, bool> isLeftOut,
        TrackingSnapshot snapshot)
    {
        var settings = snapshot.Settings.Queues;
        if (!settings.ForRecipients && !settings.ForSyncingMailbox)
        {
            return [];
        }

        // A decision that stands has made its items already.
        var seen = decisions.Where(decision => decision.Outcome == Outcome.Tracked)
            .ToLookup(decision => decision.Email, decision => decision.Sighting.Place.Mailbox);
        return
        [
            .. drafts.Where(draft => (draft.Candidate.Known is null || settings.ForTrackedMail) && !isLeftOut(draft))
                .SelectMany(draft => Queues(draft, seen[draft.Candidate.Key], snapshot)
                    .Select(queue => new QueueItem(draft.Candidate.Key, queue)))
                .Distinct()
                .OrderBy(item => item.QueueId)
                .ThenBy(item => item.Email),
        ];
    }

    private static IEnumerable<Guid> Queues(Draft draft, IEnumerable<EmailAddress> mailboxes, TrackingSnapshot snapshot)
    {
        var settings = snapshot.Settings.Queues;
        var syncing = settings.ForSyncingMailbox
            ? mailboxes.Select(mailbox => snapshot.Mailboxes[mailbox].Owner)
                .Where(owner => owner is { LogicalName: Tables.Queue })
                .Select(owner => owner!.Value.Id)
            : [];
        var named = settings.ForRecipients && draft.Content is { } content
            ? content.Sighting.Facts.Recipients
                .SelectMany(one => one.Address is { } address ? snapshot.RecordsOf(address) : [])
                .Where(record => record.IsActive && record.Reference.LogicalName == Tables.Queue)
                .Select(record => record.Reference.Id)
            : [];
        return syncing.Concat(named);
    }
}
