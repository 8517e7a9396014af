using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Parent and reply at the same moment, in mailboxes whose grains are on different silos.</summary>
public sealed class RaceTests
{
    private static readonly int Pairs = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 2_000 : 150;

    [Fact]
    public async Task Parent_and_reply_at_once_always_meet()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        string[] mailboxes = [.. Enumerable.Range(0, 8).Select(i => $"m{i}@contoso.com")];
        foreach (var mailbox in mailboxes)
        {
            await cluster.CreateMailboxAsync(mailbox);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, Pairs), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var parent = cluster.DeliverAsync(
                mailboxes[i % 8], Mail($"p{i}@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com", subject: $"Order {i}"));
            var reply = cluster.DeliverAsync(
                mailboxes[(i + 1 + (i / 8 % 7)) % 8],
                Mail($"r{i}@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com", $"p{i}@fabrikam.com", $"Re: Order {i}", 5));
            await Task.WhenAll(parent, reply);
        });
        await cluster.DrainAsync();

        var rows = (await cluster.ExportAsync()).ToDictionary(row => row.Activity!.MessageId!);
        var unlinked = Enumerable.Range(0, Pairs).Count(i =>
            rows[$"p{i}@fabrikam.com"].Activity!.State.ConversationId != rows[$"r{i}@fabrikam.com"].Activity!.State.ConversationId ||
            rows[$"r{i}@fabrikam.com"].Activity!.ParentActivityId != rows[$"p{i}@fabrikam.com"].Activity!.ActivityId);
        Assert.Equal(0, unlinked);
        Assert.Equal(2 * Pairs, rows.Count);
    }
}
