using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Compares what a server has with what was decided, and has decided what was not.</summary>
public sealed class MailboxComparer(
    IMailboxSync sync, ArrivalDecider arrivals, ArrivalFacts facts, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>Compares the followed folders of a mailbox. Safe to repeat: it goes on where it was.</summary>
    public async Task<MailboxComparison> CompareAsync(OpenMailbox mailbox, ComparisonRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(request);
        mailbox = mailbox with { IsBackfill = request.IsBackfill };
        var shown = await mailbox.Session.ListFoldersAsync(cancellationToken);
        var known = await sync.ReadFoldersAsync(mailbox.Organization, mailbox.Address, cancellationToken);
        var plan = FolderPlan.Of(shown, known, mailbox.Facts.Mailbox.Folders, mailbox.Facts.ReadsSent, time.GetUtcNow());
        var left = request.DecideMax;
        var compared = ImmutableArray.CreateBuilder<FolderComparison>(plan.Read.Length);
        foreach (var folder in plan.Read)
        {
            var one = await CompareAsync(mailbox, plan, folder, request, left, cancellationToken);
            left -= one.TriedNow;
            compared.Add(one);
        }

        return new MailboxComparison(compared.DrainToImmutable());
    }

    private async Task<FolderComparison> CompareAsync(
        OpenMailbox mailbox,
        FolderPlan plan,
        PlannedFolder folder,
        ComparisonRequest request,
        int decideMax,
        CancellationToken cancellationToken)
    {
        var shown = await mailbox.Session.ListItemsAsync(folder.Server, request.Since, cancellationToken);
        var known = await KnownAsync(mailbox, folder, shown, cancellationToken);
        var after = request.After.TryGetValue(folder.Known.Name, out var last) ? last : default;
        ItemId[] missing =
        [
            .. shown.Select(state => state.Id)
                .Where(item => known.GetValueOrDefault(item)?.Outcome is null && (item.Validity != after.Validity || item.Number > after.Number))
                .Take(decideMax),
        ];
        var decidedNow = 0;
        foreach (var page in missing.Chunk(options.Value.PageMax))
        {
            foreach (var named in page.GroupBy(item => known.GetValueOrDefault(item)?.Item.PlaceFolder ?? folder.Known.Name))
            {
                decidedNow += await DecideAsync(mailbox, plan, folder.As(named.Key), [.. named], cancellationToken);
            }
        }

        if (decidedNow > 0)
        {
            known = await KnownAsync(mailbox, folder, shown, cancellationToken);
        }

        var decided = shown.Select(state => known.GetValueOrDefault(state.Id)).OfType<ItemDecision>().Where(one => one.Outcome is not null).ToList();
        return new FolderComparison(
            folder.Known.Name,
            shown.Count,
            decided.Count,
            decided.Count(one => one.IsTracked),
            decided.Where(one => !one.IsTracked).CountBy(one => one.Reason ?? ReasonCode.Unknown).ToImmutableDictionary(),
            decidedNow)
        {
            TriedNow = missing.Length,
            Last = missing is [.., var latest] ? latest : after,
        };
    }

    private async Task<Dictionary<ItemId, ItemDecision>> KnownAsync(
        OpenMailbox mailbox, PlannedFolder folder, IReadOnlyList<ItemState> shown, CancellationToken cancellationToken)
    {
        var known = new Dictionary<ItemId, ItemDecision>();
        if (shown.Count == 0)
        {
            return known;
        }

        await foreach (var page in sync.ReadItemPagesAsync(
            mailbox.Organization, mailbox.Address, folder.Known.Number, shown[0].Id.Validity, cancellationToken))
        {
            foreach (var one in page)
            {
                known[one.Item.Id] = one;
            }
        }

        return known;
    }

    private async Task<int> DecideAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, ItemId[] missing, CancellationToken cancellationToken)
    {
        var items = await mailbox.Session.ReadHeadersAsync(folder.Server, missing, cancellationToken);
        var decided = await arrivals.DecideAsync(
            mailbox,
            folder,
            items,
            (sighting, item) => facts.AddAsync(mailbox, plan, folder, sighting, item, cancellationToken),
            Task.CompletedTask,
            cancellationToken);
        var now = time.GetUtcNow();
        await sync.SaveProgressAsync(
            mailbox.Organization,
            mailbox.Address,
            [
                new FolderProgress(
                    null,
                    [
                        .. decided.Select(one => new KnownItem(
                            folder.Known.Number,
                            one.Item.Id,
                            folder.Known.Name,
                            one.Item.Labels.Has(Labels.Tracked) ? ItemLabel.Present : ItemLabel.Absent,
                            now)),
                    ]),
            ],
            cancellationToken);
        return decided.Count(one => one.Answer is not null);
    }
}
