using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Reads one folder: first what changed in it, then what came into it.</summary>
/// <remarks>
/// What was read is written down after the decisions on it are durable, page by page. A round that ends in between is repeated from
/// there, and to decide a message again changes nothing.
/// </remarks>
public sealed class FolderReader(
    IMailboxSync sync, ArrivalDecider arrivals, ArrivalFacts facts, ChangeDecider changes, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>Reads what is new in a folder.</summary>
    /// <returns>Whether anything was.</returns>
    public async Task<bool> ReadAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(folder);
        var known = folder.Known;
        var isNew = false;
        if (known.Mark is not null)
        {
            (known, isNew) = await changes.ReadAsync(mailbox, plan, folder, cancellationToken);
        }

        var reading = ReadPageAsync(mailbox, folder, known.Mark, cancellationToken);
        for (var hasMore = true; hasMore;)
        {
            var page = await reading;
            if (folder.Kind == FolderKind.Filed && folder.Server.Validity != 0 && page.Mark.Validity != folder.Server.Validity)
            {
                // Since the folders were listed its name was given to another one, or it was numbered anew: the next round finds out.
                return true;
            }

            if (page.IsRenumbered && known.Mark is { } mark)
            {
                await changes.LeaveAsync(mailbox, known, mark.Validity, cancellationToken);
            }

            if (page.IsRenumbered || known.Mark is null)
            {
                known = known with { Begin = page.Next ?? uint.MaxValue };
            }

            if (page.HasMore)
            {
                reading = ReadPageAsync(mailbox, folder, page.Mark, cancellationToken);
            }

            var items = await DecideAsync(mailbox, plan, folder with { Known = known }, page, reading, cancellationToken);
            var read = known with
            {
                Mark = page.Mark,
                Validity = page.Mark.Validity,
                Begin = page.HasMore ? known.Begin : Math.Min(known.Begin, page.Mark.Next),
            };
            if (read != known || !items.IsEmpty)
            {
                await sync.SaveProgressAsync(mailbox.Organization, mailbox.Address, [new FolderProgress(read, items)], cancellationToken);
            }

            (known, hasMore, isNew) = (read, page.HasMore, isNew || !items.IsEmpty);
        }

        return isNew;
    }

    private Task<FolderArrivals> ReadPageAsync(
        OpenMailbox mailbox, PlannedFolder folder, FolderMark? since, CancellationToken cancellationToken) =>
        mailbox.Session.ReadArrivalsAsync(folder.Server, since, mailbox.Facts.StartsOn, options.Value.PageMax, cancellationToken);

    // Meanwhile the next page is read; what becomes of that is told when its turn comes.
    private async Task<ImmutableArray<KnownItem>> DecideAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, FolderArrivals page, Task next, CancellationToken cancellationToken)
    {
        ArrivedItem[] arrived = [.. page.Items.Where(item => !IsTooOld(mailbox, folder, item))];
        if (arrived.Length == 0)
        {
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return [];
        }

        var decided = await arrivals.DecideAsync(
            mailbox, folder, arrived, (sighting, item) => facts.AddAsync(mailbox, plan, folder, sighting, item, cancellationToken), next, cancellationToken);
        var now = time.GetUtcNow();
        var items = ImmutableArray.CreateBuilder<KnownItem>(decided.Length);
        foreach (var one in decided)
        {
            var known = new KnownItem(folder.Known.Number, one.Item.Id, folder.Known.Name, ItemLabel.Absent, now)
            {
                GoneOn = one is { Sighting: not null, Answer: null } ? now : null,
            };
            items.Add(one.Sighting is not null && one.Item.Labels.Has(Labels.Tracked)
                ? await facts.LabelAsync(mailbox, folder, one, known, cancellationToken)
                : known);
        }

        return await DeleteProcessedAsync(mailbox, folder, decided, items.DrainToImmutable(), cancellationToken);
    }

    // From before the start date, whenever it came there. What a person puts into a tracked folder is meant, however old it is; what lay
    // there before the rule is not, on whichever page and in whichever round it is read.
    private static bool IsTooOld(OpenMailbox mailbox, PlannedFolder folder, ArrivedItem item) =>
        item.ReceivedOn is { } received && DateOnly.FromDateTime(received.UtcDateTime) < mailbox.Facts.StartsOn &&
        (folder.Kind != FolderKind.Filed || item.Id.Number < folder.Known.Begin);

    // Before it is written down that they were read: should this end in between, they are read and deleted again.
    private async Task<ImmutableArray<KnownItem>> DeleteProcessedAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        ImmutableArray<DecidedItem> decided,
        ImmutableArray<KnownItem> items,
        CancellationToken cancellationToken)
    {
        if (!mailbox.Facts.Connection.DeletesProcessed || !mailbox.Facts.Mailbox.IsQueue)
        {
            return items;
        }

        var processed = decided.Where(one => one.Answer?.Outcome == Outcome.Tracked).Select(one => one.Item.Id).ToHashSet();
        if (processed.Count > 0)
        {
            await mailbox.Session.DeleteAsync(folder.Server, processed, cancellationToken);
        }

        var now = time.GetUtcNow();
        return [.. items.Select(item => processed.Contains(item.Id) ? item with { GoneOn = now } : item)];
    }
}
