using System.Diagnostics;
using EmailTracking.Bench.Mails;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Bench.Sending;

/// <summary>Sends mails through the client library, and takes the time from hand-over to answer, which is durable.</summary>
internal sealed class Sender(EmailTrackingClient client, MailSource mails)
{
    private const int InFlightMax = 20_000;
    private const int MakingSample = 2_000;
    private int _deferred;

    public async Task CreateMailboxesAsync()
    {
        foreach (var address in mails.Mailboxes)
        {
            if (EmailAddress.TryParse(address, out var mailbox))
            {
                await client.SaveMailboxAsync(
                    new MailboxFacts(mailbox, Owner: null, IsQueue: true, FilterMethod.All, Folders: []));
            }
        }
    }

    /// <summary>As fast as they are answered, so many at a time.</summary>
    public async Task<SendResult> BurstAsync(int first, int count, int inFlight)
    {
        _deferred = 0;
        var (latencies, next, start) = (new double[count], -1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
            {
                var began = Stopwatch.GetTimestamp();
                await DeliverAsync(first + i);
                latencies[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        })));
        return Result(latencies, Stopwatch.GetElapsedTime(start), first);
    }

    /// <summary>So many a second, whether they are answered or not: a mail's time runs from when it was due.</summary>
    /// <returns>What was sent: less than asked for when too many mails waited for their answers.</returns>
    public async Task<SendResult> SteadyAsync(int first, int rate, int seconds)
    {
        _deferred = 0;
        var count = rate * seconds;
        var (latencies, sending, start) = (new double[count], new List<Task>(count), Stopwatch.GetTimestamp());
        var answered = 0;
        while (sending.Count < count && !IsTooMuch())
        {
            var due = Math.Min(count, (int)Math.Ceiling(Stopwatch.GetElapsedTime(start).TotalSeconds * rate));
            while (sending.Count < due && !IsTooMuch())
            {
                sending.Add(SendAsync(sending.Count));
            }

            await Task.Delay(1);
        }

        await Task.WhenAll(sending);
        return Result(latencies[..sending.Count], Stopwatch.GetElapsedTime(start), first);

        bool IsTooMuch() => sending.Count - Volatile.Read(ref answered) > InFlightMax;

        async Task SendAsync(int i)
        {
            await Task.Yield();
            await DeliverAsync(first + i);
            latencies[i] = (Stopwatch.GetElapsedTime(start).TotalSeconds - ((double)i / rate)) * 1_000;
            Interlocked.Increment(ref answered);
        }
    }

    private async Task DeliverAsync(int number)
    {
        var (mailbox, mail) = mails[number];
        var answer = await client.DeliverAsync(new Delivery(mailbox, "Inbox", OperationId: null, ReceivedOn: null), mail);
        if (answer.Outcome == Outcome.Deferred)
        {
            Interlocked.Increment(ref _deferred);
        }
        else if (answer.Outcome != Outcome.Tracked || !answer.IsFirst)
        {
            throw new InvalidOperationException(
                $"Mail {number} of {mailbox} is {answer.Outcome}, {answer.Reason}; it should be new.");
        }
    }

    private SendResult Result(double[] latencies, TimeSpan time, int first)
    {
        Array.Sort(latencies);
        return new SendResult(
            latencies.Length, _deferred, time.TotalSeconds, At(0.5), At(0.99), latencies[^1], MakingMicroseconds(first));

        double At(double part) => latencies[Math.Min(latencies.Length - 1, (int)(latencies.Length * part))];
    }

    private double MakingMicroseconds(int first)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < MakingSample; i++)
        {
            _ = mails[first + i];
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / MakingSample;
    }
}
