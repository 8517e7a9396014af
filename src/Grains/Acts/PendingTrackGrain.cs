using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace EmailTracking.Acts;

/// <summary>Looks again and again for what is pending, by what is stored of it: a silo that dies takes nothing along.</summary>
/// <remarks>Each mailbox is looked at by itself, so that one that is slow keeps none of the others waiting.</remarks>
[GrainType("pending-track")]
[Reentrant]
public sealed partial class PendingTrackGrain(
    IPendingTracks store,
    IMailboxSync sync,
    PendingTracker tracker,
    IOptions<TrackingOptions> options,
    TimeProvider time,
    ILogger<PendingTrackGrain> log)
    : Grain, IPendingTrackGrain, IRemindable
{
    private const string ReminderName = "pending-track";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly Dictionary<EmailAddress, Task> _looking = [];
    private readonly Dictionary<(Guid Act, MessageId MessageId), Task> _trying = [];
    private IGrainTimer? _timer;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            BeginAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> AddAsync(ImmutableArray<PendingTrack> tracks, CancellationToken cancellationToken)
    {
        var standing = (await store.ReadAsync(Organization, cancellationToken)).CountBy(track => track.Mailbox).ToDictionary();
        foreach (var (mailbox, count) in tracks.CountBy(track => track.Mailbox))
        {
            if (standing.GetValueOrDefault(mailbox) + count > PendingTrack.MailboxMax)
            {
                return $"{PendingTrack.MailboxMax} tracks are pending in {mailbox}, which is as many as may be. Take some back: emailtracking pending";
            }
        }

        await store.AddAsync(Organization, tracks, cancellationToken);
        Schedule(options.Value.PendingInterval);
        return null;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PendingTrack>> TryAsync(Guid act, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll((await ReadAsync(act, cancellationToken)).Select(track => TryAsync(track, mayFetch: true)))
                .WaitAsync(IPendingTrackGrain.WaitMax, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It goes on, and the caller is told that it is pending.
        }

        return await ReadAsync(act, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>What the outbox decides within moments is not called pending.</remarks>
    public async Task<ImmutableArray<PendingTrack>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return [.. (await store.ReadAsync(Organization, cancellationToken)).Where(track => track.Tries > 0 || track.TryOn <= now)];
    }

    /// <inheritdoc/>
    public async Task<bool> WithdrawAsync(Guid act, CancellationToken cancellationToken)
    {
        var withdrawn = await ReadAsync(act, cancellationToken);
        foreach (var track in withdrawn)
        {
            await EndAsync(track, cancellationToken);
        }

        return !withdrawn.IsEmpty;
    }

    /// <inheritdoc/>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await Task.WhenAll(_looking.Values.ToArray()).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => BeginAsync(CancellationToken.None);

    private async Task<ImmutableArray<PendingTrack>> ReadAsync(Guid act, CancellationToken cancellationToken) =>
        [.. (await store.ReadAsync(Organization, cancellationToken)).Where(track => track.Act == act)];

    private void Schedule(TimeSpan due) => _timer?.Change(due, Timeout.InfiniteTimeSpan);

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pending = await store.ReadAsync(Organization, cancellationToken);
            foreach (var mailbox in pending.GroupBy(track => track.Mailbox).Where(mailbox => !_looking.ContainsKey(mailbox.Key)))
            {
                _looking[mailbox.Key] = LookAsync(mailbox.Key, [.. mailbox]);
            }

            Schedule(pending.IsEmpty ? Timeout.InfiniteTimeSpan : options.Value.PendingInterval);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(problem);
            Schedule(options.Value.PendingInterval);
        }
    }

    private async Task LookAsync(EmailAddress mailbox, ImmutableArray<PendingTrack> pending)
    {
        // Never ends before it stands in the table.
        await Task.Yield();
        try
        {
            foreach (var track in pending)
            {
                await TryAsync(track, track.TryOn <= time.GetUtcNow());
            }
        }
        catch (Exception problem)
        {
            // Not even that it failed could be written down: the store is away.
            LogFailed(problem);
        }
        finally
        {
            _looking.Remove(mailbox);
        }
    }

    private Task TryAsync(PendingTrack track, bool mayFetch)
    {
        var key = (track.Act, track.MessageId);
        return _trying.TryGetValue(key, out var trying) ? trying : _trying[key] = RunAsync();

        async Task RunAsync()
        {
            await Task.Yield();
            try
            {
                await NoteAsync(track, await RunOneAsync(track, mayFetch), mayFetch);
            }
            finally
            {
                _trying.Remove(key);
            }
        }
    }

    private async Task<PendingTrack?> RunOneAsync(PendingTrack track, bool mayFetch)
    {
        try
        {
            return await tracker.TryAsync(Organization, track, mayFetch, CancellationToken.None);
        }
        catch (Exception problem)
        {
            LogFailed(problem);
            return track with { Problem = "It could not be looked for.", NextStep = "The silo's log says why; it is tried again." };
        }
    }

    private async Task NoteAsync(PendingTrack before, PendingTrack? after, bool wasSearched)
    {
        if (after is null)
        {
            await EndAsync(before, CancellationToken.None);
            return;
        }

        var now = time.GetUtcNow();
        if (wasSearched)
        {
            after = after with { Tries = before.Tries + 1, TryOn = now + Wait(before.Tries) };
        }

        if (after != before)
        {
            await store.SaveTryAsync(Organization, after, CancellationToken.None);
        }

        if (wasSearched && now - after.CreatedOn >= options.Value.PendingMax)
        {
            await sync.RaiseAsync(Organization, PendingAlert.Of(after, options.Value.PendingMax, now), CancellationToken.None);
        }
    }

    private async Task EndAsync(PendingTrack track, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(Organization, track, cancellationToken);
        await sync.ClearAsync(Organization, PendingAlert.SubjectOf(track), time.GetUtcNow(), cancellationToken);
    }

    private TimeSpan Wait(int tries)
    {
        var wait = options.Value.PendingInterval * Math.Pow(2, Math.Min(tries, 20));
        return wait < options.Value.OutboxBackoffMax ? wait : options.Value.OutboxBackoffMax;
    }

    [LoggerMessage(2206, LogLevel.Warning, "What is pending could not be looked for; it is tried again")]
    private partial void LogFailed(Exception problem);
}
