using System.Diagnostics;
using System.Globalization;
using System.Text;
using EmailTracking.Client;
using EmailTracking.Tests.Storage.Postgres;
using EmailTracking.Tracking.Deciding;
using Xunit.Abstractions;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>The built programs, as people start them.</summary>
public sealed class ProcessTests(ITestOutputHelper output)
{
    private const int Mails = 120;

    [Fact]
    public async Task A_silo_that_is_told_to_stop_finishes_what_it_has_begun()
    {
        await using var database = new PostgresDatabase();
        await database.InitializeAsync();
        await using var first = await ClusterSiloAsync(database);
        await using var second = await ClusterSiloAsync(database);
        await using var client = await ConnectAsync(first.Gateway, second.Gateway);
        await client.EnsureMailboxAsync(Mailbox("sales@contoso.com"));

        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = Task.Run(async () =>
        {
            await half.Task;
            return await second.TerminateAsync();
        });
        var answered = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Mails), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
        {
            await DeliverAsync(client, i, token);
            if (Interlocked.Increment(ref answered) == Mails / 3)
            {
                half.TrySetResult();
            }
        });

        Assert.Equal(0, await stopped);
        Assert.Equal(Mails, (await client.CountAsync()).Emails);
    }

    [Fact]
    public async Task The_sample_client_delivers_to_two_silos()
    {
        await using var database = new PostgresDatabase();
        await database.InitializeAsync();
        await using var first = await ClusterSiloAsync(database);
        await using var second = await ClusterSiloAsync(database);
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "1.eml");
        await File.WriteAllTextAsync(file, Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));

        var start = SiloProcess.Dotnet("IngestionClient.dll", ["sales@contoso.com", file]);
        start.Environment["EMAILTRACKING_GATEWAYS"] = $"{first.Gateway},{second.Gateway}";
        using var sample = Process.Start(start)!;
        var said = await sample.StandardOutput.ReadToEndAsync();
        await sample.WaitForExitAsync();

        Assert.True(sample.ExitCode == 0, said + await sample.StandardError.ReadToEndAsync());
        Assert.Contains(nameof(Outcome.Tracked), said, StringComparison.Ordinal);
        await using var client = await ConnectAsync(first.Gateway);
        Assert.Equal(1, (await client.CountAsync()).Emails);
    }

    [Fact]
    public async Task A_single_silo_tracks_its_first_mail_soon_after_its_start()
    {
        var data = Directory.CreateTempSubdirectory().FullName;
        var watch = Stopwatch.StartNew();
        await using (var silo = await SiloProcess.StartAsync("--data", data))
        {
            await using var client = await ConnectAsync(silo.Gateway);
            await client.EnsureMailboxAsync(Mailbox("sales@contoso.com"));
            await DeliverAsync(client, 0, CancellationToken.None);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"figure: from the start of a silo on SQLite to its first tracked mail: {watch.Elapsed.TotalSeconds:f2} s"));
            Assert.Equal(0, await silo.TerminateAsync());
        }

        // What was acknowledged is there when it starts again.
        await using var again = await SiloProcess.StartAsync("--data", data);
        await using var later = await ConnectAsync(again.Gateway);
        Assert.Equal(1, (await later.CountAsync()).Emails);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_silo_at_its_start_by_name()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => SiloProcess.StartAsync("--address", "10.1.2.3"));

        Assert.Contains("--private-network", problem.Message, StringComparison.Ordinal);
    }

    private static Task<SiloProcess> ClusterSiloAsync(PostgresDatabase database) =>
        SiloProcess.StartAsync("--cluster", "--connection-string", database.ConnectionString);

    private static Task<EmailTrackingClient> ConnectAsync(params string[] gateways) =>
        EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = gateways });

    private static MailboxFacts Mailbox(string address) =>
        new(TrackingCluster.Address(address), null, IsQueue: true, FilterMethod.All, []);

    private static Task DeliverAsync(EmailTrackingClient client, int i, CancellationToken token) => client.DeliverAsync(
        "sales@contoso.com",
        "Inbox",
        new MemoryStream(Encoding.UTF8.GetBytes(Mail($"{i}@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"))),
        $"op-{i}",
        token);
}
