using EmailTracking.Client;
using EmailTracking.Tests.Cluster;

namespace EmailTracking.Tests.Browser;

/// <summary>A silo with mail of two companies, for tests that look at its pages.</summary>
public sealed class PagesSilo : IAsyncLifetime
{
    public const string Name = "pages";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("emailtracking-pages-");
    private SiloProcess _silo = null!;

    public Uri Address { get; private set; } = null!;

    public EmailTrackingClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        var port = SiloProcess.FreePort();
        _silo = await SiloProcess.StartAsync("--data", _data.FullName, "--web-port", $"{port}");
        Address = new Uri($"http://127.0.0.1:{port}/");
        Client = await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = [_silo.Gateway] });
    }

    public async Task DisposeAsync()
    {
        if (Client is not null)
        {
            await Client.DisposeAsync();
            await _silo.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}

/// <summary>One silo for all tests that look at its pages.</summary>
[CollectionDefinition(PagesSilo.Name)]
public sealed class PagesSiloTests : ICollectionFixture<PagesSilo>;
