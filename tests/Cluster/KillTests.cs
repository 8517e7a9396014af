using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>A silo that is killed in the middle of an ingest. (Membership is told at once here; processes are killed elsewhere.)</summary>
public sealed class KillTests
{
    private const int Threads = 60;
    private const int MailsPerThread = 5;

    [Fact]
    public async Task A_silo_killed_in_the_middle_of_an_ingest_loses_and_doubles_nothing()
    {
        await using var cluster = await TrackingCluster.StartAsync(3);
        string[] mailboxes = [.. Enumerable.Range(0, 6).Select(i => $"m{i}@contoso.com")];
        foreach (var mailbox in mailboxes)
        {
            await cluster.CreateMailboxAsync(mailbox);
        }

        var delivered = 0;
        var kill = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = Task.Run(async () =>
        {
            await kill.Task;
            await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[^1]);
        });

        var mails = Enumerable.Range(0, Threads * MailsPerThread);
        await Parallel.ForEachAsync(mails, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
        {
            var (thread, position) = (i % Threads, i / Threads);
            var mail = Mail(
                $"{thread}.{position}@fabrikam.com",
                "bo@fabrikam.com",
                "sales@contoso.com",
                position == 0 ? null : $"{thread}.{position - 1}@fabrikam.com",
                $"Order {thread}",
                position);
            await cluster.DeliverAsync(mailboxes[(thread + position) % mailboxes.Length], mail, operation: $"op-{i}");
            if (Interlocked.Increment(ref delivered) == Threads * MailsPerThread / 3)
            {
                kill.TrySetResult();
            }
        });
        await killed;
        await cluster.DrainAsync();

        var rows = await cluster.ExportAsync();
        Assert.Equal(Threads * MailsPerThread, rows.Count);
        Assert.Equal(rows.Count, rows.Select(row => row.Activity!.ActivityId).Distinct().Count());
        Assert.Equal(Threads, rows.Select(row => row.Activity!.State.ConversationId).Distinct().Count());
    }
}
