using System.Collections.Concurrent;
using System.Security.Cryptography;
using EmailTracking.Acts;
using EmailTracking.Client.Commands;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.PastEmails;

/// <summary>Delivers past emails into one mailbox, then says what they are about. Safe to repeat.</summary>
/// <param name="client">Where to.</param>
/// <param name="mailbox">The mailbox: a queue's that takes all mail, also that in Sent Items.</param>
/// <param name="time">The clock.</param>
internal sealed class PastEmailLoader(EmailTrackingClient client, EmailAddress mailbox, TimeProvider time)
{
    /// <summary>Whose acts these are, in the history.</summary>
    public const string By = "dataverse";

    /// <summary>The folder of what our side sent.</summary>
    public const string SentItems = "Sent Items";

    private const int DeliveriesMax = 64;
    private const int ActsMax = 8;
    private const int FailuresMax = 1_000;
    private static readonly TimeSpan DeferredMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DeferredPoll = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Past> _about = [];
    private readonly ConcurrentQueue<(long Line, string Problem)> _failures = [];
    private long _delivered;
    private long _new;
    private long _failed;
    private long _acted;

    /// <summary>What was loaded so far.</summary>
    public PastEmailCounts Counts => new(
        Interlocked.Read(ref _delivered),
        Interlocked.Read(ref _new),
        Interlocked.Read(ref _acted),
        Interlocked.Read(ref _failed),
        [.. _failures.OrderBy(failure => failure.Line).Select(failure => $"line {failure.Line}: {failure.Problem}")]);

    /// <summary>Delivers every email of a file that was checked.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lines">Reads its rows.</param>
    /// <param name="done">Is told how many are delivered.</param>
    /// <param name="token">Stops between two emails.</param>
    /// <exception cref="ClusterUnreachableException">The cluster does not answer: load the file again later.</exception>
    public Task DeliverAsync(string file, PastEmailLines lines, Action<long> done, CancellationToken token) => Parallel.ForEachAsync(
        RecordFile.Read(file).Select(row => Parse(file, lines, row)),
        new ParallelOptions { MaxDegreeOfParallelism = DeliveriesMax, CancellationToken = token },
        async (email, stop) =>
        {
            await TryAsync(email.Line, () => DeliverAsync(email, stop));
            done(Interlocked.Increment(ref _delivered));
        });

    /// <summary>How many of those that were delivered are about a record.</summary>
    public long AboutCount => _about.Count;

    /// <summary>Says of every email that was delivered what it is about.</summary>
    /// <param name="done">Is told of how many it is said.</param>
    /// <param name="token">Stops between two emails.</param>
    public Task SayRegardingAsync(Action<long> done, CancellationToken token) => Parallel.ForEachAsync(
        _about,
        new ParallelOptions { MaxDegreeOfParallelism = ActsMax, CancellationToken = token },
        async (past, stop) =>
        {
            await TryAsync(past.Line, () => SayAsync(past, stop));
            done(Interlocked.Increment(ref _acted));
        });

    private static PastEmail Parse(string file, PastEmailLines lines, RecordRow row)
    {
        try
        {
            return lines.Parse(row);
        }
        catch (FormatException)
        {
            throw new WrongInputException($"{file} changed while it was loaded. Load it again when nobody writes to it.");
        }
    }

    private async Task<string?> DeliverAsync(PastEmail email, CancellationToken token)
    {
        var content = HeaderMessage.Write(email);

        // Of the bytes: a row that was corrected is another delivery, the same row the same.
        var operation = $"{By}:{Convert.ToHexStringLower(SHA256.HashData(content))}";
        var delivery = new Delivery(mailbox.Value, email.IsOutgoing ? SentItems : "Inbox", operation, email.SentOn)
        {
            IsBackfill = true,
        };
        var began = time.GetTimestamp();
        var answer = await client.DeliverAsync(delivery, content, token);
        while (answer.Outcome == Outcome.Deferred && time.GetElapsedTime(began) < DeferredMax)
        {
            await Task.Delay(DeferredPoll, time, token);
            answer = await client.DeliverAsync(delivery, content, token);
        }

        if (answer.IsFirst)
        {
            Interlocked.Increment(ref _new);
        }

        if (answer.ActivityId is not { } activity)
        {
            return answer.Problem ?? $"It was {answer.Outcome.ToString().ToLowerInvariant()}: {Queries.TraceWords.Of(answer.Reason)}. Load the file again later.";
        }

        if (email.Regarding is { } record)
        {
            _about.Enqueue(new Past(email.Line, activity, record, email.SentOn));
        }

        return null;
    }

    private async Task<string?> SayAsync(Past past, CancellationToken token)
    {
        // The day of the email: whatever people say later, here, outweighs what was said there.
        var now = time.GetUtcNow();
        var answer = await client.ActAsync(
            new ActCall
            {
                Id = NamedIds.Of(By, client.Organization, past.Activity.ToString("D"), past.Record.ToString()),
                Kind = ActKind.Regarding,
                By = By,
                On = past.SentOn < now ? past.SentOn : now,
                Names = [past.Activity.ToString("D")],
                Record = past.Record,
            },
            token);
        return answer.Problem;
    }

    // What is wrong with one email must not stop those behind it.
    private async Task TryAsync(long line, Func<Task<string?>> work)
    {
        string? problem;
        try
        {
            problem = await work();
        }
        catch (DeliveryException refused)
        {
            problem = refused.Message;
        }

        if (problem is not null && Interlocked.Increment(ref _failed) <= FailuresMax)
        {
            _failures.Enqueue((line, problem));
        }
    }

    /// <summary>An email that is an activity now, and the record that it is about.</summary>
    private sealed record Past(long Line, Guid Activity, RecordReference Record, DateTimeOffset SentOn);
}
