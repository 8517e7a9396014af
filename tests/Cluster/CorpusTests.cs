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

        var split = expected.GroupBy(email => threads[email.Key])
            .Count(thread => thread.Select(email => email.Value.Conversation).Distinct().Count() > 1);
        output.WriteLine($"figure: {threads.Values.Distinct().Count()} threads by headers in all lists; split: {split}");

        // One thread of all lists hangs together only by an e-mail address that stands where an id should.
        Assert.True(split <= (Corpora.Full ? 1 : 0), $"{split} threads are split.");

        // All of them on one list without List headers.
        Assert.Equal(9, expected.Values.Count(email => email.Held));

        var reverse = await ImportAsync("reverse order", mails.AsEnumerable().Reverse().Select(mail => (Mailboxes[0], mail)));
        AssertSame(expected, reverse);
        for (var shuffle = 1; shuffle <= (Corpora.Full ? 3 : 1); shuffle++)
        {
            var shuffled = mails.OrderBy(_ => random.Next()).Select(mail => (Mailboxes[random.Next(Mailboxes.Length)], mail)).ToArray();
            AssertSame(expected, await ImportAsync($"shuffle {shuffle} over three mailboxes", shuffled));
        }
    }

    // Which of two mails under one id is the first may hang on the order, and who answers them too: those conversations are left out.
    private static void AssertSame(Dictionary<string, Place> expected, Dictionary<string, Place> found)
    {
        var ids = expected.Keys.Intersect(found.Keys).Order(StringComparer.Ordinal).ToArray();
        Assert.True(ids.Length > 0.99 * expected.Count);
        Assert.Equal(ids.Select(id => $"{id} {expected[id]}"), ids.Select(id => $"{id} {found[id]}"));
    }

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
        var reused = rows.GroupBy(row => row.Activity!.MessageId).Where(id => id.Count() > 1)
            .SelectMany(id => id.Select(row => row.Activity!.State.ConversationId))
            .ToHashSet();
        return rows.Select(row => row.Activity!).Where(email => !reused.Contains(email.State.ConversationId)).ToDictionary(
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
