using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Mail that loses every race, and mail that the store refuses.</summary>
public sealed class DeferralTests
{
    [Fact]
    public async Task A_mail_that_loses_every_race_is_deferred_and_tracked_later()
    {
        var store = new Interference();
        await using var cluster = await TrackingCluster.StartAsync(2, services => Decorate(services, store));
        await cluster.CreateMailboxAsync("sales@contoso.com");
        store.Answers = new(Enumerable.Repeat<CommitResult>(new CommitResult.Conflict(), 5));

        var answer = await cluster.DeliverAsync("sales@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));
        await cluster.DrainAsync();

        Assert.Equal((Outcome.Deferred, ReasonCode.Contended), (answer.Outcome, answer.Reason));
        var row = Assert.Single(await cluster.ExportAsync());
        Assert.Equal((Outcome.Tracked, ReasonCode.AcceptAll), (row.Outcome, row.Reason));
    }

    [Fact]
    public async Task A_lost_race_is_decided_again_and_nobody_notices()
    {
        var store = new Interference();
        await using var cluster = await TrackingCluster.StartAsync(2, services => Decorate(services, store));
        await cluster.CreateMailboxAsync("sales@contoso.com");
        store.Answers = new(Enumerable.Repeat<CommitResult>(new CommitResult.Conflict(), 4));

        var answer = await cluster.DeliverAsync("sales@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));

        Assert.Equal((Outcome.Tracked, true), (answer.Outcome, answer.IsFirst));
        Assert.Empty(store.Answers);
    }

    [Fact]
    public async Task A_mail_that_the_store_refuses_does_not_stop_those_behind_it()
    {
        var store = new Interference();
        await using var cluster = await TrackingCluster.StartAsync(2, services => Decorate(services, store));
        await cluster.CreateMailboxAsync("sales@contoso.com");
        store.Answers = new([new CommitResult.Poison("refused")]);

        var poisoned = await cluster.DeliverAsync("sales@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));
        var next = await cluster.DeliverAsync("sales@contoso.com", Mail("2@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));

        Assert.Equal((Outcome.Failed, ReasonCode.Poison), (poisoned.Outcome, poisoned.Reason));
        Assert.Equal(Outcome.Tracked, next.Outcome);
    }

    [Fact]
    public async Task A_delivery_that_meets_a_server_that_is_down_is_sent_again()
    {
        var store = new Interference();
        await using var cluster = await TrackingCluster.StartAsync(2, services => Decorate(services, store));
        await cluster.CreateMailboxAsync("sales@contoso.com");
        store.Failures = new([new NpgsqlException("The server is down."), new PostgresException("starting", "FATAL", "FATAL", "57P03")]);

        var answer = await cluster.DeliverAsync("sales@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));

        Assert.Equal(Outcome.Tracked, answer.Outcome);
        Assert.Empty(store.Failures);
    }

    [Fact]
    public async Task No_more_mailboxes_are_worked_at_together_than_the_option_says_and_all_have_their_turn()
    {
        const int together = 2;
        var store = new Interference { Held = together };
        await using var cluster = await TrackingCluster.StartAsync(1, services =>
        {
            Decorate(services, store);
            services.Configure<TrackingOptions>(options =>
                (options.OutboxMailboxesMax, options.CommitAttemptsMax) = (together, 1));
        });
        string[] mailboxes = [.. Enumerable.Range(0, 6).Select(i => $"sales{i}@contoso.com")];
        foreach (var mailbox in mailboxes)
        {
            await cluster.CreateMailboxAsync(mailbox);
        }

        // All of them are due before the first is taken.
        store.Answers = new(Enumerable.Repeat<CommitResult>(new CommitResult.Conflict(), mailboxes.Length));
        foreach (var (mailbox, i) in mailboxes.Select((mailbox, i) => (mailbox, i)))
        {
            var answer = await cluster.DeliverAsync(mailbox, Mail($"{i}@fabrikam.com", "bo@fabrikam.com", mailbox));
            Assert.Equal(Outcome.Deferred, answer.Outcome);
        }

        await store.AllHeld.Task.WaitAsync(TimeSpan.FromSeconds(60));

        // By then the others would have been begun as well.
        foreach (var mailbox in mailboxes.Where(mailbox => !store.Retried.ContainsKey(mailbox)))
        {
            await cluster.DeliverAsync(mailbox, Mail($"more-{mailbox}", "bo@fabrikam.com", mailbox));
        }

        Assert.Equal(together, store.Retried.Count);
        store.Release.SetResult();
        await cluster.DrainAsync();
        Assert.Equal(mailboxes.Length, store.Retried.Count);
        Assert.All(await cluster.ExportAsync(), row => Assert.Equal(Outcome.Tracked, row.Outcome));
    }

    private static void Decorate(IServiceCollection services, Interference interference) =>
        PassingTrackingStore.Place(services, store => new InterferingStore(store, interference));

    /// <summary>The answers that the next commits get instead of being written; none: they are written.</summary>
    private sealed class Interference
    {
        public ConcurrentQueue<CommitResult> Answers { get; set; } = new();

        /// <summary>What the next reads end with; none: they are done.</summary>
        public ConcurrentQueue<Exception> Failures { get; set; } = new();

        /// <summary>Of how many mailboxes mail that is tried again is held until the test says so; 0: of none.</summary>
        public int Held { get; init; }

        /// <summary>Ends when so many are.</summary>
        public TaskCompletionSource AllHeld { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Lets them, and all others, go on.</summary>
        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whose mail was tried again.</summary>
        public ConcurrentDictionary<string, bool> Retried { get; } = new();

        public async Task HoldAsync(ImmutableArray<Sighting> sightings)
        {
            if (Held == 0 || sightings.FirstOrDefault(sighting => sighting.IsRetry) is not { } retried)
            {
                return;
            }

            Retried[retried.Place.Mailbox.Value] = true;
            if (Retried.Count >= Held)
            {
                AllHeld.TrySetResult();
            }

            await Release.Task;
        }
    }

    private sealed class InterferingStore(ITrackingStore store, Interference interference) : PassingTrackingStore(store)
    {
        public override async Task<TrackingSnapshot> ReadFactsAsync(
            string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
        {
            await interference.HoldAsync(sightings);
            return interference.Failures.TryDequeue(out var failure)
                ? throw failure
                : await base.ReadFactsAsync(organization, sightings, cancellationToken);
        }

        public override Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken) =>
            interference.Answers.TryDequeue(out var answer) ? Task.FromResult(answer) : base.CommitAsync(change, cancellationToken);
    }
}
