using System.Diagnostics;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tests.Mailboxes.Sync;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Figures;

/// <summary>Mailboxes in which nothing happens: how soon new mail is tracked, and what each costs.</summary>
[Collection(FigureRuns.Name)]
public sealed class IdleFigures(ITestOutputHelper output)
{
    private const int AtOnce = 4;

    // As many as are held against them: by then what is taken once, by the first ones, is taken.
    private static readonly int Warm = FigureRuns.Or(full: 100, brief: 20);
    private static readonly int Mailboxes = FigureRuns.Or(full: 200, brief: 20);
    private static readonly int Mails = FigureRuns.Or(full: 400, brief: 40);

    [Fact]
    public async Task New_mail_in_an_idle_mailbox_is_tracked_at_once_and_idle_mailboxes_are_small()
    {
        var watch = new CommitWatch();
        await using var cluster = await SyncCluster.StartAsync(configure: watch.Watch);
        await ConnectAsync(cluster, Warm);
        var (managed, working) = Memory();
        var mailboxes = await ConnectAsync(cluster, Mailboxes);
        var (managedAfter, workingAfter) = Memory();
        FigureRuns.Tell(
            output,
            $"idle mailboxes, {Mailboxes} on one silo: {(managedAfter - managed) / 1024.0 / Mailboxes:f0} KB managed, {(workingAfter - working) / 1024.0 / Mailboxes:f0} KB working set each (aim: under 300 KB)");

        // A few at a time, each in another mailbox.
        var took = new double[Mails];
        await Parallel.ForEachAsync(Enumerable.Range(0, Mails), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, stop) =>
        {
            var id = $"idle{i}@x";
            await mailboxes[i % Mailboxes].DeliverAsync("INBOX", FigureRuns.Letter(id, i));
            var accepted = Stopwatch.GetTimestamp();
            var durable = await watch.OfAsync(id).WaitAsync(TimeSpan.FromMinutes(2), stop);
            took[i] = Math.Max(0, Stopwatch.GetElapsedTime(accepted, durable).TotalMilliseconds);
        });

        Array.Sort(took);
        FigureRuns.Tell(
            output,
            $"new mail in {Mailboxes} idle mailboxes, {Mails} mails, from accepted by the server to a durable activity: median {took[Mails / 2]:f0} ms, p95 {took[Mails * 95 / 100]:f0} ms (aim: 1000 and 2000 ms)");
        Assert.Equal(Mails, await cluster.Cluster.CountAsync("select count(*) from email"));
    }

    private static async Task<List<DovecotMailbox>> ConnectAsync(SyncCluster cluster, int count)
    {
        var mailboxes = new List<DovecotMailbox>();
        for (var i = 0; i < count; i++)
        {
            mailboxes.Add(await cluster.CreateAsync());
            await cluster.ConnectAsync(mailboxes[^1]);
        }

        return mailboxes;
    }

    private static (long Managed, long Working) Memory()
    {
        // Two readings are compared: what either left for finalizers, or unused in the heap, is no mailbox's.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (managed, process.WorkingSet64);
    }
}
