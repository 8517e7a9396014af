using System.Collections.Concurrent;
using System.Diagnostics;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage;
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
    public void Watch(IServiceCollection services) => PassingTrackingStore.Place(services, store => new WatchedStore(store, this));

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

    private sealed class WatchedStore(ITrackingStore store, CommitWatch watch) : PassingTrackingStore(store)
    {
        public override async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
        {
            var result = await base.CommitAsync(change, cancellationToken);
            if (result is CommitResult.Durable)
            {
                watch.Note(change);
            }

            return result;
        }
    }
}
