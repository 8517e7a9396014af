using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Linking;

/// <summary>Drains the changes of the directory by their state: a row is there until every email has seen it.</summary>
/// <remarks>
/// A mail that is being decided while records change was decided on what they were, and is stored after the first sweep. So a row
/// is swept twice: at once, and when it is older than any decision may take; then it is gone. There is no cursor to lose: an
/// activation that begins sweeps all rows again, and two activations find what the other has done.
/// </remarks>
[GrainType("link")]
public sealed partial class LinkGrain(
    ITrackingStore store,
    IDirectory directory,
    ListingWaker listing,
    IOptions<TrackingOptions> options,
    TimeProvider time,
    ILogger<LinkGrain> log)
    : Grain, ILinkGrain, IRemindable
{
    private const string ReminderName = "link";
    private const int EmailsMax = 256;
    private const int FoundMax = 64 * EmailsMax;
    private const int ChangesMax = 16;
    private const int WidenRoundsMax = 16;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;
    private bool _draining;
    private bool _woken;

    // Swept once by this activation.
    private long _sweptTo;

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
        _woken = true;
        Schedule(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync(CancellationToken.None);

    private void Schedule(TimeSpan due) => _timer?.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_draining)
        {
            // The running drain looks whether it was woken meanwhile.
            return;
        }

        _draining = true;
        try
        {
            DateTimeOffset? next;
            do
            {
                _woken = false;
                await SweepNewAsync(cancellationToken);
                next = await RemoveOldAsync(cancellationToken);
            }
            while (_woken);

            if (next is { } due)
            {
                Schedule(due - time.GetUtcNow());
            }
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(problem);
            Schedule(RetryAfter);
        }
        finally
        {
            _draining = false;
        }
    }

    private async Task SweepNewAsync(CancellationToken cancellationToken)
    {
        while (await directory.ReadChangesAsync(Organization, _sweptTo, ChangesMax, cancellationToken) is { IsEmpty: false } changes)
        {
            foreach (var change in changes)
            {
                await SweepAsync(change, cancellationToken);
                _sweptTo = change.Version;
            }
        }
    }

    // When the oldest row may go; null when there is none.
    private async Task<DateTimeOffset?> RemoveOldAsync(CancellationToken cancellationToken)
    {
        while (await directory.ReadChangesAsync(Organization, 0, 1, cancellationToken) is [var oldest])
        {
            var due = oldest.ChangedOn + options.Value.LinkGrace;
            if (due > time.GetUtcNow())
            {
                return due;
            }

            await SweepAsync(oldest, cancellationToken);
            await directory.RemoveChangeAsync(Organization, oldest.Version, cancellationToken);
        }

        return null;
    }

    private async Task SweepAsync(DirectoryChange change, CancellationToken cancellationToken)
    {
        for (long after = 0; ;)
        {
            var found = await store.FindUnlinkedAsync(Organization, change, after, FoundMax, cancellationToken);
            if (found.IsEmpty)
            {
                return;
            }

            foreach (var page in found.Chunk(EmailsMax))
            {
                await LinkAsync([.. page], cancellationToken);
            }

            after = found[^1];
        }
    }

    private async Task LinkAsync(ImmutableArray<long> rows, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= options.Value.CommitAttemptsMax; attempt++)
        {
            var facts = await store.ReadRelinkAsync(Organization, rows, cancellationToken);
            var parts = Relinking.Parts(facts);
            var commits = new List<Task<CommitResult>>();
            foreach (var part in parts)
            {
                // Hardly any asks for more.
                commits.Add(await DecideAsync(part, cancellationToken) is { } change
                    ? store.CommitAsync(change, cancellationToken)
                    : Task.FromResult<CommitResult>(new CommitResult.Conflict()));
            }

            var results = await Task.WhenAll(commits);
            listing.Wake(Organization);
            rows =
            [
                .. parts.Zip(results)
                    .Where(one => one.Second is CommitResult.Conflict)
                    .SelectMany(one => one.First.Parties.Select(parties => facts.Facts.Emails[parties.Email].Row)),
            ];
            foreach (var poison in results.OfType<CommitResult.Poison>())
            {
                // It would be refused again: the others go on.
                LogRefused(poison.Problem);
            }

            if (rows.IsEmpty)
            {
                return;
            }
        }

        throw new InvalidOperationException($"{rows.Length} emails lost {options.Value.CommitAttemptsMax} commits in a row. They are linked again shortly.");
    }

    // Null when it asked for more again and again.
    private async Task<TrackingChange?> DecideAsync(RelinkFacts part, CancellationToken cancellationToken)
    {
        for (var round = 0; round < WidenRoundsMax; round++)
        {
            switch (Relinking.Decide(Organization, part, time.GetUtcNow()))
            {
                case TrackingDecision.Decided decided:
                    return decided.Change;
                case TrackingDecision.NeedsMembers needs:
                    part = part with
                    {
                        Facts = await store.ReadMembersAsync(Organization, part.Facts, needs.Conversations, needs.Keys, cancellationToken),
                    };
                    break;
            }
        }

        return null;
    }

    [LoggerMessage(2101, LogLevel.Warning, "Emails could not be linked anew; it is tried again shortly")]
    private partial void LogFailed(Exception problem);

    [LoggerMessage(2102, LogLevel.Error, "The store refuses to link emails anew: {Problem}")]
    private partial void LogRefused(string problem);
}
