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
        OpenMailbox mailbox, PlannedFolder folder, Sighting sighting, ArrivedItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(sighting);
        ArgumentNullException.ThrowIfNull(item);
        var isLate = folder.Known.Mark is not null && mailbox.Facts.Health.LastReadOn is { } read &&
            item.ReceivedOn is { } received && received < read - ReceivedSlack;
        return sighting with { IsMoved = isLate, Left = await LeftAsync(mailbox, folder, sighting.Facts.Thread.Key, cancellationToken) };
    }

    /// <summary>The other tracked folders of the mailbox where an email lay and does not any more; none unless this one has a record.</summary>
    public async Task<ImmutableArray<string>> LeftAsync(
        OpenMailbox mailbox, PlannedFolder folder, MessageKey email, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.Rule?.Regarding is null || mailbox.Facts.Mailbox.Folders.Length < 2)
        {
            return [];
        }

        var items = await sync.ReadItemsOfAsync(mailbox.Organization, mailbox.Address, email, cancellationToken);
        var stays = items.Where(one => one.Item.GoneOn is null).Select(one => one.Item.PlaceFolder).Append(folder.Known.Name).ToHashSet();
        return
        [
            .. items.Select(one => one.Item.PlaceFolder)
                .Where(name => !stays.Contains(name))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Finds out what a label means that a message brought along: an act, unless its email had it before in this mailbox.</summary>
    public async Task<ItemLabel> LabelAsync(
        OpenMailbox mailbox, PlannedFolder folder, DecidedItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(item);
        if (!mailbox.HasLabels || item.Answer?.Email is not { } email)
        {
            return ItemLabel.Present;
        }

        var others = await sync.ReadItemsOfAsync(mailbox.Organization, mailbox.Address, email, cancellationToken);
        var self = mailbox.PlaceOf(folder, item.Item.Id).Item;
        return others.Any(one => one.Item.Name != self && one.Item.Label is not (ItemLabel.Absent or ItemLabel.Undeliverable))
            ? ItemLabel.Present
            : await acts.DoAsync(mailbox, folder, item.Item.Id, email, ActKind.Track, cancellationToken);
    }
}
