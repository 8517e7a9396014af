using EmailTracking.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>One silo where everybody has to sign in, for tests of what is one's own. Ana is a user.</summary>
[CollectionDefinition(Name)]
public sealed class AsAna : ICollectionFixture<ApiSilo>
{
    public const string Name = "signed in";

    /// <summary>Opens a page as Ana.</summary>
    /// <param name="silo">Where.</param>
    /// <param name="path">Its path, below the root.</param>
    /// <param name="name">What whoever signs in is called, when it is somebody else.</param>
    /// <param name="scheme">Light or dark.</param>
    public static async Task<OpenPage> OpenAsync(ApiSilo silo, string path, string name = "Ana", ColorScheme scheme = ColorScheme.Light)
    {
        var browser = await Chromium.OpenAsync(new Uri(silo.Address, path), new BrowserNewContextOptions { ColorScheme = scheme });
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(browser.Page.Locator(".who")).ToContainTextAsync(name);

        // That they had to sign in elsewhere is nothing of the page's.
        browser.Complaints.Clear();
        browser.Requests.Clear();
        await browser.Page.ReloadAsync();
        await Expect(browser.Page.Locator(".who")).ToContainTextAsync(name);
        return browser;
    }
}
