using System.Globalization;
using System.Net;
using EmailTracking.Preview;
using EmailTracking.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Web;

/// <summary>Serves the preview's page on loopback while the silo runs.</summary>
/// <remarks>A port that is taken is no reason for a silo not to serve: then there is no page, and that is said.</remarks>
public sealed class PreviewPage(
    SiloOptions silo, IGrainFactory grains, IOptions<PreviewOptions> options, TimeProvider time, ILoggerFactory logs) : IHostedService
{
    /// <summary>The port of a silo that runs alone, unless another is named.</summary>
    public const int StandardPort = 8480;

    private WebApplication? _server;

    /// <summary>What a person is told of the page; null when there is none and none was asked for.</summary>
    public string? Notice { get; private set; }

    private int Port => silo.WebPort ?? (silo.Cluster ? 0 : StandardPort);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Port == 0)
        {
            return;
        }

        var server = Build();
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (IOException problem)
        {
            await server.DisposeAsync();
            Notice = $"There is no preview page: {problem.Message.TrimEnd('.')}. Name another port with --web-port, or 0 for none.";
            return;
        }

        _server = server;
        Notice = string.Create(
            CultureInfo.InvariantCulture,
            $"See what would be tracked of your own mail: http://127.0.0.1:{Port}/ (nothing is written, nothing leaves this machine).");
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync(cancellationToken);
            await server.DisposeAsync();
        }
    }

    // An empty builder: no settings of its own, so that nothing in the environment opens another address.
    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The preview has its own bound, and says what to do.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        var server = builder.Build();
        server.UseMiddleware<LoopbackGuard>();
        server.UseRouting();
        foreach (var (path, file) in PageFiles.All)
        {
            server.MapGet(path, () => Results.Bytes(file.Content, file.Type));
        }

        PreviewEndpoints.Map(server, new PageSessions(grains, options, time));
        return server;
    }
}
