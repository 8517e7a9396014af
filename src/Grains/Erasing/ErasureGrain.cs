using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Conversations;
using EmailTracking.Linking;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Erasing;

/// <summary>Drains erasures by their state: an email is due until the act that erases it is durable.</summary>
/// <remarks>
/// Which emails go is settled and stored before a call is answered, as keys: an activation that takes an erasure up again needs no
/// address, and does what is left. Each email goes by an act on its conversation, under the same fences as mail. A copy whose decision
/// had begun before may still be written: when no decision can be that old any more, what it left is removed, and the erasure is
/// finished. Two activations find what the other has done.
/// </remarks>
[GrainType("erasure")]
public sealed partial class ErasureGrain(
    IErasures erasures,
    AddressMail mail,
    IDirectory directory,
    IOptions<TrackingOptions> options,
    TimeProvider time,
    ILogger<ErasureGrain> log)
    : Grain, IErasureGrain, IRemindable
{
    private const string ReminderName = "erasure";
    private const int EmailsMax = 256;
    private const int AgedMax = 64 * EmailsMax;
    private const int OpenMax = 1_000;
    private const int ListedMax = 1_000;
    private const int ByLengthMax = 200;
    private const int WhyLengthMax = 500;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, Task> _beginning = [];
    private IGrainTimer? _timer;
    private DateTimeOffset _agedOn;
    private bool _draining;
    private bool _woken;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            DrainAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ErasurePreview> PreviewAsync(string address, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(address, out var parsed))
        {
            return new ErasurePreview(0, 0, 0, [], [], NoAddress(address));
        }

        var found = await mail.FindAsync(Organization, parsed, cancellationToken);
        var (copies, bytes) = await erasures.MeasureAsync(Organization, found.Emails, found.Letters, cancellationToken);
        return new ErasurePreview(
            found.Emails.Length,
            copies,
            bytes,
            [.. found.Tracked.OrderBy(email => email.SentOn).ThenBy(email => email.Key).Take(ErasurePreview.FirstMax)],
            await erasures.ReadHoldersAsync(Organization, parsed, cancellationToken),
            null);
    }

    /// <inheritdoc/>
    public async Task<ErasureAnswer> EraseAsync(ErasureCall call, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(call.Address, out var address))
        {
            return new ErasureAnswer(null, [], NoAddress(call.Address));
        }

        if (string.IsNullOrWhiteSpace(call.By) || call.By.Length > ByLengthMax || call.By.Any(char.IsControl))
        {
            return new ErasureAnswer(null, [], $"Say who does it, in 1 to {ByLengthMax} characters.");
        }

        if (call.Why is { Length: > WhyLengthMax } || call.Why?.Any(char.IsControl) == true)
        {
            return new ErasureAnswer(null, [], $"Say why in at most {WhyLengthMax} characters.");
        }

        if ($"{call.By}\n{call.Why}".Contains(address.Value, StringComparison.OrdinalIgnoreCase))
        {
            return new ErasureAnswer(null, [], "Who and why are kept for good: say them without the address that is to be erased.");
        }

        if (await erasures.FindAsync(Organization, call.Id, cancellationToken) is null)
        {
            // To find the mail may take longer than a call: who calls again waits for the same search.
            if (!_beginning.TryGetValue(call.Id, out var beginning))
            {
                _beginning[call.Id] = beginning = BeginAsync(call, address);
            }

            await beginning.WaitAsync(cancellationToken);
        }

        await WakeAsync(cancellationToken);
        return new ErasureAnswer(
            await erasures.FindAsync(Organization, call.Id, cancellationToken),
            await erasures.ReadHoldersAsync(Organization, address, cancellationToken),
            null);
    }

    /// <inheritdoc/>
    public Task<Erasure?> FindAsync(Guid erasure, CancellationToken cancellationToken) =>
        erasures.FindAsync(Organization, erasure, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Erasure>> ReadHistoryAsync(int countMax, CancellationToken cancellationToken) =>
        erasures.ReadAsync(Organization, openOnly: false, Math.Clamp(countMax, 0, ListedMax), cancellationToken);

    /// <inheritdoc/>
    public Task WakeAsync(CancellationToken cancellationToken)
    {
        _woken = true;
        Schedule(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync(CancellationToken.None);

    private static string NoAddress(string text) => $"'{text}' is no address. Give one such as ana@contoso.com.";

    private async Task BeginAsync(ErasureCall call, EmailAddress address)
    {
        try
        {
            var on = time.GetUtcNow();
            var found = await mail.FindAsync(Organization, address, CancellationToken.None);
            await erasures.BeginAsync(
                Organization,
                new Erasure
                {
                    Id = call.Id,
                    Kind = ErasureKind.Address,
                    AddressDigest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.Value))),
                    By = call.By.Trim(),
                    On = on,
                    Why = call.Why,
                },
                found.Emails,
                found.Letters,
                address);

            // What people chose for it went, which is a change of the directory. Not awaited: its reminder finds it as well.
            GrainFactory.GetGrain<ILinkGrain>(GrainKeys.Organization(Organization)).WakeAsync().Ignore();
        }
        finally
        {
            _beginning.Remove(call.Id);
        }
    }

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
                next = await DoOpenAsync(cancellationToken);
                await AgeAsync(cancellationToken);
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

    private async Task AgeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _agedOn < options.Value.RetentionInterval)
        {
            return;
        }

        var settings = await directory.ReadSettingsAsync(Organization, cancellationToken);
        while (Retention.Until(settings, now) is { } until &&
            await erasures.FindAgedAsync(Organization, until, AgedMax, cancellationToken) is { IsEmpty: false } aged)
        {
            var run = new Erasure
            {
                Id = NamedId.OfRetention(Organization, now, aged.Min(email => email.Key)),
                Kind = ErasureKind.Retention,
                By = nameof(Retention),
                On = now,
                Why = string.Create(CultureInfo.InvariantCulture, $"RetentionDays = {settings.Privacy.RetentionDays}"),
            };
            await erasures.BeginAsync(Organization, run, [.. aged.Select(email => email.Key)], [], cancellationToken: cancellationToken);
            await DoAsync(run, cancellationToken);
            _woken = true;
        }

        _agedOn = now;
    }

    // When the next one can be finished; null when none is open.
    private async Task<DateTimeOffset?> DoOpenAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var erasure in await erasures.ReadAsync(Organization, openOnly: true, OpenMax, cancellationToken))
        {
            var sweptOn = erasure.SweptOn ?? await DoAsync(erasure, cancellationToken);
            var due = sweptOn + options.Value.EraseGrace;
            if (due > time.GetUtcNow())
            {
                next = next < due ? next : due;
                continue;
            }

            await erasures.FinishAsync(Organization, erasure.Id, time.GetUtcNow(), cancellationToken);
            _woken = true;
        }

        return next;
    }

    private async Task<DateTimeOffset> DoAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        while (await erasures.ReadDueAsync(Organization, erasure.Id, EmailsMax, cancellationToken) is { IsEmpty: false } due)
        {
            var acts = due.GroupBy(email => email.ConversationId ?? NamedId.OfConversation(Organization, email.Key));
            foreach (var answer in await Task.WhenAll(acts.Select(act => ActAsync(erasure, act.Key, act.Select(email => email.Key), cancellationToken))))
            {
                // What was done is done: the next try finds the rest.
                if (answer.Problem is { } problem)
                {
                    throw new InvalidOperationException($"Emails of erasure {erasure.Id} could not be erased ({problem}) They are erased shortly.");
                }
            }
        }

        var now = time.GetUtcNow();
        await erasures.SweptAsync(Organization, erasure.Id, now, cancellationToken);
        return now;
    }

    private Task<ActAnswer> ActAsync(Erasure erasure, Guid conversation, IEnumerable<MessageKey> emails, CancellationToken cancellationToken)
    {
        ImmutableArray<MessageKey> erased = [.. emails.Order()];
        return GrainFactory.GetGrain<IConversationGrain>(GrainKeys.Conversation(Organization, conversation)).ActAsync(
            new ActRequest
            {
                Id = NamedId.OfErasing(Organization, erasure.Id, erased[0]),
                Kind = ActKind.Erase,
                By = erasure.By,
                On = erasure.On,
                Emails = erased,
                Erasure = erasure.Id,
            },
            cancellationToken);
    }

    [LoggerMessage(2201, LogLevel.Warning, "Emails could not be erased; it is tried again shortly")]
    private partial void LogFailed(Exception problem);
}
