using System.Globalization;
using System.Net;
using EmailTracking.Preview;
using EmailTracking.Silo.Hosting;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Web;

/// <summary>Serves the page and the API while the silo runs.</summary>
/// <remarks>A port that is taken is no reason for a silo not to serve: then there is no web server, and that is said.</remarks>
public sealed class WebServer(
    SiloOptions silo,
    WebOptions options,
    IGrainFactory grains,
    IOptions<PreviewOptions> preview,
    IEnumerable<IWebPart> parts,
    TimeProvider time,
    ILoggerFactory logs) : IHostedService
{
    private WebApplication? _server;

    /// <summary>What a person is told of it; null when there is none and none was asked for.</summary>
    public string? Notice { get; private set; }

    /// <summary>What is served; for tests that go through all of it. Empty when there is no web server.</summary>
    public IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> Endpoints =>
        _server is null ? [] : [.. ((IEndpointRouteBuilder)_server).DataSources.SelectMany(source => source.Endpoints)];

    private int Port => options.Port ?? (silo.Cluster ? 0 : WebOptions.StandardPort);

    private bool HasTls => options.Certificate is not null;

    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">The certificate cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Port == 0)
        {
            return;
        }

        var server = Build(WebCertificate.Read(options));
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (IOException problem)
        {
            await server.DisposeAsync();
            Notice = $"There is no page and no API: {problem.Message.TrimEnd('.')}. Name another port with --web-port, or 0 for none.";
            return;
        }

        _server = server;
        Notice = Greeting();
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

    private string Greeting()
    {
        var host = options.PublicName ?? (options.Address.Contains(':', StringComparison.Ordinal) ? $"[{options.Address}]" : options.Address);
        var address = string.Create(CultureInfo.InvariantCulture, $"{(HasTls ? "https" : "http")}://{host}:{Port}/");
        return options.Authentication == WebAuthentication.None
            ? $"The page: {address}. See what would be tracked of your own mail: {address}{PreviewEndpoints.Root[1..]} (nothing is written, nothing leaves " +
                $"this machine). The API: {address}api/tracking/"
            : $"The page: {address}. The API: {address}api/tracking/ (with a key: emailtracking key create NAME --role ROLE).";
    }

    // An empty builder: no settings of its own, so that nothing in the environment opens another address.
    private WebApplication Build(WebCertificate? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
            kestrel.Limits.MaxRequestLineSize = Math.Min(kestrel.Limits.MaxRequestLineSize, options.HeaderBytesMax);
            kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
            kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;
            kestrel.Listen(IPAddress.Parse(options.Address), Port, listen => Secure(listen, certificate));
        });
        builder.Services.AddSingleton(logs);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(grains);
        builder.Services.AddSingleton(preview);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = options.RequestTimeout });
        builder.Services.AddDoor(options);
        foreach (var part in parts)
        {
            part.AddServices(builder.Services);
        }

        var server = builder.Build();
        server.UseMiddleware<RequestGuard>();
        server.UseMiddleware<ProblemAnswers>();
        if (options.ClientId is not null)
        {
            server.UseAuthentication();
        }

        server.UseRouting();
        server.UseRequestTimeouts();
        server.UseMiddleware<DoorMiddleware>();
        PreviewFiles.Map(server);
        PreviewEndpoints.Map(server, new PageSessions(grains, preview, time));
        if (options.ClientId is not null)
        {
            BrowserSignIn.Map(server);
        }

        foreach (var part in parts)
        {
            part.Map(server);
        }

        return server;
    }

    private static void Secure(ListenOptions listen, WebCertificate? certificate)
    {
        if (certificate is not null)
        {
            listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate.Certificate, certificate.Chain));
        }
    }
}
