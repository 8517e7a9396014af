using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Queues;

/// <summary>A queue, as pages show it.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mailbox">Its mailbox.</param>
/// <param name="Status">How that is read; null when it has no server.</param>
public sealed record QueueView(RecordReference Queue, string Name, MailboxFacts Mailbox, MailboxStatus? Status)
{
    /// <summary>The path of its page.</summary>
    public string Path => $"queues/{Queue.Id}";
}

/// <summary>A queue and what is in it.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Items">The emails in it, newest first.</param>
/// <param name="Names">The names of their owners and of what they are about.</param>
/// <param name="HasMore">Whether there may be more.</param>
public sealed record QueueContents(
    QueueView Queue, ImmutableArray<QueueItemRow> Items, ImmutableDictionary<RecordReference, string> Names, bool HasMore);
