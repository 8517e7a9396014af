using System.Collections.Immutable;
using EmailTracking.Conversations;
using EmailTracking.Intake;
using EmailTracking.Outbox;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace EmailTracking.Mailboxes;

/// <summary>Gathers what arrives while a batch is decided, and decides that as the next batch.</summary>
/// <remarks>Reentrant, so that senders can queue up while the pump waits; the pump itself runs once.</remarks>
[GrainType("mailbox")]
[Reentrant]
public sealed class MailboxGrain(
    ITrackingStore store, SightingReader reader, IOptions<TrackingOptions> options, TrackingMetrics metrics, TimeProvider time)
    : Grain, IMailboxGrain
{
    private readonly HeaderFacts _facts = new(time);
    private readonly Queue<Waiting> _queue = new();
    private bool _pumping;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<ImmutableArray<SightingAnswer>> DeliverAsync(
        ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
    {
        if (_queue.Count + sightings.Length > options.Value.MailboxQueueMax && _queue.Count > 0)
        {
            throw new MailboxBusyException(this.GetPrimaryKeyString(), _queue.Count);
        }

        var waiting = sightings.Select(sighting => new Waiting(sighting)).ToArray();
        foreach (var one in waiting)
        {
            _queue.Enqueue(one);
        }

        if (!_pumping)
        {
            PumpAsync().Ignore();
        }

        return [.. await Task.WhenAll(waiting.Select(one => one.Answer.Task))];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SightingPlace>> RetryAsync(ImmutableArray<OutboxItem> items, CancellationToken cancellationToken)
    {
        var sightings = ImmutableArray.CreateBuilder<Sighting>(items.Length);
        foreach (var item in items)
        {
            if (await reader.ReadAsync(Organization, item, cancellationToken) is { } sighting)
            {
                sightings.Add(sighting);
            }
        }

        var answers = await DeliverAsync(sightings.DrainToImmutable(), cancellationToken);
        return [.. answers.Where(answer => answer.Outcome == Outcome.Failed).Select(answer => answer.Place)];
    }

    private async Task PumpAsync()
    {
        _pumping = true;
        try
        {
            while (_queue.Count > 0)
            {
                var batch = new List<Waiting>();
                while (batch.Count < options.Value.BatchMax && _queue.TryDequeue(out var next))
                {
                    batch.Add(next);
                }

                await DecideAsync(batch);
            }
        }
        finally
        {
            _pumping = false;
        }
    }

    private async Task DecideAsync(List<Waiting> batch)
    {
        try
        {
            ImmutableArray<Sighting> sightings = [.. batch.Select(one => one.Sighting)];
            var snapshot = _facts.For(sightings) ?? await ReadFactsAsync(sightings);
            if (sightings.Any(sighting => !snapshot.Mailboxes.ContainsKey(sighting.Place.Mailbox)))
            {
                batch.ForEach(one => one.Answer.SetResult(new SightingAnswer(
                    one.Sighting.Place, Outcome.Failed, ReasonCode.UnknownMailbox, IsFirst: false, null, null)));
                return;
            }

            // Two deliveries of one copy are two sightings, and only one of them is the first.
            var waiting = batch.ToDictionary(one => (object)one.Sighting, ReferenceEqualityComparer.Instance);
            var groups = TrackingGroup.Of(Organization, sightings, snapshot);
            var parts = new SnapshotParts(snapshot);
            _facts.Decided(sightings);
            await Task.WhenAll(groups.Select(group => TrackAsync(group, parts.For(group.Sightings), waiting)));
        }
        catch (Exception problem)
        {
            // Every caller is told, and sends again; what was committed meanwhile is found by the repetition.
            batch.ForEach(one => one.Answer.TrySetException(problem));
        }
    }

    private async Task<TrackingSnapshot> ReadFactsAsync(ImmutableArray<Sighting> sightings)
    {
        var snapshot = await store.ReadFactsAsync(Organization, sightings);
        _facts.Keep(snapshot, sightings);
        return snapshot;
    }

    private async Task TrackAsync(TrackingGroup group, TrackingSnapshot snapshot, Dictionary<object, Waiting> waiting)
    {
        var answers = await HeaderDecisions.TryAsync(store, Organization, group.Sightings, snapshot) is var (settled, woken)
            ? Woken(settled, woken)
            : await GrainFactory.GetGrain<IConversationGrain>(GrainKeys.Conversation(Organization, group.ConversationId))
                .TrackAsync(group.Sightings, snapshot);
        foreach (var (sighting, answer) in group.Sightings.Zip(answers))
        {
            metrics.Answered(answer);
            waiting[sighting].Answer.TrySetResult(answer);
        }
    }

    private ImmutableArray<SightingAnswer> Woken(ImmutableArray<SightingAnswer> answers, int items)
    {
        if (items > 0)
        {
            // Not awaited: the rows are durable, and the outbox's reminder finds them should this call be lost.
            GrainFactory.GetGrain<IOutboxGrain>(GrainKeys.Organization(Organization)).WakeAsync().Ignore();
        }

        return answers;
    }

    private sealed record Waiting(Sighting Sighting)
    {
        public TaskCompletionSource<SightingAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
