using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace EmailTracking.Tests.Storage.Orleans;

/// <summary>Two silos and a client that know each other by one PostgreSQL database alone.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    public const string StorageName = "state";
    private const string Invariant = "Npgsql";

    private readonly List<IHost> _hosts = [];

    public OrleansDatabase Orleans { get; } = new();

    public IGrainFactory Grains => _hosts[^1].Services.GetRequiredService<IClusterClient>();

    public IReminderTable Reminders => _hosts[0].Services.GetRequiredService<IReminderTable>();

    public IGrainStorage GrainStorage => _hosts[0].Services.GetRequiredKeyedService<IGrainStorage>(StorageName);

    public async Task InitializeAsync()
    {
        await Orleans.InitializeAsync();
        _hosts.Add(Silo());
        _hosts.Add(Silo());
        await Task.WhenAll(_hosts.Select(host => host.StartAsync()));
        _hosts.Add(Client());
        await _hosts[^1].StartAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        await Orleans.DisposeAsync();
    }

    private IHost Silo()
    {
        var builder = Quiet();
        builder.UseOrleans(silo => silo
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort())
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, Orleans.ConnectionString))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, Orleans.ConnectionString))
            .AddAdoNetGrainStorage(StorageName, options =>
                (options.Invariant, options.ConnectionString) = (Invariant, Orleans.ConnectionString)));
        return builder.Build();
    }

    private IHost Client()
    {
        var builder = Quiet();
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, Orleans.ConnectionString)));
        return builder.Build();
    }

    internal static HostApplicationBuilder Quiet()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("two", "tests"));
        return builder;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
