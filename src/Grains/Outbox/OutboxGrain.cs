using System.Collections.Immutable;
using EmailTracking.Mailboxes;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Outbox;

/// <summary>Drains the outbox by its state: what is due is read, done, and is gone when its decision is durable.</summary>
/// <remarks>
/// There is no cursor to lose. Two activations do the same work twice, which changes nothing. Each mailbox is worked at by itself, so that
/// one that is slow or broken keeps none of the others waiting: while it is, its items are not read again.
/// </remarks>
[GrainType("outbox")]
public sealed partial class OutboxGrain(
    IOutbox outbox, IContentStore contents, IOptions<TrackingOptions> options, TimeProvider time, ILogger<OutboxGrain> log)
    : Grain, IOutboxGrain, IRemindable
{
    private const string ReminderName = "outbox";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BackoffMin = TimeSpan.FromSeconds(1);
    private readonly HashSet<(EmailAddress Mailbox, Work Work)> _busy = [];
    private IGrainTimer? _timer;
    private DateTimeOffset _readOn;
    private DateTimeOffset _sweptOn;
    private bool _draining;
    private bool _again;

    private enum Work
    {
        /// <summary>Decides from raw mail that is kept.</summary>
        WithContent,

        /// <summary>Reads mail from its server and decides it.</summary>
        FromServer,

        /// <summary>Labels copies on their server.</summary>
        Stamp,
    }

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
        _again = true;
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
            DateTimeOffset? next;
            do
            {
                _again = false;
                while (await BeginDueAsync(cancellationToken))
                {
                    // What is due of the mailboxes that are not busy now.
                }

                await SweepAsync(cancellationToken);

                // Of what is due already the mailboxes are busy: they say when they are done.
                next = await outbox.NextDueAsync(Organization, _readOn, cancellationToken);
            }
            while (_again);

            if (next is { } due)
            {
                var wait = due - time.GetUtcNow();
                Schedule(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }
        }
        finally
        {
            _draining = false;
        }
    }

    private async Task<bool> BeginDueAsync(CancellationToken cancellationToken)
    {
        if (_busy.Count >= options.Value.OutboxMailboxesMax)
        {
            return false;
        }

        var (now, countMax) = (time.GetUtcNow(), options.Value.OutboxBatchMax);
        _readOn = now;
        var items = await outbox.ReadDueAsync(
            Organization, now, countMax, new BusyMailboxes(Busy(Work.WithContent), Busy(Work.FromServer)), cancellationToken);
        var stamps = await outbox.ReadStampsAsync(Organization, now, Busy(Work.Stamp), countMax, cancellationToken);
        foreach (var group in items.GroupBy(item => (item.Place.Mailbox, Work: item.HasContent ? Work.WithContent : Work.FromServer)))
        {
            Begin(group.Key, () => DoAsync(group.Key.Mailbox, group.Key.Work, [.. group]));
        }

        foreach (var group in stamps.GroupBy(stamp => stamp.Mailbox))
        {
            Begin((group.Key, Work.Stamp), () => StampAsync(group.Key, [.. group]));
        }

        return !items.IsEmpty || !stamps.IsEmpty;
    }

    private ImmutableArray<EmailAddress> Busy(Work work) => [.. _busy.Where(one => one.Work == work).Select(one => one.Mailbox)];

    // What is more than may be worked at together stays due, and is read again when one of them is done.
    private void Begin((EmailAddress Mailbox, Work Work) key, Func<Task> work)
    {
        if (_busy.Count < options.Value.OutboxMailboxesMax && _busy.Add(key))
        {
            RunAsync().Ignore();
        }

        async Task RunAsync()
        {
            try
            {
                await work();
            }
            catch (Exception problem)
            {
                // Not even that it failed could be written down: the store is away. It is due still.
                LogLost(problem);
                await Task.Delay(BackoffMin, time, CancellationToken.None);
            }
            finally
            {
                _busy.Remove(key);
                await WakeAsync(CancellationToken.None);
            }
        }
    }

    private async Task DoAsync(EmailAddress mailbox, Work work, ImmutableArray<OutboxItem> items)
    {
        ImmutableArray<SightingPlace> undone;
        try
        {
            var key = GrainKeys.Mailbox(Organization, mailbox);
            undone = work == Work.WithContent
                ? await GrainFactory.GetGrain<IMailboxGrain>(key).RetryAsync(items)
                : await GrainFactory.GetGrain<IMailboxSyncGrain>(key).RecallAsync(items);
        }
        catch (Exception problem)
        {
            LogFailed(problem, items.Length);
            undone = [.. items.Select(item => item.Place)];
        }

        if (!undone.IsEmpty)
        {
            var wait = Backoff(items.Max(item => item.Attempts));
            await outbox.PostponeAsync(Organization, undone, time.GetUtcNow() + wait);
        }
    }

    private async Task StampAsync(EmailAddress mailbox, ImmutableArray<CopyStamp> stamps)
    {
        var isDone = false;
        try
        {
            isDone = await GrainFactory.GetGrain<IMailboxSyncGrain>(GrainKeys.Mailbox(Organization, mailbox)).StampAsync();
        }
        catch (Exception problem)
        {
            LogFailed(problem, stamps.Length);
        }

        await (isDone
            ? outbox.RemoveStampsAsync(Organization, stamps)
            : outbox.PostponeStampsAsync(Organization, stamps, time.GetUtcNow() + Backoff(stamps.Max(stamp => stamp.Attempts))));
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

    [LoggerMessage(2002, LogLevel.Warning, "What became of outbox items of one mailbox could not be written down; they are taken again")]
    private partial void LogLost(Exception problem);
}
