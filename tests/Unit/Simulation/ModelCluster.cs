using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>What the grains do, without grains: read, group, decide, commit, decide again what was woken.</summary>
public sealed class ModelCluster(SimWorld world)
{
    private const int RoundsMax = 50;

    public ModelStore Store { get; init; } = new(world);

    /// <summary>Whether the widest snapshot is always taken: the short way must give the same.</summary>
    public bool AlwaysWide { get; init; }

    public ImmutableArray<SightingAnswer> Deliver(params IEnumerable<Sighting> batch)
    {
        ImmutableArray<Sighting> sightings = [.. batch];
        var answers = ImmutableArray.CreateBuilder<SightingAnswer>();
        var snapshot = Store.ReadFacts(sightings);
        var parts = new SnapshotParts(snapshot);
        var isFirst = true;
        foreach (var group in TrackingGroup.Of(ModelStore.Organization, sightings, snapshot))
        {
            answers.AddRange(Decide(group.Sightings, parts.For(group.Sightings), isFirst));
            isFirst = false;
        }

        return answers.ToImmutable();
    }

    /// <summary>Does what a person wants.</summary>
    /// <returns>Why it was refused; null when it was done.</returns>
    public string? Do(ActRequest request)
    {
        var snapshot = Store.ReadMembers(
            new TrackingSnapshot { Settings = world.Settings }, [], [.. (request.Undone?.Emails ?? request.Emails).Distinct()]);
        for (var round = 0; round < RoundsMax; round++)
        {
            switch (ByHand.Decide(ModelStore.Organization, request, snapshot))
            {
                case ActDecision.Refused refused:
                    return refused.Problem;
                case ActDecision.NeedsMembers needs:
                    snapshot = Store.ReadMembers(snapshot, needs.Members.Conversations, needs.Members.Keys);
                    break;
                case ActDecision.Decided decided:
                    Assert.True(Store.Commit(decided.Change, []), "A change that nobody raced must count.");
                    return null;
            }
        }

        throw new InvalidOperationException("The decision asks for more again and again.");
    }

    /// <summary>Decides what was woken, until nothing is.</summary>
    public void Drain()
    {
        for (var round = 0; Store.Outbox.Count > 0; round++)
        {
            Assert.True(round < RoundsMax, "The outbox does not become empty.");
            foreach (var place in Store.Outbox.ToArray())
            {
                Deliver(Store.Decisions[place].Sighting with { IsRetry = true });
            }
        }
    }

    private ImmutableArray<SightingAnswer> Decide(ImmutableArray<Sighting> sightings, TrackingSnapshot snapshot, bool isFirst)
    {
        if (AlwaysWide)
        {
            snapshot = Store.ReadMembers(snapshot, [.. snapshot.Conversations.Keys], []);
        }

        for (var round = 0; round < RoundsMax; round++)
        {
            switch (Tracker.Decide(ModelStore.Organization, sightings, snapshot))
            {
                case TrackingDecision.NeedsMembers needs:
                    snapshot = Store.ReadMembers(snapshot, needs.Conversations, needs.Keys);
                    break;
                case TrackingDecision.Decided decided:
                    if (Store.Commit(decided.Change, sightings))
                    {
                        return decided.Answers;
                    }

                    // The groups of a batch share what was read: one that reached further may have lost to one before it.
                    Assert.False(isFirst, "A change that nobody raced must count.");
                    isFirst = true;
                    snapshot = Store.ReadFacts(sightings);
                    break;
            }
        }

        throw new InvalidOperationException("The decision asks for more again and again.");
    }
}
