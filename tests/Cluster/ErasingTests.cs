using System.Collections.Immutable;
using EmailTracking.Acts;
using EmailTracking.Erasing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Erasing over two silos: while mail of the address arrives, and while a silo dies.</summary>
public sealed class ErasingTests
{
    private const string Gone = "zanzibar@fabrikam.com";
    private const string Sales = "sales@contoso.com";
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(2);

    private static void Quick(IServiceCollection services) => services.Configure<TrackingOptions>(options =>
    {
        options.EraseGrace = TimeSpan.FromMilliseconds(500);
        options.RetentionInterval = TimeSpan.FromSeconds(1);
    });

    private static ErasureCall Call() => new(Guid.NewGuid(), Gone, "Ana", "Her request");

    private static async Task<Erasure> EndAsync(TrackingCluster cluster, Func<Erasure, bool> isMeant)
    {
        using var timeout = new CancellationTokenSource(EndsWithin);
        while (true)
        {
            timeout.Token.ThrowIfCancellationRequested();
            await cluster.Silos.Client.GetGrain<IErasureGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization)).WakeAsync(timeout.Token);
            if ((await cluster.Client.ReadErasuresAsync(50, timeout.Token)).FirstOrDefault(one => isMeant(one) && one.FinishedOn is not null) is { } ended)
            {
                return ended;
            }

            await Task.Yield();
        }
    }

    private static async Task<long> CountAsync(TrackingCluster cluster, string sql) => (long)(await cluster.Database.ScalarAsync(sql))!;

    [Fact]
    public async Task Mail_that_was_there_is_erased_while_more_of_the_address_arrives()
    {
        const int count = 40;
        await using var cluster = await TrackingCluster.StartAsync(2, Quick);
        await cluster.CreateMailboxAsync(Sales);
        await cluster.CreateMailboxAsync("ben@contoso.com");
        await cluster.CreateMailboxAsync("cleo@contoso.com", FilterMethod.Replies);
        for (var i = 0; i < count; i++)
        {
            await cluster.DeliverAsync(Sales, Mail($"old{i}@fabrikam.com", Gone, Sales, null, $"Old {i}"));
        }

        await cluster.DeliverAsync(Sales, Mail("other@tailspin.com", "cy@tailspin.com", Sales, null, "Other"));
        await cluster.DeliverAsync("cleo@contoso.com", Mail("waits@fabrikam.com", Gone, "cleo@contoso.com", "nobody@x.com"));
        var preview = await cluster.Client.PreviewErasureAsync(Gone);
        Assert.Equal((count + 1, count + 1, 10), (preview.Emails, preview.Copies, preview.First.Length));

        Assert.Contains("no address", (await cluster.Client.EraseAsync(Call() with { Address = "nobody" })).Problem, StringComparison.Ordinal);
        Assert.Contains("Say who", (await cluster.Client.EraseAsync(Call() with { By = " " })).Problem, StringComparison.Ordinal);
        Assert.Contains("without the address", (await cluster.Client.EraseAsync(Call() with { Why = $"asked by {Gone}" })).Problem, StringComparison.Ordinal);
        Assert.Contains("by address", (await cluster.Client.ActAsync(
            new ActCall { Id = Guid.NewGuid(), Kind = ActKind.Erase, By = "Ana", Names = ["old0@fabrikam.com"] })).Problem, StringComparison.Ordinal);
        var call = Call();
        var erased = cluster.Client.EraseAsync(call);
        await Parallel.ForEachAsync(Enumerable.Range(0, 2 * count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await cluster.DeliverAsync("ben@contoso.com", i % 2 == 0
                ? Mail($"old{i / 2}@fabrikam.com", Gone, Sales, null, $"Old {i / 2}")
                : Mail($"new{i / 2}@fabrikam.com", Gone, Sales, $"old{i / 2}@fabrikam.com", $"New {i / 2}")));
        Assert.Null((await erased).Problem);
        var erasure = await EndAsync(cluster, one => one.Id == call.Id);
        Assert.True(erasure.Emails >= count + 1);
        await cluster.DrainAsync();

        var rows = (await cluster.ExportAsync()).ToDictionary(row => row.Key);
        foreach (var i in Enumerable.Range(0, count))
        {
            var (old, later) = (rows[KeyOf($"old{i}@fabrikam.com")], rows[KeyOf($"new{i}@fabrikam.com")]);
            Assert.Equal(ReasonCode.Erased, old.Activity!.State.LeftOut);
            Assert.Equal(old.Activity.State.ConversationId, later.Activity!.State.ConversationId);
        }

        Assert.Equal(ReasonCode.Erased, rows[KeyOf("waits@fabrikam.com")].Reason);
        Assert.Equal("Other", rows[KeyOf("other@tailspin.com")].Activity!.Subject);
        Assert.All(rows.Values.Where(row => row.Activity?.State.LeftOut == ReasonCode.Erased), row =>
            Assert.Equal((null, null, ""), (row.Activity!.MessageId, row.Activity.Sender, row.Activity.Subject)));
        Assert.Equal(0, await CountAsync(cluster, "select count(*) from sighting s join email e on e.key = s.email_key where e.left_out = 109 and s.reason <> 109"));
        Assert.Equal(0, await CountAsync(cluster, "select count(*) from activity_party p join email e on e.id = p.email_id where e.left_out = 109"));
        Assert.Equal(0, await CountAsync(cluster, "select count(*) from erasure_email"));
        Assert.Equal(0, await CountAsync(cluster, "select count(*) from erasure where erasure::text like '%zanzibar%'"));
    }

    [Fact]
    public async Task A_silo_that_dies_in_the_middle_leaves_the_rest_to_another()
    {
        const int count = 300;
        var middle = new Middle();
        await using var cluster = await TrackingCluster.StartAsync(2, services =>
        {
            Quick(services);
            var inner = services.Last(service => service.ServiceType == typeof(IErasures));
            services.Remove(inner);
            services.AddSingleton<IErasures>(provider => new StoppedErasures(
                (IErasures)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!),
                middle,
                provider.GetRequiredService<ILocalSiloDetails>().SiloAddress));
        });
        await cluster.CreateMailboxAsync(Sales);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await cluster.DeliverAsync(Sales, Mail($"old{i}@fabrikam.com", Gone, Sales, null, $"Old {i}")));

        var call = Call();
        Assert.Null((await cluster.Client.EraseAsync(call)).Problem);
        var silo = await middle.Reached.Task.WaitAsync(EndsWithin);
        var half = (await cluster.ExportAsync()).Count(row => row.Activity!.State.LeftOut is not null);
        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos.First(one => one.SiloAddress.Equals(silo)));
        var erasure = await EndAsync(cluster, one => one.Id == call.Id);

        Assert.InRange(half, 1, count - 1);
        Assert.Equal((count, count), (erasure.Emails, erasure.Copies));
        Assert.All(await cluster.ExportAsync(), row => Assert.Equal(ReasonCode.Erased, row.Activity!.State.LeftOut));
        Assert.Equal(0, await CountAsync(cluster, "select count(*) from content"));
        Assert.Equal(call.Id, (await cluster.Client.EraseAsync(call)).Erasure!.Id);
    }

    [Fact]
    public async Task What_was_received_long_enough_ago_goes_by_itself_with_a_report()
    {
        await using var cluster = await TrackingCluster.StartAsync(2, Quick);
        await cluster.CreateMailboxAsync(Sales);
        await cluster.DeliverAsync(Sales, Mail("old@fabrikam.com", Gone, Sales, null, "Old"));
        var age = (int)(DateTimeOffset.UtcNow - (await cluster.Client.ExplainAsync("old@fabrikam.com"))!.Email.Activity!.SentOn!.Value).TotalDays;
        Assert.True(age > 2);
        await SetAsync(cluster, age + 1000);
        await cluster.Silos.Client.GetGrain<IErasureGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization)).WakeAsync();
        Assert.Empty(await cluster.Client.ReadErasuresAsync());

        await SetAsync(cluster, age - 1);
        var run = await EndAsync(cluster, one => one.Kind == ErasureKind.Retention);
        Assert.Equal((1, 1, null), (run.Emails, run.Copies, run.AddressDigest));
        await SetAsync(cluster, 0);
        Assert.Equal(ReasonCode.Erased, (await cluster.Client.ExplainAsync("old@fabrikam.com"))!.Email.Reason);
    }

    private static async Task SetAsync(TrackingCluster cluster, int days)
    {
        var directory = cluster.Silos.Silos[0].ServiceProvider.GetRequiredService<IDirectory>();
        var settings = await directory.ReadSettingsAsync(GrainKeys.DefaultOrganization);
        Assert.NotNull(await directory.SaveSettingsAsync(
            GrainKeys.DefaultOrganization, settings with { Privacy = settings.Privacy with { RetentionDays = days } }, "Ana", DateTimeOffset.UtcNow));
    }

    private static MessageKey KeyOf(string id) => MessageId.TryParse($"<{id}>", out var parsed) ? MessageKey.Of(parsed) : throw new ArgumentException(id);

    /// <summary>Where the middle of an erasure was reached: its second page.</summary>
    private sealed class Middle
    {
        private int _pages;

        public TaskCompletionSource<SiloAddress> Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsReached() => Interlocked.Increment(ref _pages) == 2;
    }

    /// <summary>Erasures that stand still in the middle for as long as their silo lives.</summary>
    private sealed class StoppedErasures(IErasures erasures, Middle middle, SiloAddress silo) : IErasures
    {
        public async Task<ImmutableArray<DueEmail>> ReadDueAsync(string organization, Guid erasure, int countMax, CancellationToken cancellationToken)
        {
            if (middle.IsReached())
            {
                middle.Reached.SetResult(silo);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return await erasures.ReadDueAsync(organization, erasure, countMax, cancellationToken);
        }

        public Task<ImmutableArray<ErasableEmail>> FindByAddressAsync(string organization, EmailAddress address, long after, int countMax, CancellationToken cancellationToken) =>
            erasures.FindByAddressAsync(organization, address, after, countMax, cancellationToken);

        public Task<ImmutableArray<ErasableEmail>> FindAgedAsync(string organization, DateTimeOffset until, int countMax, CancellationToken cancellationToken) =>
            erasures.FindAgedAsync(organization, until, countMax, cancellationToken);

        public Task<ImmutableArray<ErasableRaw>> ReadKeptAsync(string organization, CancellationToken cancellationToken) =>
            erasures.ReadKeptAsync(organization, cancellationToken);

        public Task<(long Copies, long Bytes)> MeasureAsync(string organization, ImmutableArray<MessageKey> emails, ImmutableArray<string> letters, CancellationToken cancellationToken) =>
            erasures.MeasureAsync(organization, emails, letters, cancellationToken);

        public Task<ImmutableArray<RecordReference>> ReadHoldersAsync(string organization, EmailAddress address, CancellationToken cancellationToken) =>
            erasures.ReadHoldersAsync(organization, address, cancellationToken);

        public Task BeginAsync(
            string organization, Erasure erasure, ImmutableArray<MessageKey> emails, ImmutableArray<string> letters, EmailAddress? address, CancellationToken cancellationToken) =>
            erasures.BeginAsync(organization, erasure, emails, letters, address, cancellationToken);

        public Task<Erasure?> FindAsync(string organization, Guid erasure, CancellationToken cancellationToken) =>
            erasures.FindAsync(organization, erasure, cancellationToken);

        public Task<ImmutableArray<Erasure>> ReadAsync(string organization, bool openOnly, int countMax, CancellationToken cancellationToken) =>
            erasures.ReadAsync(organization, openOnly, countMax, cancellationToken);

        public Task SweptAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken) =>
            erasures.SweptAsync(organization, erasure, now, cancellationToken);

        public Task FinishAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken) =>
            erasures.FinishAsync(organization, erasure, now, cancellationToken);
    }
}
