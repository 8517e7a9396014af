using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>The page of the API as somebody reads it who integrates.</summary>
[Collection(PagesSilo.Name)]
public sealed class ApiPageTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task An_operation_is_tried_and_nobody_but_the_silo_is_asked()
    {
        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "/api/docs/#tag/access"));
        var page = browser.Page;

        await Expect(page.GetByText("Tracks e-mail as Dynamics 365 does")).ToBeVisibleAsync();
        await page.GetByText("Test Request(get /api/tracking/whoami)").ClickAsync();
        await page.GetByText("Send get request to").First.ClickAsync();
        await Expect(page.GetByText("somebody at this machine").First).ToBeVisibleAsync();
        await browser.KeepAsync("api-docs");

        Assert.Contains(browser.Requests, request => request.EndsWith("/api/tracking/whoami", StringComparison.Ordinal));
        browser.AssertClean(silo.Address);
    }
}
