using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>A record: what is told of it, and its timeline.</summary>
[Collection(PagesSilo.Name)]
public sealed class RecordTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task What_an_email_is_about_leads_to_its_timeline_and_that_to_its_customer()
    {
        await using var browser = await silo.OpenAsync("emails/desks-1@fabrikam.com");
        var page = browser.Page;
        await page.GetByRole(AriaRole.Region, new() { Name = "Tracking" }).GetByRole(AriaRole.Link, new() { Name = "Fabrikam: 200 desks" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/records/opportunity/"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Fabrikam: 200 desks");
        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("Fabrikam: 200 desks");
        await browser.KeepAsync("record");

        // Its mail is its customer's as well.
        await page.GetByRole(AriaRole.Region, new() { Name = "Record" }).GetByRole(AriaRole.Link, new() { Name = "Fabrikam", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/records/account/"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Fabrikam");
        await Expect(page.Locator(".list tbody tr").Filter(new() { HasText = "200 desks for our new office" }).First).ToBeVisibleAsync();

        // What is asked of it stands in its address.
        await page.GetByRole(AriaRole.Searchbox).FillAsync("colours");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/records/account/.*\\?search=colours"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/records/account/[^?]*$"));
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task What_is_no_record_has_an_empty_timeline()
    {
        await using var browser = await silo.OpenAsync($"records/account/{Guid.NewGuid()}");
        await Expect(browser.Page.GetByText("No tracked mail that you may see is about it")).ToBeVisibleAsync();
        browser.AssertClean(silo.Address);
    }
}
