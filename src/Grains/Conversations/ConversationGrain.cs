using System.Collections.Immutable;
using EmailTracking.Linking;
using EmailTracking.Listing;
using EmailTracking.Outbox;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Conversations;

/// <summary>Reads facts, decides, commits. A lost race is a value, and the grain reads and decides again.</summary>
/// <remarks>
/// The grain keeps the queue short, and nothing else: what it decides on is read for each batch, and the store's versions are the
/// guarantee, also while two activations run because the cluster's membership settles.
/// </remarks>
[GrainType("conversation")]
[Orleans.Placement.PreferLocalPlacement]
public sealed class ConversationGrain(
    ITrackingStore store,
    ITrackingQueries queries,
    IDirectory directory,
    IOutbox outbox,
    ListingWaker listing,
    IOptions<TrackingOptions> options,
    TimeProvider time)
    : Grain, IConversationGrain
{
    // Each round reads what the round before found missing; a neighbourhood that is larger waits for the next try.
    private const int WidenRoundsMax = 16;

    private readonly Written _written = new();

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<ImmutableArray<SightingAnswer>> TrackAsync(
        ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_written.IsStale(snapshot, sightings))
        {
            snapshot = await store.ReadFactsAsync(Organization, sightings, cancellationToken);
        }

        for (var attempt = 1; attempt <= options.Value.CommitAttemptsMax; attempt++)
        {
            var decision = await DecideAsync(sightings, snapshot, cancellationToken);
            if (decision is TrackingDecision.NeedsContent { Places: var incomplete })
            {
                return await TrackCompleteAsync(sightings, [.. incomplete], snapshot, cancellationToken);
            }

            if (decision is TrackingDecision.Decided decided)
            {
                switch (await store.CommitAsync(decided.Change, cancellationToken))
                {
                    case CommitResult.Durable durable:
                        _written.Add(decided.Change);
                        listing.Wake(Organization);
                        WakeOutbox(durable.Woken + decided.Change.Events.Length);
                        if (!decided.Change.Records.IsEmpty)
                        {
                            // Not awaited: the change of the directory is durable, and the reminder finds it.
                            GrainFactory.GetGrain<ILinkGrain>(GrainKeys.Organization(Organization)).WakeAsync(CancellationToken.None).Ignore();
                        }

                        return decided.Answers;
                    case CommitResult.Poison:
                        return Undecided(sightings, Outcome.Failed, ReasonCode.Poison);
                }
            }

            snapshot = await store.ReadFactsAsync(Organization, sightings, cancellationToken);
        }

        await outbox.DeferAsync(Organization, sightings, time.GetUtcNow() + options.Value.DeferFor, cancellationToken);
        WakeOutbox(sightings.Length);
        return Undecided(sightings, Outcome.Deferred, ReasonCode.Contended);
    }

    /// <inheritdoc/>
    public async Task<ActAnswer> ActAsync(ActRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= options.Value.CommitAttemptsMax; attempt++)
        {
            if (await queries.FindActAsync(Organization, request.Id, cancellationToken) is not null)
            {
                return Answer(new TrackingChange { Organization = Organization }, again: 0) with { Id = request.Id };
            }

            switch (await DecideAsync(request, cancellationToken))
            {
                case ActDecision.Refused refused:
                    return ActAnswer.Refused(refused.Problem);
                case ActDecision.Decided { Change: var change }:
                    switch (await store.CommitAsync(change, cancellationToken))
                    {
                        case CommitResult.Durable durable:
                            _written.Add(change);
                            listing.Wake(Organization);
                            WakeOutbox(durable.Woken + change.Events.Length);
                            WakeLinks(change);
                            return Answer(change, durable.Woken);
                        case CommitResult.Poison poison:
                            return ActAnswer.Refused($"The store refuses it: {poison.Problem}");
                    }

                    break;
            }
        }

        return ActAnswer.Refused("Others changed the same emails at the same moment, again and again. Nothing was done; try again.");
    }

    private static ActAnswer Answer(TrackingChange change, int again) => new(
        change.Acts.Select(act => (Guid?)act.Id).FirstOrDefault(),
        null,
        change.Emails.Length,
        [.. change.Conversations.Where(conversation => conversation.MergedInto is null).Select(conversation => conversation.Id)],
        again,
        again > 0 ? 0 : change.Unknown.Length + change.Emails.Count(email => email.After is { IsWithheld: true, State.LeftOut: null }));

    private async Task<ActDecision?> DecideAsync(ActRequest request, CancellationToken cancellationToken)
    {
        ImmutableArray<MessageKey> emails = [.. (request.Undone?.Emails ?? request.Emails).Distinct()];
        var settings = await directory.ReadSettingsAsync(Organization, cancellationToken);
        var snapshot = await store.ReadMembersAsync(Organization, new TrackingSnapshot { Settings = settings }, [], emails, cancellationToken);
        for (var round = 0; round < WidenRoundsMax; round++)
        {
            var decision = ByHand.Decide(Organization, request, snapshot);
            if (decision is not ActDecision.NeedsMembers { Members: var needs })
            {
                return decision;
            }

            snapshot = await store.ReadMembersAsync(Organization, snapshot, needs.Conversations, needs.Keys, cancellationToken);
        }

        return null;
    }

    // What is known by its headers alone and has to be read whole is answered so; the others are decided without it.
    private async Task<ImmutableArray<SightingAnswer>> TrackCompleteAsync(
        ImmutableArray<Sighting> sightings, HashSet<SightingPlace> incomplete, TrackingSnapshot snapshot, CancellationToken cancellationToken)
    {
        bool IsComplete(Sighting sighting) => sighting.HasContent || !incomplete.Contains(sighting.Place);
        ImmutableArray<Sighting> complete = [.. sightings.Where(IsComplete)];
        var answers = new Queue<SightingAnswer>(
            complete.IsEmpty ? [] : await TrackAsync(complete, snapshot, cancellationToken));
        return
        [
            .. sightings.Select(sighting => IsComplete(sighting)
                ? answers.Dequeue()
                : SightingAnswer.Undecided(sighting, Outcome.NeedsContent, ReasonCode.ContentNeeded)),
        ];
    }

    private static ImmutableArray<SightingAnswer> Undecided(ImmutableArray<Sighting> sightings, Outcome outcome, ReasonCode reason) =>
        [.. sightings.Select(sighting => SightingAnswer.Undecided(sighting, outcome, reason))];

    private async Task<TrackingDecision?> DecideAsync(
        ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot, CancellationToken cancellationToken)
    {
        for (var round = 0; round < WidenRoundsMax; round++)
        {
            switch (Tracker.Decide(Organization, sightings, snapshot))
            {
                case TrackingDecision.NeedsMembers needs:
                    snapshot = await store.ReadMembersAsync(
                        Organization, snapshot, needs.Conversations, needs.Keys, cancellationToken);
                    break;
                case var decision:
                    return decision;
            }
        }

        return null;
    }

    private void WakeLinks(TrackingChange change)
    {
        if (!change.Touched.IsEmpty)
        {
            // Not awaited, for the same reason: the change of the directory is durable.
            GrainFactory.GetGrain<ILinkGrain>(GrainKeys.Organization(Organization)).WakeAsync().Ignore();
        }
    }

    private void WakeOutbox(int items)
    {
        if (items > 0)
        {
            // Not awaited: the rows are durable, and the outbox's reminder finds them should this call be lost.
            GrainFactory.GetGrain<IOutboxGrain>(GrainKeys.Organization(Organization)).WakeAsync().Ignore();
        }
    }
}
