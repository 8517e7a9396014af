using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Mailboxes.Figures;

/// <summary>Tells when emails became durable.</summary>
public sealed class CommitWatch
{
    private readonly ConcurrentDictionary<MessageKey, TaskCompletionSource<long>> _commits = new();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>At how many emails <see cref="Enough"/> ends.</summary>
    public int EnoughAt { get; init; } = int.MaxValue;

    /// <summary>Ends when so many emails are durable.</summary>
    public Task Enough => _enough.Task;

    /// <summary>When the email with a Message-ID became durable (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public Task<long> OfAsync(string messageId) => Of(
        MessageId.TryParse(messageId, out var id) ? MessageKey.Of(id) : throw new ArgumentException(messageId)).Task;

    /// <summary>Watches the store of a silo.</summary>
    public void Watch(IServiceCollection services)
    {
        var store = services.Last(service => service.ServiceType == typeof(ITrackingStore));
        services.AddSingleton<ITrackingStore>(provider => new WatchedStore(
            (ITrackingStore)ActivatorUtilities.CreateInstance(provider, store.ImplementationType!), this));
    }

    private TaskCompletionSource<long> Of(MessageKey key) =>
        _commits.GetOrAdd(key, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Note(TrackingChange change)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var email in change.Emails.Where(email => email.Before is null))
        {
            Of(email.After.Facts.Key).TrySetResult(now);
            if (Interlocked.Increment(ref _count) >= EnoughAt)
            {
                _enough.TrySetResult();
            }
        }
    }

    private sealed class WatchedStore(ITrackingStore store, CommitWatch watch) : ITrackingStore
    {
        public Task<TrackingSnapshot> ReadFactsAsync(
            string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
            store.ReadFactsAsync(organization, sightings, cancellationToken);

        public Task<TrackingSnapshot> ReadMembersAsync(
            string organization,
            TrackingSnapshot facts,
            ImmutableArray<Guid> conversations,
            ImmutableArray<MessageKey> keys,
            CancellationToken cancellationToken) =>
            store.ReadMembersAsync(organization, facts, conversations, keys, cancellationToken);

        public Task<ImmutableArray<long>> FindUnlinkedAsync(
            string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken) =>
            store.FindUnlinkedAsync(organization, change, after, countMax, cancellationToken);

        public Task<RelinkFacts> ReadRelinkAsync(string organization, ImmutableArray<long> rows, CancellationToken cancellationToken) =>
            store.ReadRelinkAsync(organization, rows, cancellationToken);

        public async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
        {
            var result = await store.CommitAsync(change, cancellationToken);
            if (result is CommitResult.Durable)
            {
                watch.Note(change);
            }

            return result;
        }
    }
}
