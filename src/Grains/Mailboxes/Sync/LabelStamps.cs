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
public sealed class LabelStamps(IMailboxSync sync, IOptions<SyncOptions> options, TimeProvider time)
{
    private const int PageMax = 1_000;

    /// <summary>Writes the labels that differ.</summary>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> WriteAsync(OpenMailbox mailbox, FolderPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(plan);
        if (!mailbox.HasLabels)
        {
            return false;
        }

        var differ = await sync.ReadMislabelledAsync(
            mailbox.Organization, mailbox.Address, time.GetUtcNow() - options.Value.LabelsFor, PageMax, cancellationToken);
        var isWritten = false;
        foreach (var group in differ.GroupBy(one => (one.Item.Folder, one.IsTracked)))
        {
            if (plan.Read.FirstOrDefault(folder => folder.Known.Number == group.Key.Folder) is { } folder)
            {
                isWritten |= await TryWriteAsync(mailbox, folder, [.. group.Select(one => one.Item)], group.Key.IsTracked, cancellationToken);
            }
        }

        return isWritten;
    }

    // A folder that takes no labels does not keep the others from theirs.
    private async Task<bool> TryWriteAsync(
        OpenMailbox mailbox, PlannedFolder folder, ImmutableArray<KnownItem> items, bool isTracked, CancellationToken cancellationToken)
    {
        var subject = $"labels in folder {folder.Known.Name} of mailbox {mailbox.Address}";
        try
        {
            await WriteAsync(mailbox, folder, items, isTracked, cancellationToken);
            await sync.ClearAsync(mailbox.Organization, subject, time.GetUtcNow(), cancellationToken);
            return true;
        }
        catch (MailServerException problem) when (!problem.IsTransient)
        {
            await sync.RaiseAsync(
                mailbox.Organization,
                new Alert(subject, AlertLevel.Warning, problem.Message, problem.NextStep, time.GetUtcNow(), null),
                cancellationToken);
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
        await SaveAsync(mailbox, items, isTracked ? ItemLabel.Present : ItemLabel.Removed, cancellationToken);
    }

    private Task SaveAsync(
        OpenMailbox mailbox, ImmutableArray<KnownItem> items, ItemLabel label, CancellationToken cancellationToken) =>
        sync.SaveProgressAsync(
            mailbox.Organization,
            mailbox.Address,
            [new FolderProgress(null, [.. items.Select(item => item with { Label = label })])],
            cancellationToken);
}
