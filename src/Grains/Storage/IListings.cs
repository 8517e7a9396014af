using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>The lists and the search index. They follow what is stored, a moment behind it, and nothing is decided by them.</summary>
/// <remarks>Whatever writes an email notes it as due in the same transaction.</remarks>
public interface IListings
{
    /// <summary>Lists emails that are due anew, the first that were noted first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="countMax">How many notes to take at most.</param>
    /// <param name="list">Says where emails are to stand; it may be asked again.</param>
    /// <param name="cancellationToken">Stops it; what was not written is due again.</param>
    /// <returns>How many notes were taken; 0 when nothing is due, or another silo is at it.</returns>
    Task<int> ListDueAsync(
        string organization,
        int countMax,
        Func<ImmutableArray<ListedFacts>, CancellationToken, Task<ImmutableArray<ListedEmail>>> list,
        CancellationToken cancellationToken = default);

    /// <summary>Emails that stand in lists, newest first.</summary>
    Task<ListPage> ReadAsync(string organization, ListQuery query, CancellationToken cancellationToken = default);

    /// <summary>The lists in which emails stand; emails that stand in none are left out.</summary>
    Task<ImmutableDictionary<MessageKey, ImmutableArray<Guid>>> ReadListsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken = default);

    /// <summary>The lists of the mailboxes and queues that belong to members: by the mailbox's owner, or by the queue's.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="members">systemuserid and teamid.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<Guid>> ReadOwnedAsync(
        string organization, ImmutableArray<Guid> members, CancellationToken cancellationToken = default);
}
