using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Reads what changed in a folder among the messages that were read already: labels, and what is gone.</summary>
public sealed class ChangeDecider(
    IMailboxSync sync, ArrivalDecider arrivals, ArrivalFacts facts, LabelActs acts, TimeProvider time)
{
    private const int NamesMax = 1_000;

    /// <summary>Reads the changes since the folder's mark, and writes down that they were read.</summary>
    /// <returns>The folder as it is known now, and whether anything changed.</returns>
    public async Task<(FollowedFolder Known, bool IsChanged)> ReadAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        var mark = folder.Known.Mark!;
        var changes = await mailbox.Session.ReadChangesAsync(folder.Server, mark, cancellationToken);
        var (states, gone) = changes is { Gone: not null }
            ? await OfChangesAsync(mailbox, folder, changes, cancellationToken)
            : await ByComparingAsync(mailbox, folder, changes, cancellationToken);
        var items = ImmutableArray.CreateBuilder<KnownItem>();
        foreach (var (known, state) in states)
        {
            if (await LabelAsync(mailbox, folder, known, state, cancellationToken) is { } changed)
            {
                items.Add(changed);
            }
        }

        foreach (var known in gone)
        {
            await MovedAsync(mailbox, plan, folder, known, cancellationToken);
            items.Add(await GoneAsync(mailbox, known.Item, cancellationToken));
        }

        var read = folder.Known with { Mark = mark with { Change = changes?.Change ?? mark.Change } };
        if (items.Count > 0 || read != folder.Known)
        {
            await sync.SaveProgressAsync(
                mailbox.Organization, mailbox.Address, [new FolderProgress(read, items.ToImmutable())], cancellationToken);
        }

        return (read, items.Count > 0);
    }

    /// <summary>Writes down that all messages of a folder are gone, or all that are numbered in a way that means nothing any more.</summary>
    public async Task LeaveAsync(OpenMailbox mailbox, FollowedFolder folder, uint validity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        await foreach (var page in sync.ReadItemPagesAsync(mailbox.Organization, mailbox.Address, folder.Number, validity, cancellationToken))
        {
            var left = ImmutableArray.CreateBuilder<KnownItem>();
            foreach (var one in page.Where(one => one.Item.GoneOn is null))
            {
                left.Add(await GoneAsync(mailbox, one.Item, cancellationToken));
            }

            if (left.Count > 0)
            {
                await sync.SaveProgressAsync(
                    mailbox.Organization, mailbox.Address, [new FolderProgress(folder, left.ToImmutable())], cancellationToken);
            }
        }
    }

    private async Task<(List<(ItemDecision Known, ItemState State)> States, List<ItemDecision> Gone)> OfChangesAsync(
        OpenMailbox mailbox, PlannedFolder folder, FolderChanges changes, CancellationToken cancellationToken)
    {
        var states = changes.Labelled.ToDictionary(state => KnownItem.NameOf(folder.Known.Number, state.Id));
        var gone = changes.Gone!.Select(item => KnownItem.NameOf(folder.Known.Number, item)).ToHashSet();
        var found = new List<ItemDecision>();
        foreach (var names in states.Keys.Concat(gone).Distinct().Chunk(NamesMax))
        {
            found.AddRange(await sync.FindItemsAsync(mailbox.Organization, mailbox.Address, [.. names], cancellationToken));
        }

        return (
            [.. found.Where(one => !gone.Contains(one.Item.Name)).Select(one => (one, states[one.Item.Name]))],
            [.. found.Where(one => gone.Contains(one.Item.Name) && one.Item.GoneOn is null)]);
    }

    // The server tells too little: everything that lies there is compared with everything that we know.
    private async Task<(List<(ItemDecision Known, ItemState State)> States, List<ItemDecision> Gone)> ByComparingAsync(
        OpenMailbox mailbox, PlannedFolder folder, FolderChanges? changes, CancellationToken cancellationToken)
    {
        var shown = (await mailbox.Session.ListItemsAsync(folder.Server, from: null, cancellationToken)).ToDictionary(state => state.Id);
        var told = changes?.Labelled.Select(state => state.Id).ToHashSet();
        var states = new List<(ItemDecision Known, ItemState State)>();
        var gone = new List<ItemDecision>();
        var validity = folder.Known.Mark!.Validity;
        if (shown.Keys.Any(item => item.Validity != validity))
        {
            // Numbered anew meanwhile: what comes into the folder says so.
            return (states, gone);
        }

        await foreach (var page in sync.ReadItemPagesAsync(
            mailbox.Organization, mailbox.Address, folder.Known.Number, validity, cancellationToken))
        {
            foreach (var one in page)
            {
                if (!shown.TryGetValue(one.Item.Id, out var state))
                {
                    gone.AddRange(one.Item.GoneOn is null ? [one] : []);
                }
                else if (one.Item.GoneOn is not null || told?.Contains(one.Item.Id) != false)
                {
                    states.Add((one, state));
                }
            }
        }

        return (states, await ConfirmedAsync(mailbox, folder, gone, cancellationToken));
    }

    // A list may be shorter than the folder: what is not in it is asked for by its number before it counts as gone.
    private static async Task<List<ItemDecision>> ConfirmedAsync(
        OpenMailbox mailbox, PlannedFolder folder, List<ItemDecision> gone, CancellationToken cancellationToken)
    {
        if (gone.Count == 0)
        {
            return gone;
        }

        var found = await mailbox.Session.ReadHeadersAsync(folder.Server, [.. gone.Select(one => one.Item.Id)], cancellationToken);
        var there = found.Select(item => item.Id).ToHashSet();
        return [.. gone.Where(one => !there.Contains(one.Item.Id))];
    }

    private async Task<KnownItem?> LabelAsync(
        OpenMailbox mailbox, PlannedFolder folder, ItemDecision known, ItemState state, CancellationToken cancellationToken)
    {
        var (label, act) = ItemLabels.Decide(known.Item.Label, state.Labels.Has(Labels.Tracked), mailbox.HasLabels);

        // What is shown is not gone, whatever a shorter list said before.
        var item = known.Item with { GoneOn = null };
        if (act is { } kind && known.Email is { } email)
        {
            item = await acts.DoAsync(mailbox, folder, item, email, kind, cancellationToken);
        }
        else if (label != item.Label || (label == ItemLabel.Undeliverable && !state.Labels.Has(Labels.Undeliverable)))
        {
            // Somebody took back what they meant, or has seen that it cannot be done.
            item = await acts.DoneAsync(mailbox, item, cancellationToken) with
            {
                Label = label == ItemLabel.Undeliverable ? ItemLabel.Removed : label,
            };
        }

        return item == known.Item ? null : item;
    }

    // What its label stood for is still tried; that it cannot be done is nobody's concern any more.
    private async Task<KnownItem> GoneAsync(OpenMailbox mailbox, KnownItem item, CancellationToken cancellationToken) =>
        (item.HasGivenUp ? await acts.DoneAsync(mailbox, item, cancellationToken) : item) with { GoneOn = time.GetUtcNow() };

    // It may have been moved, and have been read in its new folder before: then that folder learns now what it left.
    private async Task MovedAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, ItemDecision gone, CancellationToken cancellationToken)
    {
        if (folder.Rule?.Regarding is null || gone.Email is not { } email)
        {
            return;
        }

        var others = await sync.ReadItemsOfAsync(mailbox.Organization, mailbox.Address, email, cancellationToken);
        if (others.Any(one => one.Item.GoneOn is null && one.Item.Folder == folder.Known.Number && one.Item.Id != gone.Item.Id))
        {
            // A further copy lies here still.
            return;
        }

        foreach (var other in others.Where(one => one.Item.GoneOn is null && one.Item.Folder != folder.Known.Number))
        {
            if (plan.Read.FirstOrDefault(one => one.Known.Number == other.Item.Folder) is not { Rule.Regarding: not null } target)
            {
                continue;
            }

            var headers = await mailbox.Session.ReadHeadersAsync(target.Server, [other.Item.Id], cancellationToken);
            var decided = await arrivals.DecideAsync(
                mailbox,
                target.As(other.Item.PlaceFolder),
                headers,
                async (sighting, _) => target.Name(sighting) with
                {
                    Left = [.. (await facts.LeftAsync(mailbox, plan, target, email, cancellationToken)).Append(gone.Item.PlaceFolder).Distinct()],
                },
                Task.CompletedTask,
                cancellationToken);
            if (decided.Any(one => one.Answer?.Outcome == Outcome.Deferred))
            {
                // What it left would be forgotten: the round is repeated, and the message is found gone again.
                throw new InvalidOperationException("Others changed the same email each time; its move is decided again.");
            }
        }
    }
}
