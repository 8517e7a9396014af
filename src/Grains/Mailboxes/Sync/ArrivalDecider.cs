using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What was decided of a message.</summary>
/// <param name="Item">The message.</param>
/// <param name="Sighting">What its headers say; null for one that cannot be read.</param>
/// <param name="Answer">The durable answer; null when the message was gone before it could be read whole.</param>
public sealed record DecidedItem(ArrivedItem Item, Sighting? Sighting, SightingAnswer? Answer);

/// <summary>From messages of a server to decisions: headers first, and bodies only of what is tracked.</summary>
public sealed class ArrivalDecider(
    IGrainFactory grains, SightingReader reader, IContentStore store, IOutbox outbox, WholeMailReader whole, IOptions<SyncOptions> options, TimeProvider time)
{
    // So that a page of small mails is more than one batch, and the next is on its way while one is decided.
    private const int BatchCountMax = 64;

    /// <summary>Has messages of one folder decided. Safe to repeat.</summary>
    /// <param name="mailbox">The open mailbox.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="items">The messages, at most a few hundred.</param>
    /// <param name="shape">Adds what is known of a message besides its headers.</param>
    /// <param name="reading">What the session is busy with until it ends, well or not; nothing is asked of it before.</param>
    /// <param name="cancellationToken">Stops the work; what was decided stays.</param>
    public async Task<ImmutableArray<DecidedItem>> DecideAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        IReadOnlyCollection<ArrivedItem> items,
        Func<Sighting, ArrivedItem, ValueTask<Sighting>> shape,
        Task reading,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(reading);
        var read = new List<(ArrivedItem Item, Sighting? Sighting)>(items.Count);
        var answers = new Dictionary<SightingPlace, SightingAnswer>();
        try
        {
            foreach (var item in items)
            {
                read.Add((item, await ReadAsync(mailbox, folder, item, shape, cancellationToken)));
            }

            ImmutableArray<Sighting> sightings = [.. read.Select(one => one.Sighting).OfType<Sighting>()];
            foreach (var answer in sightings.IsEmpty ? [] : await DeliverAsync(mailbox, sightings, cancellationToken))
            {
                answers[answer.Place] = answer;
            }
        }
        finally
        {
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        var buried = new HashSet<ItemId>();
        foreach (var answer in await DecideWholeAsync(mailbox, folder, read, answers, buried, shape, cancellationToken))
        {
            answers[answer.Place] = answer;
        }

        return
        [
            .. read.Select(one => new DecidedItem(
                one.Item,
                buried.Contains(one.Item.Id) ? null : one.Sighting,
                one.Sighting is { } sighting && answers.GetValueOrDefault(sighting.Place) is { Outcome: not Outcome.NeedsContent } answer
                    ? answer
                    : null)),
        ];
    }

    private async Task<Sighting?> ReadAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        ArrivedItem item,
        Func<Sighting, ArrivedItem, ValueTask<Sighting>> shape,
        CancellationToken cancellationToken)
    {
        var place = mailbox.PlaceOf(folder, item.Id);
        if (item.Headers is not { } headers)
        {
            await outbox.BuryAsync(
                mailbox.Organization,
                new DeadLetter(
                    place, "fetch", ReasonCode.NotMail, item.Problem ?? "Its headers cannot be read.", null, time.GetUtcNow())
                {
                    ReceivedOn = item.ReceivedOn,
                    IsBackfill = mailbox.IsBackfill,
                },
                cancellationToken);
            return null;
        }

        var (sighting, _) = await reader.ReadAsync(
            mailbox.Organization, place, folder.Kind, headers, Sighting.NoContent, item.ReceivedOn, mailbox.IsBackfill, cancellationToken);
        return sighting is null ? null : await shape(sighting with { Size = item.Size }, item);
    }

    // Whole mail in batches of a bounded size, one fetched while the one before is decided: memory does not grow with what people send.
    private async Task<List<SightingAnswer>> DecideWholeAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        List<(ArrivedItem Item, Sighting? Sighting)> read,
        Dictionary<SightingPlace, SightingAnswer> answers,
        HashSet<ItemId> buried,
        Func<Sighting, ArrivedItem, ValueTask<Sighting>> shape,
        CancellationToken cancellationToken)
    {
        var wanted = read
            .Where(one => one.Sighting is { } headers && answers.GetValueOrDefault(headers.Place)?.Outcome == Outcome.NeedsContent)
            .Select(one => one.Item);
        var all = new List<SightingAnswer>();
        var deciding = Task.FromResult(ImmutableArray<SightingAnswer>.Empty);
        try
        {
            foreach (var batch in Batches(wanted))
            {
                var contents = await FetchAsync(mailbox, folder, batch, buried, cancellationToken);
                all.AddRange(await deciding);
                deciding = DecideWholeAsync(mailbox, folder, contents, shape, cancellationToken);
            }
        }
        finally
        {
            all.AddRange(await deciding);
        }

        return all;
    }

    private IEnumerable<List<ArrivedItem>> Batches(IEnumerable<ArrivedItem> items)
    {
        var (batch, size) = (new List<ArrivedItem>(), 0L);
        foreach (var item in items)
        {
            if (batch.Count > 0 && (batch.Count == BatchCountMax || size + item.Size > options.Value.BatchBytes))
            {
                yield return batch;
                (batch, size) = ([], 0);
            }

            batch.Add(item);
            size += item.Size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async Task<List<(ArrivedItem Item, ReadOnlyMemory<byte> Content)>> FetchAsync(
        OpenMailbox mailbox, PlannedFolder folder, List<ArrivedItem> batch, HashSet<ItemId> buried, CancellationToken cancellationToken)
    {
        ItemId[] small = [.. batch.Where(item => item.Size <= options.Value.MessageBytesMax).Select(item => item.Id)];
        var together = small.Length <= 1
            ? ImmutableDictionary<ItemId, ReadOnlyMemory<byte>>.Empty
            : await mailbox.Session.FetchManyAsync(folder.Server, small, options.Value.BatchBytes, cancellationToken);
        var contents = new List<(ArrivedItem Item, ReadOnlyMemory<byte> Content)>(batch.Count);
        foreach (var item in batch)
        {
            if (together.TryGetValue(item.Id, out var content))
            {
                contents.Add((item, content));
            }
            else if (await whole.ReadAsync(mailbox, folder.Server, item.Id, mailbox.PlaceOf(folder, item.Id), item.ReceivedOn, cancellationToken) is var (alone, isBuried))
            {
                contents.AddRange(alone is { } bytes ? [(item, bytes)] : []);
                _ = isBuried && buried.Add(item.Id);
            }
        }

        return contents;
    }

    private async Task<ImmutableArray<SightingAnswer>> DecideWholeAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        List<(ArrivedItem Item, ReadOnlyMemory<byte> Content)> contents,
        Func<Sighting, ArrivedItem, ValueTask<Sighting>> shape,
        CancellationToken cancellationToken)
    {
        // All at once: the store keeps them with one flush.
        var kept = await Task.WhenAll(contents.Select(one =>
            store.PutAsync(mailbox.Organization, one.Content, operation: null, cancellationToken)));
        var sightings = ImmutableArray.CreateBuilder<Sighting>(contents.Count);
        foreach (var ((item, content), (hash, _)) in contents.Zip(kept))
        {
            var (whole, _) = await reader.ReadAsync(
                mailbox.Organization, mailbox.PlaceOf(folder, item.Id), folder.Kind, content, hash, item.ReceivedOn, mailbox.IsBackfill, cancellationToken);
            if (whole is not null)
            {
                sightings.Add(await shape(whole, item));
            }
        }

        return sightings.Count == 0 ? [] : await DeliverAsync(mailbox, sightings.DrainToImmutable(), cancellationToken);
    }

    private Task<ImmutableArray<SightingAnswer>> DeliverAsync(
        OpenMailbox mailbox, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
        grains.GetGrain<IMailboxGrain>(GrainKeys.Mailbox(mailbox.Organization, mailbox.Address)).DeliverAsync(sightings, cancellationToken);
}
