using System.Diagnostics;
using System.Globalization;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Cluster;

/// <summary>Thousands of real mails through two silos: the threads that are known, in any order.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const int InFlight = 256;
    private static readonly string[] Mailboxes = ["list-a@contoso.com", "list-b@contoso.com", "list-c@contoso.com"];

    // A middling list for the short form; the long form takes all of them.
    private static readonly string[] Lists = Corpora.Full ? [] : ["linux-integrity", "notmuch-lkml", "notmuch-default"];

    [Fact]
    public async Task Every_thread_is_one_conversation_and_order_makes_no_difference()
    {
        if (Corpora.Threads is null)
        {
            return;
        }

        var mails = await Corpora.ReadAsync(Lists);
        var threads = await Corpora.ReadThreadsAsync();
        var random = new Random(20260302);
        var expected = await ImportAsync("file order", mails.Select(mail => (Mailboxes[0], mail)));

        var members = expected.GroupBy(email => threads[email.Key]).ToArray();
        Assert.All(members, thread => Assert.Single(thread.Select(email => email.Value.Conversation).Distinct()));

        // The long form names its held mails by number: all of them on one list without List headers.
        Assert.Equal(9, expected.Values.Count(email => email.Held));

        var reverse = await ImportAsync("reverse order", mails.AsEnumerable().Reverse().Select(mail => (Mailboxes[0], mail)));
        AssertSame(expected, reverse);
        for (var shuffle = 1; shuffle <= (Corpora.Full ? 3 : 1); shuffle++)
        {
            var shuffled = mails.OrderBy(_ => random.Next()).Select(mail => (Mailboxes[random.Next(Mailboxes.Length)], mail)).ToArray();
            AssertSame(expected, await ImportAsync($"shuffle {shuffle} over three mailboxes", shuffled));
        }
    }

    private static void AssertSame(Dictionary<string, Place> expected, Dictionary<string, Place> found) =>
        Assert.Equal(
            expected.OrderBy(email => email.Key, StringComparer.Ordinal).Select(email => $"{email.Key} {email.Value}"),
            found.OrderBy(email => email.Key, StringComparer.Ordinal).Select(email => $"{email.Key} {email.Value}"));

    private async Task<Dictionary<string, Place>> ImportAsync(string name, IEnumerable<(string Mailbox, byte[] Mail)> mails)
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        foreach (var mailbox in Mailboxes)
        {
            await cluster.CreateMailboxAsync(mailbox, queue: true);
        }

        var count = 0;
        var watch = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        await Parallel.ForEachAsync(mails, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, async (mail, _) =>
        {
            var answer = await cluster.DeliverAsync(mail.Mailbox, mail.Mail);
            Assert.Equal(Outcome.Tracked, answer.Outcome);
            Interlocked.Increment(ref count);
        });
        await cluster.DrainAsync();
        var rate = count / watch.Elapsed.TotalSeconds;
        var each = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: {name}: {count} list mails through two silos in one process, {rate:f0} a second, {each:f2} ms of its processor time each"));
        return Places(await cluster.ExportAsync());
    }

    // Conversation ids may hang on the order: a conversation is told by its members.
    private static Dictionary<string, Place> Places(List<EmailRow> rows)
    {
        var ids = rows.ToDictionary(row => row.Activity!.ActivityId, row => row.Activity!.MessageId!);
        var conversations = rows.GroupBy(row => row.Activity!.State.ConversationId)
            .ToDictionary(group => group.Key, group => group.Min(row => row.Activity!.MessageId!)!);
        return rows.Select(row => row.Activity!).ToDictionary(
            email => email.MessageId!,
            email => new Place(
                conversations[email.State.ConversationId],
                email.State.Correlation.Method.ToString(),
                email.CorrelatedActivityId is { } correlated ? ids[correlated] : null,
                email.ParentActivityId is { } parent ? ids[parent] : null,
                email.State.IsHeld,
                email.State.Regarding?.Record.ToString()));
    }

    private sealed record Place(
        string Conversation, string Method, string? Correlated, string? Parent, bool Held, string? Regarding);
}
