using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What a grain does with a store: read, decide, commit, and again when others were first.</summary>
public static class Deliveries
{
    public const string Organization = "contoso";
    private const int AttemptsMax = 200;
    private const int RoundsMax = 20;

    public static Task<Delivery> DeliverAsync(this StoreUnderTest silo, params ReadOnlySpan<Sighting> sightings) =>
        DeliverAsync(silo, [.. sightings], AttemptsMax);

    /// <summary>Delivers and returns what was stored.</summary>
    public static async Task<Delivery> DeliverAsync(this StoreUnderTest silo, ImmutableArray<Sighting> sightings, int attemptsMax)
    {
        for (var attempt = 1; attempt <= attemptsMax; attempt++)
        {
            var decided = await silo.DecideAsync(sightings);
            switch (await silo.Store.CommitAsync(decided.Change))
            {
                case CommitResult.Durable durable:
                    return new Delivery(decided.Change, decided.Answers, durable.Woken, attempt);
                case CommitResult.Poison poison:
                    throw new InvalidOperationException(poison.Problem);
            }
        }

        throw new InvalidOperationException($"Others won {attemptsMax} commits in a row.");
    }

    public static async Task<TrackingDecision.Decided> DecideAsync(this StoreUnderTest silo, params ImmutableArray<Sighting> sightings)
    {
        var snapshot = await silo.Store.ReadFactsAsync(Organization, sightings);
        for (var round = 0; round < RoundsMax; round++)
        {
            switch (Tracker.Decide(Organization, sightings, snapshot))
            {
                case TrackingDecision.Decided decided:
                    return decided;
                case TrackingDecision.NeedsMembers needs:
                    snapshot = await silo.Store.ReadMembersAsync(Organization, snapshot, needs.Conversations, needs.Keys);
                    break;
            }
        }

        throw new InvalidOperationException("The decision asks for more again and again.");
    }

    /// <summary>Decides an act; null when it is refused.</summary>
    public static async Task<TrackingChange?> DecideAsync(this StoreUnderTest silo, ActRequest request)
    {
        var settings = await silo.Directory.ReadSettingsAsync(Organization);
        var snapshot = await silo.Store.ReadMembersAsync(
            Organization, new TrackingSnapshot { Settings = settings }, [], [.. request.Undone?.Emails ?? request.Emails]);
        for (var round = 0; round < RoundsMax; round++)
        {
            switch (ByHand.Decide(Organization, request, snapshot))
            {
                case ActDecision.Decided decided:
                    return decided.Change;
                case ActDecision.Refused:
                    return null;
                case ActDecision.NeedsMembers { Members: var needs }:
                    snapshot = await silo.Store.ReadMembersAsync(Organization, snapshot, needs.Conversations, needs.Keys);
                    break;
            }
        }

        throw new InvalidOperationException("The decision asks for more again and again.");
    }

    /// <summary>Decides emails anew whose records changed: a change for each conversation.</summary>
    public static async Task<ImmutableArray<TrackingChange>> RelinkAsync(this StoreUnderTest silo, ImmutableArray<long> rows, DateTimeOffset now)
    {
        var changes = ImmutableArray.CreateBuilder<TrackingChange>();
        foreach (var part in Relinking.Parts(await silo.Store.ReadRelinkAsync(Organization, rows)))
        {
            var facts = part;
            for (var round = 0; ; round++)
            {
                Assert.True(round < RoundsMax, "The decision asks for more again and again.");
                if (Relinking.Decide(Organization, facts, now) is TrackingDecision.NeedsMembers needs)
                {
                    facts = facts with
                    {
                        Facts = await silo.Store.ReadMembersAsync(Organization, facts.Facts, needs.Conversations, needs.Keys),
                    };
                    continue;
                }

                changes.Add(((TrackingDecision.Decided)Relinking.Decide(Organization, facts, now)).Change);
                break;
            }
        }

        return changes.DrainToImmutable();
    }

    /// <summary>Does something by hand, and says how many sightings it put into the outbox; null when it was refused.</summary>
    public static async Task<int?> DoAsync(this StoreUnderTest silo, ActRequest request)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            if (await silo.DecideAsync(request) is not { } change)
            {
                return null;
            }

            if (await silo.Store.CommitAsync(change) is CommitResult.Durable durable)
            {
                return durable.Woken;
            }
        }

        throw new InvalidOperationException($"Others won {AttemptsMax} commits in a row.");
    }

    /// <summary>Decides again what the outbox holds, until it holds nothing.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="known">All sightings: what the outbox names is found among them.</param>
    /// <returns>How many were decided.</returns>
    public static async Task<int> DrainAsync(this StoreUnderTest silo, IEnumerable<Sighting> known)
    {
        var byPlace = known.DistinctBy(sighting => sighting.Place).ToDictionary(sighting => sighting.Place);
        for (var count = 0; ;)
        {
            var due = await silo.Outbox.ReadDueAsync(Organization, DateTimeOffset.MaxValue.AddYears(-1), 1_000);
            if (due.IsEmpty)
            {
                return count;
            }

            Assert.True((count += due.Length) < 10_000, "The outbox does not become empty.");
            foreach (var item in due)
            {
                await silo.DeliverAsync(byPlace[item.Place] with { IsRetry = true });
            }
        }
    }

    public static Task MailboxAsync(this StoreUnderTest silo, string address, FilterMethod filter = FilterMethod.All) =>
        silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(address), null, false, filter, []));

    public static Task<EmailRow?> FindAsync(this StoreUnderTest silo, Letter letter) => silo.Queries.FindAsync(Organization, letter.Key);

    public static async Task<Guid> ConversationAsync(this StoreUnderTest silo, Letter letter) =>
        (await silo.FindAsync(letter))!.Activity!.State.ConversationId;
}

/// <summary>A delivery that was stored.</summary>
public sealed record Delivery(TrackingChange Change, ImmutableArray<SightingAnswer> Answers, int Woken, int Attempts);
