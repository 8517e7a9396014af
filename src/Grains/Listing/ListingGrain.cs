using System.Collections.Immutable;
using EmailTracking.Storage;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Listing;

/// <summary>Drains the emails that are due to be listed, by their state: a note is there until its email stands where it should.</summary>
[GrainType("listing")]
public sealed partial class ListingGrain(
    IListings listings, IContentStore content, IMailText mail, TimeProvider time, ILogger<ListingGrain> log)
    : Grain, IListingGrain, IRemindable
{
    private const string ReminderName = "listing";
    private const int NotesMax = 128;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    private LatestChanges _changes = new("");
    private IGrainTimer? _timer;
    private bool _draining;
    private bool _woken;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _changes = new LatestChanges(GrainContext.ActivationId.ToParsableString());
        _timer = this.RegisterGrainTimer(
            DrainAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WakeAsync(CancellationToken cancellationToken)
    {
        _woken = true;
        _timer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ListChanges> ReadChangesAsync(ListMark? after, CancellationToken cancellationToken)
    {
        if (after == _changes.End)
        {
            try
            {
                await _changes.More.WaitAsync(WaitMax, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Whoever waits is told that nothing did.
            }
        }

        return _changes.Read(after ?? _changes.End);
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync(CancellationToken.None);

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
            while (_woken)
            {
                _woken = false;
                await DrainNotedAsync(cancellationToken);
            }
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(problem);
            _woken = true;
            _timer?.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _draining = false;
        }
    }

    // After a full round it rests as long as that took: while much mail comes in, tracking it goes before showing it on lists.
    private async Task DrainNotedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var begun = time.GetTimestamp();
            var listed = await ListNextAsync(cancellationToken);
            if (listed == 0)
            {
                return;
            }

            if (listed == NotesMax)
            {
                await Task.Delay(time.GetElapsedTime(begun), time, cancellationToken);
            }
        }
    }

    private async Task<int> ListNextAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<ListedEmail> listed = [];
        var count = await listings.ListDueAsync(
            Organization, NotesMax, async (emails, token) => listed = await ListAsync(emails, token), cancellationToken);
        _changes.Add([.. listed.Select(ListChange.Of)]);
        return count;
    }

    private async Task<ImmutableArray<ListedEmail>> ListAsync(ImmutableArray<ListedFacts> emails, CancellationToken cancellationToken)
    {
        var listed = ImmutableArray.CreateBuilder<ListedEmail>(emails.Length);
        foreach (var email in emails)
        {
            listed.Add(ListedEmail.Of(Organization, email, email.IsShown ? await TextAsync(email, cancellationToken) : ""));
        }

        return listed.DrainToImmutable();
    }

    // Reading takes a moment of the processor: not the grain's.
    private async Task<string> TextAsync(ListedFacts email, CancellationToken cancellationToken) =>
        await content.GetAsync(Organization, email.ContentHash, cancellationToken) is { } raw
            ? await Task.Run(() => mail.Read(raw), cancellationToken)
            : "";

    [LoggerMessage(2301, LogLevel.Warning, "Emails could not be listed; it is tried again shortly")]
    private partial void LogFailed(Exception problem);
}
