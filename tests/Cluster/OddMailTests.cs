using System.Diagnostics;
using System.Globalization;
using EmailTracking.Client.Readers;
using EmailTracking.Tracking.Deciding;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Cluster;

/// <summary>Odd mail, bounces and automatic answers: each becomes an activity, or has a reason, soon; its bytes come back.</summary>
public sealed class OddMailTests(ITestOutputHelper output)
{
    private static readonly TimeSpan MessageTimeMax = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("torture")]
    [InlineData("autoreplies-bounces")]
    public async Task Every_odd_mail_is_tracked_or_has_a_reason(string folder)
    {
        if (Corpora.Threads is null)
        {
            return;
        }

        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("odd@contoso.com", queue: true);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var slowest = TimeSpan.Zero;
        await foreach (var item in MailFiles.Read(Path.Combine(Path.GetDirectoryName(Corpora.Threads)!, folder)))
        {
            if (item.Content.IsEmpty)
            {
                Assert.NotNull(item.Problem);
                outcomes[item.Problem.Kind.ToString()] = outcomes.GetValueOrDefault(item.Problem.Kind.ToString()) + 1;
                continue;
            }

            var watch = Stopwatch.StartNew();
            var answer = await cluster.DeliverAsync("odd@contoso.com", item.Content.ToArray());
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            Assert.True(watch.Elapsed < MessageTimeMax, $"{item.Source} took {watch.Elapsed}.");
            Assert.True(answer.ActivityId is not null || answer.Problem is not null, $"{item.Source} has neither activity nor reason.");
            var outcome = answer.Outcome == Outcome.Failed ? answer.Reason.ToString() : answer.Outcome.ToString();
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (answer is { IsFirst: true, ActivityId: { } activity })
            {
                var raw = await ReadRawAsync(cluster, activity);
                Assert.True(raw.AsSpan().SequenceEqual(item.Content.Span), $"{item.Source} comes back with other bytes.");
            }
        }

        var counts = string.Join(", ", outcomes.Select(one => $"{one.Key} {one.Value}"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"figure: {folder}: {counts}; slowest message {slowest.TotalMilliseconds:f0} ms"));
    }

    private static async Task<byte[]> ReadRawAsync(TrackingCluster cluster, Guid activity)
    {
        await using var stored = await cluster.Client.OpenRawAsync(activity);
        using var raw = new MemoryStream();
        await stored!.CopyToAsync(raw);
        return raw.ToArray();
    }
}
