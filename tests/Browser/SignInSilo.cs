using EmailTracking.Client;
using EmailTracking.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;

namespace EmailTracking.Tests.Browser;

/// <summary>A silo of its own where people sign in at an identity provider.</summary>
public sealed class SignInSilo : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("emailtracking-signin-");
    private IHost _host = null!;

    public Issuer Issuer { get; } = new();

    public Uri Address { get; private set; } = null!;

    public EmailTrackingClient Client { get; private set; } = null!;

    public static async Task<SignInSilo> StartAsync()
    {
        var silo = new SignInSilo();
        await silo.Issuer.StartAsync();
        Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_CLIENT_SECRET", Issuer.ClientSecret);
        (silo._host, silo.Address) = await ApiSilo.StartAsync(silo._data.FullName, new()
        {
            ["EmailTracking:Web:Authentication"] = "Required",
            ["EmailTracking:Web:Authority"] = silo.Issuer.Address.ToString().TrimEnd('/'),
            ["EmailTracking:Web:Audience"] = Issuer.Audience,
            ["EmailTracking:Web:ClientId"] = Issuer.ClientId,
            ["EmailTracking:Web:ClientSecret"] = "env:EMAILTRACKING_TEST_CLIENT_SECRET",
        });
        silo.Client = EmailTrackingClient.Over(silo._host.Services.GetRequiredService<IGrainFactory>());
        return silo;
    }

    /// <summary>Opens a page of whoever the provider says that it is, once they have signed in.</summary>
    /// <param name="path">Its path, below the root.</param>
    public async Task<OpenPage> SignInAsync(string path)
    {
        var browser = await Chromium.OpenAsync(new Uri(Address, path));
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Issuer.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
