using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Reads messages whole that were known by their headers: somebody tracked them, or what they answer is tracked now.</summary>
public sealed class RecallReader(
    IGrainFactory grains,
    IMailboxSync sync,
    SightingReader reader,
    IContentStore contents,
    IOutbox outbox,
    WholeMailReader whole,
    TimeProvider time)
{
    /// <summary>Reads messages again and has them decided; what is not in the mailbox any more is a dead letter.</summary>
    /// <returns>The places that could not be decided now.</returns>
    public async Task<ImmutableArray<SightingPlace>> RecallAsync(
        OpenMailbox mailbox, ImmutableArray<OutboxItem> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var shown = await mailbox.Session.ListFoldersAsync(cancellationToken);
        var known = await sync.ReadFoldersAsync(mailbox.Organization, mailbox.Address, cancellationToken);
        var sightings = ImmutableArray.CreateBuilder<Sighting>(items.Length);
        foreach (var item in items)
        {
            var (content, isBuried) = await FindAsync(
                mailbox with { IsBackfill = item.IsBackfill }, number => FolderPlan.Find(shown, known, number), item, cancellationToken);
            if (content is not { } raw)
            {
                if (!isBuried)
                {
                    await BuryAsync(mailbox, item, cancellationToken);
                }

                continue;
            }

            var kept = await contents.PutAsync(mailbox.Organization, raw, operation: null, cancellationToken);
            var (sighting, _) = await reader.ReadAsync(
                mailbox.Organization, item.Place, item.FolderKind, raw, kept.Hash, item.ReceivedOn, item.IsBackfill, cancellationToken);
            if (sighting is not null)
            {
                sightings.Add(sighting with { IsRetry = true, FolderNow = NameOf(known, item.Place) });
            }
        }

        if (sightings.Count == 0)
        {
            return [];
        }

        var answers = await grains.GetGrain<IMailboxGrain>(GrainKeys.Mailbox(mailbox.Organization, mailbox.Address))
            .DeliverAsync(sightings.DrainToImmutable(), cancellationToken);
        return [.. answers.Where(answer => answer.Outcome == Outcome.Failed).Select(answer => answer.Place)];
    }

    private static string? NameOf(ImmutableArray<FollowedFolder> known, SightingPlace place) =>
        KnownItem.Parse(place.Item) is { Folder: var number } ? known.FirstOrDefault(folder => folder.Number == number)?.Name : null;

    // Where it was seen, else wherever the mailbox has it by now.
    private async Task<(ReadOnlyMemory<byte>? Content, bool IsBuried)> FindAsync(
        OpenMailbox mailbox, Func<int, ServerFolder?> folderOf, OutboxItem wanted, CancellationToken cancellationToken)
    {
        var place = wanted.Place;
        if (KnownItem.Parse(place.Item) is { } seen)
        {
            var first = await FetchAsync(mailbox, folderOf(seen.Folder), seen.Id, wanted, cancellationToken);
            if (first.IsBuried || first.Content is not null)
            {
                return first;
            }
        }

        var item = await sync.FindItemsAsync(mailbox.Organization, mailbox.Address, [place.Item], cancellationToken);
        if (item is not [{ Email: { } email }])
        {
            return (null, false);
        }

        var others = await sync.ReadItemsOfAsync(mailbox.Organization, mailbox.Address, email, cancellationToken);
        foreach (var other in others.Where(one => one.Item.GoneOn is null))
        {
            var copy = await FetchAsync(mailbox, folderOf(other.Item.Folder), other.Item.Id, wanted, cancellationToken);
            if (copy.IsBuried || copy.Content is not null)
            {
                return copy;
            }
        }

        return (null, false);
    }

    private async Task<(ReadOnlyMemory<byte>? Content, bool IsBuried)> FetchAsync(
        OpenMailbox mailbox, ServerFolder? folder, ItemId item, OutboxItem wanted, CancellationToken cancellationToken) =>
        folder is null ? (null, false) : await whole.ReadAsync(mailbox, folder, item, wanted.Place, wanted.ReceivedOn, cancellationToken);

    private Task BuryAsync(OpenMailbox mailbox, OutboxItem item, CancellationToken cancellationToken) => outbox.BuryAsync(
        mailbox.Organization,
        new DeadLetter(
            item.Place,
            "fetch",
            ReasonCode.ContentNeeded,
            "It is not in the mailbox any more, and only its headers were read. Deliver the message again, or put it back.",
            null,
            time.GetUtcNow())
        {
            ReceivedOn = item.ReceivedOn,
            IsBackfill = item.IsBackfill,
        },
        cancellationToken);
}
