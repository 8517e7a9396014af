using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>What all pages have.</summary>
[Collection(PagesSilo.Name)]
public sealed class PagesTests(PagesSilo silo)
{
    // Of the text.
    private const string Light = "rgb(255, 255, 255)";
    private const string Dark = "rgb(26, 26, 26)";

    [BrowserFact]
    public async Task The_page_begins_with_activities()
    {
        await using var browser = await Chromium.OpenAsync(silo.Address);
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Activities" })).ToBeVisibleAsync();
        await Expect(browser.Page).ToHaveTitleAsync("Activities: EmailTracking");
        await browser.KeepAsync("activities");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Light_and_dark_follow_the_system_until_somebody_chooses()
    {
        await using var browser = await Chromium.OpenAsync(silo.Address, new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });
        var page = browser.Page;
        await Expect(page.Locator("body")).ToHaveCSSAsync("color", Light);
        await browser.KeepAsync("activities-dark");

        await page.GetByRole(AriaRole.Button, new() { Name = "Light or dark" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitemradio, new() { Name = "Light", Exact = true }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("color", Dark);

        // The browser remembers it.
        await page.ReloadAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("color", Dark);
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task The_first_key_leads_past_the_list_of_pages()
    {
        await using var browser = await Chromium.OpenAsync(silo.Address);
        var page = browser.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Activities" })).ToBeFocusedAsync();
        var skip = page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" });
        await skip.FocusAsync();
        await skip.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
        Assert.Equal(silo.Address.ToString(), page.Url);
    }

    [BrowserFact]
    public async Task Where_no_page_is_is_said()
    {
        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "not-found"));
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "No such page" })).ToBeVisibleAsync();
    }
}
