using EmailTracking.Acts;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Tracks of mail that is not here yet.</summary>
public sealed class PendingTrackTests
{
    private const string Ben = "ben@contoso.com";
    private readonly SettableTime _time = new() { Now = DateTimeOffset.UtcNow };

    private static ActCall Track(string id, string mailbox = Ben) => new()
    {
        Id = Guid.NewGuid(), Kind = ActKind.Track, By = "Ana", Names = [$"<{id}>"], Mailbox = TrackingCluster.Address(mailbox),
    };

    private static Task<TrackingCluster> StartAsync(int silos, Action<IServiceCollection>? configure = null) =>
        TrackingCluster.StartAsync(silos, services =>
        {
            services.Configure<TrackingOptions>(options => options.PendingInterval = TimeSpan.FromMilliseconds(100));
            configure?.Invoke(services);
        });

    [Fact]
    public async Task A_track_of_mail_that_is_not_here_is_pending_with_who_and_when_and_is_carried_out_when_the_mail_arrives()
    {
        await using var cluster = await StartAsync(1);
        await cluster.CreateMailboxAsync(Ben, FilterMethod.None);
        var call = Track("one@fabrikam.com") with { On = DateTimeOffset.UtcNow.AddMinutes(-1) };

        Assert.Equal(1, (await cluster.Client.ActAsync(call)).Pending);
        var pending = Assert.Single(await cluster.Client.ReadPendingAsync());
        Assert.Equal((call.Id, "Ana", "one@fabrikam.com", Ben), (pending.Act, pending.By, pending.MessageId.Value, pending.Mailbox.Value));
        Assert.Contains("has no server", pending.Problem, StringComparison.Ordinal);
        Assert.Contains("--file message.eml", pending.NextStep, StringComparison.Ordinal);
        Assert.Equal(1, (await cluster.Client.ActAsync(call)).Pending);
        Assert.Single(await cluster.Client.ReadPendingAsync());

        await cluster.DeliverAsync(Ben, Mail("one@fabrikam.com", "bo@fabrikam.com", Ben));
        await UntilNothingIsPendingAsync(cluster);
        var row = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email;
        Assert.Equal((Outcome.Tracked, ReasonCode.TrackedByHand), (row.Outcome, row.Reason));
        var act = Assert.Single((await cluster.Client.ReadHistoryAsync("one@fabrikam.com"))!.Value).Act;
        Assert.Equal((call.Id, "Ana"), (act.Id, act.By));
        Assert.Equal(call.On!.Value, act.On, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task After_20_minutes_pending_is_a_fault_in_words_which_is_over_when_the_mail_is_here()
    {
        await using var cluster = await StartAsync(1, services => services.AddSingleton<TimeProvider>(_time));
        await cluster.CreateMailboxAsync(Ben, FilterMethod.None);
        var call = Track("one@fabrikam.com");
        await cluster.Client.ActAsync(call);
        var grain = cluster.Silos.Client.GetGrain<IPendingTrackGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization));

        _time.Now += TimeSpan.FromMinutes(19);
        await grain.LookAsync();
        Assert.Empty(await cluster.Client.ReadAlertsAsync(onlyStanding: true, 10));

        _time.Now += TimeSpan.FromMinutes(11);
        await UntilAsync(async () => (await cluster.Client.ReadAlertsAsync(onlyStanding: true, 10)).Length == 1);
        var alert = Assert.Single(await cluster.Client.ReadAlertsAsync(onlyStanding: true, 10));
        Assert.Equal((AlertLevel.Error, "track of <one@fabrikam.com> in mailbox ben@contoso.com"), (alert.Level, alert.Subject));
        Assert.Contains("Ana tracked a mail", alert.Cause, StringComparison.Ordinal);
        Assert.Contains("not here after 20 minutes", alert.Cause, StringComparison.Ordinal);
        Assert.Contains("--file message.eml", alert.NextStep, StringComparison.Ordinal);
        Assert.Contains($"emailtracking undo {call.Id}", alert.NextStep, StringComparison.Ordinal);

        await cluster.DeliverAsync(Ben, Mail("one@fabrikam.com", "bo@fabrikam.com", Ben));
        await UntilNothingIsPendingAsync(cluster);
        await UntilAsync(async () => (await cluster.Client.ReadAlertsAsync(onlyStanding: true, 10)).IsEmpty);
    }

    [Fact]
    public async Task What_is_pending_survives_the_death_of_its_silo_and_is_taken_back_by_its_undo()
    {
        await using var cluster = await StartAsync(2);
        await cluster.CreateMailboxAsync(Ben, FilterMethod.None);
        var (kept, withdrawn) = (Track("one@fabrikam.com"), Track("two@fabrikam.com"));
        await cluster.Client.ActAsync(kept);
        await cluster.Client.ActAsync(withdrawn);

        var grain = cluster.Silos.Client.GetGrain<IPendingTrackGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization));
        var owner = await cluster.Silos.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos.Single(silo => silo.SiloAddress.Equals(owner)));

        Assert.Null((await cluster.Client.ActAsync(
            new ActCall { Id = Guid.NewGuid(), Kind = ActKind.Undo, By = "Ana", Names = [withdrawn.Id.ToString()] })).Problem);
        Assert.Equal(kept.Id, Assert.Single(await cluster.Client.ReadPendingAsync()).Act);
        await cluster.DeliverAsync(Ben, Mail("two@fabrikam.com", "bo@fabrikam.com", Ben));
        await cluster.DeliverAsync(Ben, Mail("one@fabrikam.com", "bo@fabrikam.com", Ben));
        await UntilNothingIsPendingAsync(cluster);
        Assert.Equal(Outcome.Tracked, (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email.Outcome);
        Assert.Equal(Outcome.Skipped, (await cluster.Client.ExplainAsync("two@fabrikam.com"))!.Email.Outcome);
    }

    [Fact]
    public async Task Mail_of_another_mailbox_is_not_touched_by_naming_its_id()
    {
        await using var cluster = await StartAsync(1);
        await cluster.CreateMailboxAsync(Ben, FilterMethod.None);
        await cluster.CreateMailboxAsync("cleo@contoso.com", FilterMethod.None);
        await cluster.DeliverAsync("cleo@contoso.com", Mail("one@fabrikam.com", "bo@fabrikam.com", "cleo@contoso.com"));
        Assert.Equal(1, (await cluster.Client.ActAsync(Track("one@fabrikam.com"))).Pending);
        Assert.Equal(Outcome.Skipped, (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email.Outcome);
        Assert.Empty((await cluster.Client.ReadHistoryAsync("one@fabrikam.com"))!.Value);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_words()
    {
        await using var cluster = await StartAsync(1);
        await cluster.CreateMailboxAsync(Ben, FilterMethod.None);
        await RefusedAsync(Track("one@fabrikam.com", "nobody@contoso.com"), "There is no mailbox nobody@contoso.com");
        await RefusedAsync(Track("one@fabrikam.com") with { Names = [Guid.NewGuid().ToString()] }, "by its Message-ID");
        await RefusedAsync(Track("one@fabrikam.com") with { Record = new RecordReference("account", Guid.NewGuid()) }, "There is no record");
        for (var i = 0; i < PendingTrack.MailboxMax; i++)
        {
            await cluster.Client.ActAsync(Track($"{i}@fabrikam.com"));
        }

        await RefusedAsync(Track("more@fabrikam.com"), "100 tracks are pending");
        Assert.Null((await cluster.Client.ActAsync(Track("more@fabrikam.com", Ben) with { Names = ["nobody@x"], Mailbox = null, Kind = ActKind.Stop })).Id);

        async Task RefusedAsync(ActCall call, string words) =>
            Assert.Contains(words, (await cluster.Client.ActAsync(call)).Problem, StringComparison.Ordinal);
    }

    private static Task UntilNothingIsPendingAsync(TrackingCluster cluster) =>
        UntilAsync(async () => (await cluster.Client.ReadPendingAsync()).IsEmpty);

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await happened())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
