using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace EmailTracking.Client;

/// <summary>The connection to a cluster's gateways.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);
    private readonly IHost _host;

    private ClusterConnection(IHost host) => _host = host;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    /// <exception cref="ClusterUnreachableException">No gateway answered in time.</exception>
    public static async Task<ClusterConnection> OpenAsync(EmailTrackingClientOptions options, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.ConnectTimeout);
        Exception? last = null;
        IHost? host = null;
        try
        {
            host = Build(options, await ResolveAsync(options, patience.Token), problem => last = problem);
            await host.StartAsync(patience.Token);
            return new ClusterConnection(host);
        }
        catch (Exception problem)
        {
            host?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();

            // Orleans says in several ways that it was stopped; when the time is up, all of them mean that no answer came.
            if (patience.IsCancellationRequested)
            {
                throw ClusterUnreachableException.NoConnection(options, last);
            }

            if (problem is SiloUnavailableException or SocketException || Transient.Is(problem))
            {
                throw ClusterUnreachableException.NoConnection(options, last ?? problem);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopTimeout);
        try
        {
            await _host.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A cluster that is gone cannot be taken leave of.
        }

        _host.Dispose();
    }

    private static async Task<IPEndPoint[]> ResolveAsync(EmailTrackingClientOptions options, CancellationToken cancellationToken)
    {
        var endpoints = new List<IPEndPoint>();
        foreach (var text in options.Gateways)
        {
            endpoints.Add(await Gateway.Parse(text).ResolveAsync(cancellationToken));
        }

        return [.. endpoints];
    }

    private static IHost Build(EmailTrackingClientOptions options, IPEndPoint[] gateways, Action<Exception> failed) => new HostBuilder()
        .UseOrleansClient(client => client
            .UseStaticClustering(gateways)
            .UseConnectionRetryFilter(async (problem, token) =>
            {
                failed(problem);
                await Task.Delay(TimeSpan.FromMilliseconds(500), token);
                return true;
            })
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout)

            // A gateway that died is tried again after this long: a restart of the only silo is not to outlast RetryFor.
            .Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2)))

        // The default one would take Ctrl-C for itself.
        .ConfigureServices(services => services.AddStoreExceptions().AddSingleton<IHostLifetime, NoLifetime>())
        .Build();

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
