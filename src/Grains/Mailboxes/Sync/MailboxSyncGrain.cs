using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Reads its mailbox round by round, and waits in between until the server says that something changed, or for a while.</summary>
/// <remarks>
/// A round begins where what is stored says that the last one ended: the grain itself remembers nothing that counts. Should two
/// activations run for a while, both read the same, which changes nothing. Reentrant, so that it answers while a round runs.
/// </remarks>
[GrainType("mailbox-sync")]
[Reentrant]
public sealed partial class MailboxSyncGrain(
    IMailboxSync sync,
    IDirectory directory,
    MailConnectors connectors,
    ConnectionSlots slots,
    SyncRound rounds,
    MailboxComparer comparer,
    RecallReader recalls,
    MissingMailReader missing,
    FolderRelinker relinker,
    SyncLifetime lifetime,
    IOptions<SyncOptions> options,
    TimeProvider time,
    ILogger<MailboxSyncGrain> log) : Grain, IMailboxSyncGrain, IRemindable, IDisposable
{
    private const string ReminderName = "mailbox-sync";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HealthEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _ended = new();
    private IGrainTimer? _timer;
    private IGrainReminder? _reminder;
    private SyncWait? _wait;
    private OpenSession? _open;
    private ImmutableHashSet<string> _quiet = [];
    private long _allReadAt;
    private string? _watchProblem;
    private bool _isRunning;
    private TaskCompletionSource<MailboxHealth>? _asked;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    private EmailAddress Mailbox => GrainKeys.MailboxOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            TickAsync,
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ended.CancelAsync();
        await CloseAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _asked?.TrySetCanceled();
        _ended.Dispose();
        _wait?.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>To be called is all it takes: an activation begins to read by itself.</remarks>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        if (_isRunning)
        {
            // The running tick looks whether it was asked for meanwhile.
            return;
        }

        _isRunning = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token, lifetime.Stopping);
        try
        {
            var next = await StepAsync(stop.Token);
            if (_asked is not null || next < TimeSpan.Zero)
            {
                next = TimeSpan.Zero;
            }

            _timer?.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Another activation goes on.
        }
        catch (Exception problem)
        {
            // Not even how it goes could be read or written: the store is away.
            LogFailed(problem);
            _timer?.Change(options.Value.RetryMin, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _isRunning = false;
        }
    }

    // One round, and the wait after it. Returns how long from now the next one begins; null when the mailbox is not to be read.
    private async Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        // Whoever asks from here on is answered by the next round: this one may be past what they mean.
        var asked = _asked;
        _asked = null;
        try
        {
            return await StepAsync(asked, cancellationToken);
        }
        finally
        {
            asked?.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task<TimeSpan?> StepAsync(TaskCompletionSource<MailboxHealth>? asked, CancellationToken cancellationToken)
    {
        var facts = await SyncFacts.ReadAsync(sync, directory, Organization, Mailbox, cancellationToken);
        if (facts is not { IsOn: true })
        {
            await StopAsync(cancellationToken);
            asked?.TrySetResult(facts?.Health ?? new MailboxHealth());
            return null;
        }

        _reminder ??= await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
        if (asked is null && facts.Health.RetryOn is { } retry && retry > time.GetUtcNow())
        {
            return retry - time.GetUtcNow();
        }

        try
        {
            var result = await RoundAsync(facts, asked is not null, cancellationToken);
            var health = SyncHealth.Read(facts.Health, time.GetUtcNow());
            await SaveAsync(facts, health, cancellationToken);
            asked?.TrySetResult(health);
            facts = facts with { Health = health };
            await WaitAsync(facts, result, cancellationToken);
            return TimeSpan.Zero;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            LogRoundFailed(problem, Mailbox.Value);
            await CloseAsync();
            var health = SyncHealth.Failed(facts.Health, problem, Mailbox, options.Value, time.GetUtcNow());
            await SaveAsync(facts, health, cancellationToken);
            asked?.TrySetResult(health);
            return health.RetryOn - time.GetUtcNow();
        }
    }

    // Whoever asks for a look means all of it. So does time: what a server tells of folders is believed for so long only.
    private async Task<RoundResult> RoundAsync(SyncFacts facts, bool readsAll, CancellationToken cancellationToken)
    {
        var quiet = _quiet;
        _quiet = [];
        if (_open is { } standing && (standing.Profile != facts.Profile || standing.Login != facts.Login))
        {
            await CloseAsync();
        }

        using var slot = facts.Profile is { } profile ? await slots.ReadAsync(Organization, profile, cancellationToken) : null;
        var isNew = _open is null;
        _open ??= new OpenSession(await connectors.OpenAsync(facts, cancellationToken), facts.Profile!, facts.Login);
        if (readsAll || isNew || time.GetElapsedTime(_allReadAt) >= _open.Profile.PollMax)
        {
            quiet = [];
        }

        var begunAt = time.GetTimestamp();
        var result = await rounds.RunAsync(new OpenMailbox(Organization, facts, _open.Session), quiet, cancellationToken);
        _allReadAt = quiet.IsEmpty ? begunAt : _allReadAt;
        return result;
    }

    private async Task WaitAsync(SyncFacts facts, RoundResult result, CancellationToken cancellationToken)
    {
        var before = _wait;
        _wait = new SyncWait(facts.Profile!, result.IsChanged ? null : before?.Length, time);
        before?.Dispose();
        if (_asked is not null)
        {
            return;
        }

        using var idle = _open!.Session.Abilities.Pushes ? slots.TryIdle(Organization, facts.Profile!) : null;
        if (idle is null || result.Plan.Read is not [{ Kind: FolderKind.Inbox }, ..])
        {
            // Others may have the connection meanwhile.
            await CloseAsync();
            await _wait.PassAsync(cancellationToken);
            return;
        }

        _quiet = await _wait.PushedAsync(
            _open.Session, [.. result.Plan.Read.Take(options.Value.WatchedFoldersMax).Select(folder => folder.Server)], cancellationToken);
        if (_open.Session.WatchProblem is { } problem && problem != _watchProblem)
        {
            LogNotWatched(Mailbox.Value, problem);
        }

        _watchProblem = _open.Session.WatchProblem;
    }

    private async Task SaveAsync(SyncFacts facts, MailboxHealth health, CancellationToken cancellationToken)
    {
        var before = facts.Health;
        if (health.State == before.State && health.State == MailboxState.Healthy && health.LastReadOn - before.LastReadOn < HealthEvery)
        {
            return;
        }

        await sync.SaveHealthAsync(Organization, Mailbox, health, cancellationToken);
        if (SyncHealth.AlertOf(Mailbox, health, time.GetUtcNow()) is { } alert)
        {
            await sync.RaiseAsync(Organization, alert, cancellationToken);
        }
        else if (health.State == MailboxState.Healthy && before.State != MailboxState.Healthy)
        {
            await sync.ClearAsync(Organization, SyncHealth.SubjectOf(Mailbox), time.GetUtcNow(), cancellationToken);
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        if (await this.GetReminder(ReminderName, cancellationToken) is { } reminder)
        {
            await this.UnregisterReminder(reminder, cancellationToken);
        }

        _reminder = null;
    }

    private async Task CloseAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await open.Session.DisposeAsync();
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "Mailbox {Mailbox} could not be read; it is tried again")]
    private partial void LogRoundFailed(Exception problem, string mailbox);

    [LoggerMessage(2202, LogLevel.Warning, "How a mailbox is read cannot be looked up; it is tried again")]
    private partial void LogFailed(Exception problem);

    [LoggerMessage(2205, LogLevel.Warning, "Mailbox {Mailbox}: {Problem} What it does not tell of is read with the rest, and every few minutes")]
    private partial void LogNotWatched(string mailbox, string problem);

    private sealed record OpenSession(IMailSession Session, ServerProfile Profile, MailboxLogin Login);
}
