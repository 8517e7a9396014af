using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What else is known of a message that came into a folder: where its email lay before, and who put the label there.</summary>
public sealed class ArrivalFacts(IMailboxSync sync, LabelActs acts)
{
    // Two clocks, and the time that a message is on its way into its folder.
    private static readonly TimeSpan ReceivedSlack = TimeSpan.FromMinutes(5);

    /// <summary>Adds to a sighting whether it came from another folder, and which tracked folders it left.</summary>
    public async ValueTask<Sighting> AddAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, Sighting sighting, ArrivedItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(sighting);
        ArgumentNullException.ThrowIfNull(item);
        var isLate = item.Id.Number >= folder.Known.Begin && folder.Known.Mark is not null && mailbox.Facts.Health.LastReadOn is { } read &&
            item.ReceivedOn is { } received && received < read - ReceivedSlack;
        return folder.Name(sighting) with { IsMoved = isLate, Left = await LeftAsync(mailbox, plan, folder, sighting.Facts.Thread.Key, cancellationToken) };
    }

    /// <summary>The other tracked folders of the mailbox where an email lay and does not any more; none unless this one has a record.</summary>
    /// <remarks>A folder that is not read now, since it lies outside the Inbox or waits for somebody, keeps nothing: nobody sees what leaves it.</remarks>
    public async Task<ImmutableArray<string>> LeftAsync(
        OpenMailbox mailbox, FolderPlan plan, PlannedFolder folder, MessageKey email, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.Rule?.Regarding is null || mailbox.Facts.Mailbox.Folders.Length < 2)
        {
            return [];
        }

        var items = await sync.ReadItemsOfAsync(mailbox.Organization, mailbox.Address, email, cancellationToken);
        var read = plan.Read.Select(one => one.Known.Number).ToHashSet();
        var stays = items
            .Where(one => one.Item.GoneOn is null && read.Contains(one.Item.Folder))
            .Select(one => one.Item.PlaceFolder)
            .Append(folder.Known.Name)
            .ToHashSet();
        return
        [
            .. items.Select(one => one.Item.PlaceFolder)
                .Where(name => !stays.Contains(name))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Finds out what a label means that a message brought along: an act, unless its email had it before in this mailbox.</summary>
    /// <param name="mailbox">The open mailbox.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="item">What was decided of the message.</param>
    /// <param name="known">The message, without a label so far.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The message with what is known of its label.</returns>
    public async Task<KnownItem> LabelAsync(
        OpenMailbox mailbox, PlannedFolder folder, DecidedItem item, KnownItem known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(known);
        if (!mailbox.HasLabels || item.Answer?.Email is not { } email)
        {
            return known with { Label = ItemLabel.Present };
        }

        var others = await sync.ReadItemsOfAsync(mailbox.Organization, mailbox.Address, email, cancellationToken);
        return others.Any(one => one.Item.Name != known.Name && one.Item.Label is not (ItemLabel.Absent or ItemLabel.Undeliverable))
            ? known with { Label = ItemLabel.Present }
            : await acts.DoAsync(mailbox, folder, known, email, ActKind.Track, cancellationToken);
    }
}
