using System.Text;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Organizations;
using EmailTracking.Outbox;
using EmailTracking.Queries;
using EmailTracking.Silo.Hosting;
using EmailTracking.Silo.Storage.Postgres;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage.Postgres;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace EmailTracking.Tests.Cluster;

/// <summary>Silos in this process, over a real PostgreSQL database of their own.</summary>
public sealed class TrackingCluster : IAsyncDisposable
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private readonly PostgresDatabase _database = new();

    private TrackingCluster()
    {
    }

    public InProcessTestCluster Silos { get; private set; } = null!;

    /// <summary>What an ingestion client uses: it sends again until it is answered.</summary>
    public EmailTrackingClient Client { get; private set; } = null!;

    public IQueryGrain Queries => Silos.Client.GetGrain<IQueryGrain>(Key);

    public IOrganizationGrain Organization => Silos.Client.GetGrain<IOrganizationGrain>(Key);

    public PostgresDatabase Database => _database;

    private static string Key => GrainKeys.Organization(GrainKeys.DefaultOrganization);

    /// <summary>Starts silos.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="configure">Changes what is registered on each.</param>
    public static async Task<TrackingCluster> StartAsync(int silos, Action<IServiceCollection>? configure = null)
    {
        var cluster = new TrackingCluster();
        await cluster._database.InitializeAsync();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddTracking(new ConfigurationBuilder().Build());
            silo.Services.AddPostgresTracking(cluster._database.ConnectionString);
            configure?.Invoke(silo.Services);

            // A call that was on its way to a silo that is killed fails only then.
            silo.Services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            silo.AddMemoryGrainStorage("cold");
            silo.UseInMemoryReminderService();
        });
        builder.ConfigureClient(client => client.Services.AddStoreExceptions().Configure<ClientMessagingOptions>(
            messaging => messaging.ResponseTimeout = ResponseTimeout));
        cluster.Silos = builder.Build();
        await cluster.Silos.DeployAsync();
        cluster.Client = EmailTrackingClient.Over(cluster.Silos.Client);
        return cluster;
    }

    public static EmailAddress Address(string text) =>
        EmailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    public Task<EnsuredMailbox> CreateMailboxAsync(string address, FilterMethod filter = FilterMethod.All, bool queue = false) =>
        Organization.EnsureMailboxAsync(new MailboxFacts(Address(address), null, queue, filter, []));

    public Task<DeliveryAnswer> DeliverAsync(string mailbox, string mail, string folder = "Inbox", string? operation = null) =>
        DeliverAsync(mailbox, Encoding.UTF8.GetBytes(mail), folder, operation);

    public Task<DeliveryAnswer> DeliverAsync(string mailbox, byte[] mail, string folder = "Inbox", string? operation = null) =>
        Client.DeliverAsync(mailbox, folder, new MemoryStream(mail, writable: false), operation);

    /// <summary>Every email that was seen, by key.</summary>
    public async Task<List<EmailRow>> ExportAsync()
    {
        var rows = new List<EmailRow>();
        for (MessageKey? after = null; ;)
        {
            var page = await Queries.ExportAsync(after);
            if (page.IsEmpty)
            {
                return rows;
            }

            rows.AddRange(page);
            after = page[^1].Key;
        }
    }

    /// <summary>A number that a statement finds.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until nothing is left to be decided again.</summary>
    public async Task DrainAsync()
    {
        var outbox = Silos.Silos[0].ServiceProvider.GetRequiredService<IOutbox>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await outbox.NextDueAsync(GrainKeys.DefaultOrganization, cancellationToken: timeout.Token) is not null)
        {
            await Silos.Client.GetGrain<IOutboxGrain>(Key).WakeAsync(timeout.Token);
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Silos.DisposeAsync();
        await _database.DisposeAsync();
    }
}
