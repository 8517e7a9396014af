using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Hosting;
using EmailTracking.Silo.Web;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Tests.Api;

/// <summary>A silo over SQLite with its web server on loopback, where everybody has to say who they are.</summary>
public sealed class ApiSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("emailtracking-api-");
    private IHost _host = null!;

    /// <summary>The identity provider whose tokens are taken.</summary>
    public Issuer Issuer { get; } = new();

    public Uri Address { get; private set; } = null!;

    public EmailTrackingClient Client { get; private set; } = null!;

    public ILoggerFactory Loggers => _host.Services.GetRequiredService<ILoggerFactory>();

    internal WebServer Server => _host.Services.GetRequiredService<WebServer>();

    public static Guid Ana { get; } = new(1, 0, 0, new byte[8]);

    public static Guid Ben { get; } = new(2, 0, 0, new byte[8]);

    public static Guid Support { get; } = new(3, 0, 0, new byte[8]);

    public static Guid SupportTeam { get; } = new(4, 0, 0, new byte[8]);

    public const string FirstAdministrator = "first@contoso.com";

    public async Task InitializeAsync()
    {
        await Issuer.StartAsync();
        Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_CLIENT_SECRET", Issuer.ClientSecret);
        (_host, Address) = await StartAsync(_data.FullName, new()
        {
            ["EmailTracking:Web:Authentication"] = "Required",
            ["EmailTracking:Web:Authority"] = Issuer.Address.ToString().TrimEnd('/'),
            ["EmailTracking:Web:Audience"] = Issuer.Audience,
            ["EmailTracking:Web:ClientId"] = Issuer.ClientId,
            ["EmailTracking:Web:ClientSecret"] = "env:EMAILTRACKING_TEST_CLIENT_SECRET",
            ["EmailTracking:Web:KeyFolder"] = Path.Combine(_data.FullName, "keys"),
            ["EmailTracking:Web:FirstAdministrator"] = FirstAdministrator,

            // The test that listens to all that is logged has an ear for all of it.
            ["Logging:Overheard:LogLevel:Default"] = "Debug",
        });
        Client = EmailTrackingClient.Over(_host.Services.GetRequiredService<IGrainFactory>());
        await LoadAsync();
    }

    /// <summary>Starts a silo with free ports.</summary>
    public static async Task<(IHost Host, Uri Address)> StartAsync(string data, Dictionary<string, string?> settings)
    {
        var port = FreePort();
        settings["EmailTracking:Silo:Data"] = data;
        settings["EmailTracking:Silo:SiloPort"] = Text(FreePort());
        settings["EmailTracking:Silo:GatewayPort"] = Text(FreePort());
        settings.TryAdd("EmailTracking:Web:Port", Text(port));
        var host = await SiloHost.BuildAsync(settings);
        try
        {
            await host.StartAsync();
        }
        catch
        {
            // Parts of it may run by now; nothing may write to the folder when this returns.
            await host.StopAsync();
            host.Dispose();
            throw;
        }

        var scheme = settings.ContainsKey("EmailTracking:Web:Certificate") ? "https" : "http";
        return (host, new Uri($"{scheme}://127.0.0.1:{settings["EmailTracking:Web:Port"]}/"));
    }

    /// <summary>A client with a key of a role; its user's are <c>ana@contoso.com</c> and, by the team, <c>support@contoso.com</c>.</summary>
    public async Task<HttpClient> AsAsync(Role role, Guid? user = null, params Privilege[] scopes)
    {
        var made = await Client.CreateKeyAsync(new KeyRequest("test", role, user, [.. scopes], TimeSpan.FromDays(1), "tests"));
        return With(made.Text!);
    }

    /// <summary>A client that sends a token; null: none.</summary>
    public HttpClient With(string? token)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Issuer.DisposeAsync();
        _data.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static EmailAddress Mail(string text) => EmailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    private async Task LoadAsync()
    {
        await Client.SaveRecordsAsync(
        [
            Record(Tables.SystemUser, Ana, "Ana", null, "ana@contoso.com"),
            Record(Tables.SystemUser, Ben, "Ben", null, "ben@contoso.com"),
            Record(Tables.Queue, Support, "Support", SupportTeam, "support@contoso.com"),
        ]);
        Assert.Null(await Client.SavePersonAsync(new SignedIn("ana", "Ana", Role.User, Ana, [SupportTeam], "tests", default)));
    }

    /// <summary>A record with an address.</summary>
    public static CrmRecord Record(string table, Guid id, string name, Guid? owner, string address) => new(
        new RecordFacts(new RecordReference(table, id), IsActive: true, owner, DateTimeOffset.UnixEpoch), name, [Mail(address)]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One silo for all tests that only ask it.</summary>
[CollectionDefinition(Name)]
public sealed class ApiSiloTests : ICollectionFixture<ApiSilo>
{
    public const string Name = "api";
}
