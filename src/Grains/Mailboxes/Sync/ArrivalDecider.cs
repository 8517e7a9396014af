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
    IGrainFactory grains, SightingReader reader, IContentStore contents, IOutbox outbox, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>Has messages of one folder decided. Safe to repeat.</summary>
    /// <param name="mailbox">The open mailbox.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="items">The messages, at most a few hundred.</param>
    /// <param name="shape">Adds what is known of a message besides its headers.</param>
    /// <param name="cancellationToken">Stops the work; what was decided stays.</param>
    public async Task<ImmutableArray<DecidedItem>> DecideAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        IReadOnlyCollection<ArrivedItem> items,
        Func<Sighting, ArrivedItem, ValueTask<Sighting>> shape,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(shape);
        var read = new List<(ArrivedItem Item, Sighting? Sighting)>(items.Count);
        foreach (var item in items)
        {
            read.Add((item, await ReadAsync(mailbox, folder, item, shape, cancellationToken)));
        }

        ImmutableArray<Sighting> sightings = [.. read.Select(one => one.Sighting).OfType<Sighting>()];
        var answers = new Dictionary<SightingPlace, SightingAnswer>();
        foreach (var answer in sightings.IsEmpty ? [] : await DeliverAsync(mailbox, sightings, cancellationToken))
        {
            answers[answer.Place] = answer;
        }

        await foreach (var batch in WholeAsync(mailbox, folder, read, answers, shape, cancellationToken))
        {
            foreach (var answer in await DeliverAsync(mailbox, batch, cancellationToken))
            {
                answers[answer.Place] = answer;
            }
        }

        return
        [
            .. read.Select(one => new DecidedItem(
                one.Item,
                one.Sighting,
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
                    place, "fetch", ReasonCode.NotMail, item.Problem ?? "Its headers cannot be read.", null, time.GetUtcNow()),
                cancellationToken);
            return null;
        }

        var (sighting, _) = await reader.ReadAsync(
            mailbox.Organization, place, folder.Kind, headers, Sighting.NoContent, item.ReceivedOn, cancellationToken);
        return sighting is null ? null : await shape(sighting with { Size = item.Size }, item);
    }

    // Whole mail in batches of a bounded size: memory does not grow with what people send.
    private async IAsyncEnumerable<ImmutableArray<Sighting>> WholeAsync(
        OpenMailbox mailbox,
        PlannedFolder folder,
        List<(ArrivedItem Item, Sighting? Sighting)> read,
        Dictionary<SightingPlace, SightingAnswer> answers,
        Func<Sighting, ArrivedItem, ValueTask<Sighting>> shape,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = ImmutableArray.CreateBuilder<Sighting>();
        long size = 0;
        foreach (var (item, headers) in read)
        {
            if (headers is null || answers.GetValueOrDefault(headers.Place)?.Outcome != Outcome.NeedsContent ||
                await mailbox.Session.FetchAsync(folder.Server, item.Id, options.Value.MessageBytesMax, cancellationToken) is not { } content)
            {
                continue;
            }

            var kept = await contents.PutAsync(mailbox.Organization, content, operation: null, cancellationToken);
            var (whole, _) = await reader.ReadAsync(
                mailbox.Organization, headers.Place, folder.Kind, content, kept.Hash, item.ReceivedOn, cancellationToken);
            if (whole is null)
            {
                continue;
            }

            batch.Add(await shape(whole, item));
            size += content.Length;
            if (size >= options.Value.BatchBytes)
            {
                yield return batch.DrainToImmutable();
                size = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch.DrainToImmutable();
        }
    }

    private Task<ImmutableArray<SightingAnswer>> DeliverAsync(
        OpenMailbox mailbox, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
        grains.GetGrain<IMailboxGrain>(GrainKeys.Mailbox(mailbox.Organization, mailbox.Address)).DeliverAsync(sightings, cancellationToken);
}
