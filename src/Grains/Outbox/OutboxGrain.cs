using System.Collections.Immutable;
using EmailTracking.Mailboxes;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Outbox;

/// <summary>Drains the outbox by its state: what is due is read, done, and is gone when its decision is durable.</summary>
/// <remarks>There is no cursor to lose. Two activations do the same work twice, which changes nothing.</remarks>
[GrainType("outbox")]
public sealed partial class OutboxGrain(
    IOutbox outbox, IContentStore contents, IOptions<TrackingOptions> options, TimeProvider time, ILogger<OutboxGrain> log)
    : Grain, IOutboxGrain, IRemindable
{
    private const string ReminderName = "outbox";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BackoffMin = TimeSpan.FromSeconds(1);
    private IGrainTimer? _timer;
    private DateTimeOffset _sweptOn;
    private bool _draining;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            DrainAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WakeAsync(CancellationToken cancellationToken)
    {
        Schedule(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync(CancellationToken.None);

    private void Schedule(TimeSpan due) => _timer?.Change(due, Timeout.InfiniteTimeSpan);

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_draining)
        {
            // The running drain reads again before it stops: what this wake is about is seen then.
            return;
        }

        _draining = true;
        try
        {
            while (await DoDueAsync(cancellationToken))
            {
                // What was done may have woken more.
            }

            await SweepAsync(cancellationToken);
            if (await outbox.NextDueAsync(Organization, cancellationToken) is { } next)
            {
                var wait = next - time.GetUtcNow();
                Schedule(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }
        }
        finally
        {
            _draining = false;
        }
    }

    private async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        var items = await outbox.ReadDueAsync(Organization, time.GetUtcNow(), options.Value.OutboxBatchMax, cancellationToken);
        await Task.WhenAll(items
            .GroupBy(item => (item.Place.Mailbox, item.HasContent))
            .Select(group => DoAsync(group.Key.Mailbox, group.Key.HasContent, [.. group], cancellationToken)));
        return !items.IsEmpty;
    }

    private async Task DoAsync(
        EmailAddress mailbox, bool hasContent, ImmutableArray<OutboxItem> items, CancellationToken cancellationToken)
    {
        ImmutableArray<SightingPlace> undone;
        try
        {
            var key = GrainKeys.Mailbox(Organization, mailbox);
            undone = hasContent
                ? await GrainFactory.GetGrain<IMailboxGrain>(key).RetryAsync(items, cancellationToken)
                : await GrainFactory.GetGrain<IMailboxSyncGrain>(key).RecallAsync(items, cancellationToken);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            // One mailbox that fails must not stop the others.
            LogFailed(problem, items.Length);
            undone = [.. items.Select(item => item.Place)];
        }

        if (!undone.IsEmpty)
        {
            var wait = Backoff(items.Max(item => item.Attempts));
            await outbox.PostponeAsync(Organization, undone, time.GetUtcNow() + wait, cancellationToken);
        }
    }

    private TimeSpan Backoff(int attempts)
    {
        var wait = BackoffMin * Math.Pow(2, Math.Min(attempts, 20));
        return wait < options.Value.OutboxBackoffMax ? wait : options.Value.OutboxBackoffMax;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _sweptOn >= options.Value.SweepInterval)
        {
            _sweptOn = now;
            while (await contents.SweepAsync(Organization, now, cancellationToken) > 0)
            {
            }
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "{Count} outbox items of one mailbox failed and are tried again later")]
    private partial void LogFailed(Exception problem, int count);
}
