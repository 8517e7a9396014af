using System.Collections.Immutable;
using EmailTracking.Acts;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime.Messaging;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>Silos over PostgreSQL that read mailboxes of a mail server.</summary>
public sealed class SyncCluster : IAsyncDisposable
{
    private SyncCluster(TrackingCluster cluster, MailServer server) => (Cluster, Server) = (cluster, server);

    public TrackingCluster Cluster { get; }

    public MailServer Server { get; }

    public IServersGrain Servers => Cluster.Silos.Client.GetGrain<IServersGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization));

    public static async Task<SyncCluster> StartAsync(int silos = 1, Action<IServiceCollection>? configure = null) =>
        new(await TrackingCluster.StartAsync(silos, configure), await MailServer.GetAsync());

    public static EmailAddress Address(string text) => TrackingCluster.Address(text);

    /// <summary>Makes a mailbox that is not read yet.</summary>
    public async Task<DovecotMailbox> CreateAsync(FilterMethod filter = FilterMethod.All, bool isQueue = false)
    {
        var mailbox = Server.CreateUser();
        await Cluster.CreateMailboxAsync(mailbox.Address, filter, isQueue);
        return mailbox;
    }

    /// <summary>Has a mailbox read from now on, and waits until it was once.</summary>
    public async Task ConnectAsync(
        DovecotMailbox mailbox, Func<MailboxConnection, MailboxConnection>? change = null, Func<ServerProfile, ServerProfile>? profile = null)
    {
        var server = mailbox.Profile;
        Assert.Null(await Servers.SaveProfileAsync(profile?.Invoke(server) ?? server));
        var connection = new MailboxConnection
        {
            Mailbox = Address(mailbox.Address),
            Profile = server.Name,
            UserName = mailbox.Login.UserName,
            Secret = mailbox.Login.Secret,
            StartsOn = new DateOnly(2000, 1, 1),
            Approval = AccessApproval.Approved,
            IsEnabled = true,
        };
        Assert.Null(await Of(mailbox).ConnectAsync(change?.Invoke(connection) ?? connection));
        await LookAsync(mailbox);
    }

    /// <summary>Has the mailbox of a scripted server read from now on, and waits until it was once.</summary>
    public async Task<IMailboxSyncGrain> ConnectAsync(ReplayServer server, FilterMethod filter = FilterMethod.All)
    {
        var login = Opening.Anybody;
        await Cluster.CreateMailboxAsync(login.Mailbox.Value, filter);
        Assert.Null(await Servers.SaveProfileAsync(server.Profile));
        var mailbox = Cluster.Silos.Client.GetGrain<IMailboxSyncGrain>(GrainKeys.Mailbox(GrainKeys.DefaultOrganization, login.Mailbox));
        Assert.Null(await mailbox.ConnectAsync(new MailboxConnection
        {
            Mailbox = login.Mailbox,
            Profile = server.Profile.Name,
            UserName = login.UserName,
            Secret = login.Secret,
            StartsOn = new DateOnly(2000, 1, 1),
            Approval = AccessApproval.Approved,
            IsEnabled = true,
        }));
        Assert.Equal(MailboxState.Healthy, (await mailbox.LookAsync()).State);
        await Cluster.DrainAsync();
        return mailbox;
    }

    public IMailboxSyncGrain Of(DovecotMailbox mailbox) => Cluster.Silos.Client.GetGrain<IMailboxSyncGrain>(
        GrainKeys.Mailbox(GrainKeys.DefaultOrganization, Address(mailbox.Address)));

    /// <summary>Has a mailbox read now, and everything done that follows.</summary>
    public async Task LookAsync(params DovecotMailbox[] mailboxes)
    {
        foreach (var mailbox in mailboxes)
        {
            var health = await Of(mailbox).LookAsync();
            Assert.True(health.State == MailboxState.Healthy, $"{health.State}: {health.Problem}");
            await Cluster.DrainAsync();
        }
    }

    /// <summary>Who makes folder rules.</summary>
    public static Author Person { get; } = new("ana", "a test");

    /// <summary>A tracking folder of a mailbox, with a record or without.</summary>
    public async Task AddRuleAsync(DovecotMailbox mailbox, string folder, RecordReference? record = null) =>
        Assert.Null(await Servers.SetFolderRuleAsync(Address(mailbox.Address), new TrackingFolder(folder, record), Person));

    /// <summary>A record that mail can be about.</summary>
    public async Task<RecordReference> RecordAsync(string table = "opportunity")
    {
        var record = new RecordReference(table, Guid.NewGuid());
        await Cluster.Organization.SaveRecordsAsync([new CrmRecord(new RecordFacts(record, IsActive: true, null, DateTimeOffset.UnixEpoch), "A record", [])]);
        return record;
    }

    public Task SetAsync(string setting, string value) => Cluster.Organization.SetSettingAsync(setting, value, new("test"));

    /// <summary>The emails that are tracked and not left out.</summary>
    public async Task<List<EmailRow>> TrackedAsync() =>
        [.. (await Cluster.ExportAsync()).Where(row => row.Activity is { State.LeftOut: null })];

    /// <summary>The one email that is tracked under a Message-ID.</summary>
    public async Task<EmailRow> TrackedAsync(string messageId) =>
        Assert.Single(await TrackedAsync(), row => row.Activity!.MessageId == messageId);

    /// <summary>What the server has against what was decided, by folder; nothing is repaired.</summary>
    public async Task<ImmutableArray<FolderComparison>> AuditAsync(DovecotMailbox mailbox) =>
        (await Of(mailbox).CompareAsync(new ComparisonRequest(new DateOnly(2000, 1, 1), IsBackfill: false, DecideMax: 0))).Folders;

    /// <summary>One folder's comparison, told apart by all that it says.</summary>
    public static IEqualityComparer<FolderComparison> SameFolder { get; } = EqualityComparer<FolderComparison>.Create(
        (one, other) => Text(one!) == Text(other!), one => Text(one).GetHashCode(StringComparison.Ordinal));

    /// <summary>Once, for each of these reasons.</summary>
    public static ImmutableDictionary<ReasonCode, int> Because(params ReasonCode[] reasons) => reasons.ToImmutableDictionary(reason => reason, _ => 1);

    /// <summary>Waits that are short enough for a test.</summary>
    public static void Impatient(IServiceCollection services) => services.Configure<SyncOptions>(options =>
        (options.RetryMin, options.RetryMax) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200)));

    /// <summary>Pages of a few messages, and what failed is tried again only when a test asks.</summary>
    public static void Patient(IServiceCollection services) => services.Configure<SyncOptions>(options =>
        (options.RetryMin, options.RetryMax, options.PageMax) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1), 2));

    /// <summary>Waits for something that happens by itself.</summary>
    public static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await happened())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Runs statements on the database.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Cluster.Database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What people did, newest first.</summary>
    public async Task<ImmutableArray<PastAct>> ActsAsync() =>
        (await Cluster.Silos.Client.GetGrain<IActGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization)).ReadHistoryAsync(null, 1_000))!.Value;

    /// <summary>The alerts that stand.</summary>
    public Task<ImmutableArray<Alert>> AlertsAsync() => Servers.ReadAlertsAsync(onlyStanding: true, 100);

    /// <summary>Kills the silo that reads a mailbox, and starts another one.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="isCalled">Whether the mailbox is called after that, which has it read again.</param>
    public async Task KillOwnerAsync(DovecotMailbox mailbox, bool isCalled = true)
    {
        var owner = await Cluster.Silos.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(Of(mailbox));
        await Cluster.Silos.KillSiloAsync(Cluster.Silos.Silos.Single(silo => silo.SiloAddress.Equals(owner)));
        await Cluster.Silos.StartAdditionalSiloAsync();

        // The client may know its connection to the dead silo still.
        await UntilAsync(async () =>
        {
            try
            {
                await Cluster.ExportAsync();
                _ = isCalled ? await Of(mailbox).ReadStatusAsync() : null;
                return true;
            }
            catch (Exception gone) when (IsOfDeadSilo(gone))
            {
                return false;
            }
        });
    }

    /// <summary>Whether a call failed since it went to a silo that is dead.</summary>
    public static bool IsOfDeadSilo(Exception gone) => gone is ConnectionFailedException or OrleansException;

    /// <summary>How far a folder of a mailbox was read.</summary>
    public async Task<FollowedFolder> FolderAsync(DovecotMailbox mailbox, string name = ServerFolder.InboxName) =>
        (await Of(mailbox).ReadStatusAsync())!.Folders.Single(folder => folder.Name == name && folder.GoneOn is null);

    /// <summary>A person says what an email is about.</summary>
    public async Task SetRegardingAsync(string messageId, RecordReference record) => Assert.Null((await Cluster.Silos.Client
        .GetGrain<IActGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization))
        .ActAsync(new ActCall { Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", Names = [messageId], Record = record })).Problem);

    /// <summary>What is said of why an email is what it is.</summary>
    public async Task<ImmutableArray<string>> ExplainAsync(string messageId) => (await Cluster.Client.ExplainAsync(messageId))!.Sentences;

    public T Service<T>()
        where T : notnull => Cluster.Silos.Silos[0].ServiceProvider.GetRequiredService<T>();

    private static string Text(FolderComparison one) =>
        $"{one.Folder} {one.Observed} {one.Decided} {one.Tracked} {one.DecidedNow} {string.Join(' ', one.NotTracked.OrderBy(pair => pair.Key))}";

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}
