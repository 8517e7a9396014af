using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Importing;

/// <summary>Mails whose decision was put off: they are asked for again until it is made, or time is up.</summary>
/// <remarks>The cluster decides them in any case; asking only tells what it decided.</remarks>
internal sealed class DeferredMails(TimeProvider time)
{
    // Beyond it mails are counted as deferred and no longer asked for.
    private const long BytesMax = 64 * 1024 * 1024;
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RoundMax = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private readonly List<(string Source, ReadOnlyMemory<byte> Content)> _mails = [];
    private long _bytes;

    public void Add(string source, ReadOnlyMemory<byte> content)
    {
        lock (_lock)
        {
            if (_bytes + content.Length <= BytesMax)
            {
                _bytes += content.Length;
                _mails.Add((source, content));
            }
        }
    }

    public async Task SettleAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, Task<DeliveryAnswer>> deliver, ImportTally tally, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var wait = TimeSpan.FromSeconds(1); _mails.Count > 0 && time.GetElapsedTime(began) + wait <= PatienceMax;)
        {
            await Task.Delay(wait, time, cancellationToken);
            foreach (var mail in _mails.ToArray())
            {
                var answer = await deliver(mail.Content, cancellationToken);
                if (answer.Outcome != Outcome.Deferred)
                {
                    tally.Settle(answer, mail.Source);
                    _mails.Remove(mail);
                }
            }

            wait = wait * 2 < RoundMax ? wait * 2 : RoundMax;
        }
    }
}
