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

    private static void Decorate(IServiceCollection services, Interference interference) =>
        PassingTrackingStore.Place(services, store => new InterferingStore(store, interference));

    /// <summary>The answers that the next commits get instead of being written; none: they are written.</summary>
    private sealed class Interference
    {
        public ConcurrentQueue<CommitResult> Answers { get; set; } = new();

        /// <summary>What the next reads end with; none: they are done.</summary>
        public ConcurrentQueue<Exception> Failures { get; set; } = new();
    }

    private sealed class InterferingStore(ITrackingStore store, Interference interference) : PassingTrackingStore(store)
    {
        public override Task<TrackingSnapshot> ReadFactsAsync(
            string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
            interference.Failures.TryDequeue(out var failure)
                ? Task.FromException<TrackingSnapshot>(failure)
                : base.ReadFactsAsync(organization, sightings, cancellationToken);

        public override Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken) =>
            interference.Answers.TryDequeue(out var answer) ? Task.FromResult(answer) : base.CommitAsync(change, cancellationToken);
    }
}
