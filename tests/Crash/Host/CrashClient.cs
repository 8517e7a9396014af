using System.Globalization;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Tests.Crash.Checker;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Crash.Host;

/// <summary>An ingestion client: it sends made mail, many at a time, each until it is answered, and logs the answers.</summary>
/// <remarks>
/// It goes on where its log ends. A line on standard input, light or full, tells how much it sends at a time. When standard input
/// closes it begins no further block, finishes what it began, says how many blocks that are, and ends. Each line that it writes
/// before is the count of the answers that are in its log.
/// </remarks>
internal static class CrashClient
{
    private const int InFlight = 24;
    private const int InFlightWhenLight = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(string gateways, string seed, string path)
    {
        var acknowledged = AcknowledgementLog.Read(path).Select(one => one.Operation).ToHashSet();
        var load = new Load();
        var stopped = Task.Run(() => load.Follow(Console.In));
        await using var log = new AcknowledgementLog(path);
        await using var client = await ConnectAsync(gateways);
        foreach (var mailbox in Mailboxes())
        {
            await UntilAnsweredAsync(() => client.EnsureMailboxAsync(mailbox));
        }

        var (maker, blocks, count) = (new MailMaker(int.Parse(seed, CultureInfo.InvariantCulture)), 0, acknowledged.Count);
        using var next = Deliveries().GetEnumerator();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async sender =>
        {
            while (await load.IsWantedAsync(sender) && Take(next) is { } made)
            {
                await SendAsync(made);
            }
        }));
        Console.WriteLine($"blocks {blocks}");
        return 0;

        async Task SendAsync(Made made)
        {
            var delivery = new Delivery(made.Mailbox, made.Folder, made.Operation, ReceivedOn: null);
            var answer = await UntilAnsweredAsync(() => client.DeliverAsync(delivery, made.Raw));
            await log.AppendAsync(new Acknowledgement(
                made.Operation, $"{answer.Outcome}", $"{answer.ActivityId}", $"{answer.ConversationId}", answer.IsFirst));
            Console.WriteLine(Interlocked.Increment(ref count));
        }

        IEnumerable<Made> Deliveries()
        {
            // A block that was begun before is finished, also when it is time to stop.
            for (; !stopped.IsCompleted || acknowledged.Count > 0; blocks++)
            {
                foreach (var made in maker.Block(blocks).Where(made => !acknowledged.Remove(made.Operation)))
                {
                    yield return made;
                }
            }
        }
    }

    private static Made? Take(IEnumerator<Made> deliveries)
    {
        lock (deliveries)
        {
            return deliveries.MoveNext() ? deliveries.Current : null;
        }
    }

    // Its own patience is short: a client that sends again soon makes the harder load.
    private static async Task<EmailTrackingClient> ConnectAsync(string gateways) =>
        await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions
        {
            Gateways = gateways.Split(','),
            ConnectTimeout = TimeSpan.FromMinutes(2),
            ResponseTimeout = TimeSpan.FromSeconds(3),
            RetryFor = TimeSpan.Zero,
        });

    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ClusterUnreachableException)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private static IEnumerable<MailboxFacts> Mailboxes() =>
    [
        .. MailMaker.Open.Select(address => Mailbox(address, FilterMethod.All)),
        Mailbox(MailMaker.Queue, FilterMethod.All) with { IsQueue = true },
        .. MailMaker.AnswersOnly.Select(address => Mailbox(address, FilterMethod.Replies)),
    ];

    private static MailboxFacts Mailbox(string address, FilterMethod filter) =>
        EmailAddress.TryParse(address, out var parsed)
            ? new MailboxFacts(parsed, null, IsQueue: false, filter, []) { Options = new PersonalOptions { Creates = RecordCreation.Contact } }
            : throw new ArgumentException(address);

    /// <summary>Which senders may go on; light, only the first few.</summary>
    private sealed class Load
    {
        private volatile TaskCompletionSource _full = Full();

        public async Task<bool> IsWantedAsync(int sender)
        {
            if (sender >= InFlightWhenLight)
            {
                await _full.Task;
            }

            return true;
        }

        public void Follow(TextReader orders)
        {
            for (string? order; (order = orders.ReadLine()) is not null;)
            {
                if (order == "light")
                {
                    _full = _full.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _full;
                }
                else
                {
                    _full.TrySetResult();
                }
            }

            _full.TrySetResult();
        }

        private static TaskCompletionSource Full()
        {
            var full = new TaskCompletionSource();
            full.SetResult();
            return full;
        }
    }
}
