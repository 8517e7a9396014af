using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>All messages of a folder that were dealt with, a page at a time.</summary>
internal static class ItemPages
{
    private const int PageMax = 10_000;

    /// <summary>Reads them by number, those of one numbering.</summary>
    public static async IAsyncEnumerable<ImmutableArray<ItemDecision>> ReadItemPagesAsync(
        this IMailboxSync sync,
        string organization,
        EmailAddress mailbox,
        int folder,
        uint validity,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = new ItemId(validity, 0);
        while (await sync.ReadItemsAsync(organization, mailbox, folder, after, PageMax, cancellationToken) is { IsEmpty: false } page)
        {
            yield return page;
            after = page[^1].Item.Id;
        }
    }
}
