using System.Runtime.CompilerServices;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Gives the mail that lies in a tracked folder the folder's record of now.</summary>
public sealed class FolderRelinker(IMailboxSync sync, ArrivalDecider arrivals, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>How much tracked mail lies in a folder.</summary>
    public async Task<int> CountAsync(string organization, EmailAddress mailbox, string folder, CancellationToken cancellationToken)
    {
        var known = await sync.ReadFoldersAsync(organization, mailbox, cancellationToken);
        return known.FirstOrDefault(one => one.Name == folder && one.GoneOn is null) is { } found
            ? await TrackedAsync(organization, mailbox, found, cancellationToken).CountAsync(cancellationToken)
            : 0;
    }

    /// <summary>How much mail lies in a folder that was never read and would be, had it a rule.</summary>
    public async Task<int> CountNewAsync(OpenMailbox mailbox, string folder, DateOnly? from, DateOnly? until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var shown = await mailbox.Session.ListFoldersAsync(cancellationToken);
        if (shown.FirstOrDefault(one => one.Name == folder) is not { } server)
        {
            throw new MailServerException(
                ServerProblemKind.FolderGone, $"There is no folder {folder}.", "Choose one that there is, or make it: the rule waits for it.");
        }

        var known = await sync.ReadFoldersAsync(mailbox.Organization, mailbox.Address, cancellationToken);
        if (known.Any(one => one is { GoneOn: null, Mark: not null } && one.Name == folder))
        {
            return 0;
        }

        var start = from > mailbox.Facts.StartsOn ? from.Value : mailbox.Facts.StartsOn;
        if (until <= start)
        {
            return 0;
        }

        var count = (await mailbox.Session.ListItemsAsync(server, start, cancellationToken)).Count;
        return until is { } end ? count - (await mailbox.Session.ListItemsAsync(server, end, cancellationToken)).Count : count;
    }

    /// <summary>Decides that mail again, as if it had left the folder and come back.</summary>
    public async Task<int> RelinkAsync(OpenMailbox mailbox, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var shown = await mailbox.Session.ListFoldersAsync(cancellationToken);
        var known = await sync.ReadFoldersAsync(mailbox.Organization, mailbox.Address, cancellationToken);
        var plan = FolderPlan.Of(shown, known, mailbox.Facts.Mailbox.Folders, mailbox.Facts.ReadsSent, time.GetUtcNow());
        if (plan.Read.FirstOrDefault(one => one.Known.Name == folder) is not { Rule.Regarding: not null } found)
        {
            return 0;
        }

        var decided = 0;
        await foreach (var page in TrackedAsync(mailbox.Organization, mailbox.Address, found.Known, cancellationToken)
            .Chunk(options.Value.PageMax)
            .WithCancellation(cancellationToken))
        {
            // What it is about was said under the name that the folder had then.
            foreach (var named in page.GroupBy(item => item.PlaceFolder))
            {
                var headers = await mailbox.Session.ReadHeadersAsync(found.Server, [.. named.Select(item => item.Id)], cancellationToken);
                decided += (await arrivals.DecideAsync(
                    mailbox,
                    found.As(named.Key),
                    headers,
                    (sighting, _) => ValueTask.FromResult(found.Name(sighting) with { Left = [named.Key], IsRetry = true }),
                    Task.CompletedTask,
                    cancellationToken)).Length;
            }
        }

        return decided;
    }

    private async IAsyncEnumerable<KnownItem> TrackedAsync(
        string organization, EmailAddress mailbox, FollowedFolder folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in sync.ReadItemPagesAsync(organization, mailbox, folder.Number, folder.Validity, cancellationToken))
        {
            foreach (var one in page.Where(one => one is { IsTracked: true, Item.GoneOn: null }))
            {
                yield return one.Item;
            }
        }
    }
}
