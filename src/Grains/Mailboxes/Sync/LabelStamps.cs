using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Makes the labels of messages say what their emails are: set where it is tracked, removed where it is not any more.</summary>
/// <remarks>
/// What is about to be written is written down first. Whatever is seen of it then is our own work, and nobody's act; should the silo
/// die in between, the label is written again.
/// </remarks>
public sealed class LabelStamps(
    IMailboxSync sync, LabelActs acts, FolderTroubles troubles, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>Writes the labels that differ, in the folders that are read.</summary>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> WriteAsync(OpenMailbox mailbox, FolderPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(plan);
        var isWritten = false;
        var folders = plan.Read.ToDictionary(folder => folder.Known.Number);
        for (var hasMore = mailbox.HasLabels; hasMore && folders.Count > 0;)
        {
            var differ = await sync.ReadMislabelledAsync(
                mailbox.Organization,
                mailbox.Address,
                [.. folders.Keys],
                time.GetUtcNow() - options.Value.LabelsFor,
                options.Value.PageMax,
                cancellationToken);
            foreach (var group in differ.GroupBy(one => (one.Item.Folder, one.IsTracked)))
            {
                if (folders.TryGetValue(group.Key.Folder, out var folder))
                {
                    var items = group.Select(one => one.Item).ToImmutableArray();
                    if (await TryWriteAsync(mailbox, folder, items, group.Key.IsTracked, cancellationToken))
                    {
                        isWritten = true;
                    }
                    else
                    {
                        // A folder that takes no labels does not keep the others from theirs.
                        folders.Remove(group.Key.Folder);
                    }
                }
            }

            hasMore = differ.Length == options.Value.PageMax;
        }

        foreach (var folder in folders.Values.Where(folder => folder.Known.LabelsRefusedOn is not null))
        {
            await troubles.TakesLabelsAsync(mailbox, folder.Known, cancellationToken);
        }

        return isWritten;
    }

    private async Task<bool> TryWriteAsync(
        OpenMailbox mailbox, PlannedFolder folder, ImmutableArray<KnownItem> items, bool isTracked, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(mailbox, folder, items, isTracked, cancellationToken);
            return true;
        }
        catch (MailServerException problem) when (!problem.IsTransient)
        {
            await troubles.RefusesLabelsAsync(mailbox, folder, problem, cancellationToken);
            return false;
        }
    }

    private async Task WriteAsync(
        OpenMailbox mailbox, PlannedFolder folder, ImmutableArray<KnownItem> items, bool isTracked, CancellationToken cancellationToken)
    {
        await SaveAsync(mailbox, items, isTracked ? ItemLabel.Setting : ItemLabel.Removing, cancellationToken);
        await mailbox.Session.LabelAsync(
            folder.Server,
            [.. items.Select(item => item.Id)],
            isTracked ? [Labels.Tracked] : [],
            isTracked ? [Labels.Undeliverable] : [Labels.Tracked],
            cancellationToken);
        var settled = ImmutableArray.CreateBuilder<KnownItem>(items.Length);
        foreach (var item in items)
        {
            settled.Add(item.HasGivenUp ? await acts.DoneAsync(mailbox, item, cancellationToken) : item);
        }

        await SaveAsync(mailbox, settled.MoveToImmutable(), isTracked ? ItemLabel.Present : ItemLabel.Removed, cancellationToken);
    }

    private Task SaveAsync(
        OpenMailbox mailbox, ImmutableArray<KnownItem> items, ItemLabel label, CancellationToken cancellationToken) =>
        sync.SaveProgressAsync(
            mailbox.Organization,
            mailbox.Address,
            [new FolderProgress(null, [.. items.Select(item => item with { Label = label })])],
            cancellationToken);
}
