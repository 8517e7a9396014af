using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>The list of activities: search, conditions, pages, and mail that comes while one looks.</summary>
[Collection(PagesSilo.Name)]
public sealed class ActivitiesTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task Mail_is_found_by_words_and_conditions()
    {
        await using var browser = await silo.OpenAsync("?mailbox=ana@contoso.com");
        var page = browser.Page;
        var rows = Rows(page);
        await Expect(rows.Filter(new() { HasText = "Offer" }).First).ToBeVisibleAsync();
        await browser.KeepAsync("activities-filtered");

        await page.GetByRole(AriaRole.Searchbox).FillAsync("invoice");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("nvoice");
        await Expect(page).ToHaveURLAsync(new Uri(silo.Address, "?search=invoice&mailbox=ana@contoso.com").ToString());

        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(silo.Address.ToString());
        await page.GetByLabel("Correlation Method").SelectOptionAsync("In-Reply-To");
        await Expect(page).ToHaveURLAsync(new Uri(silo.Address, "?correlationmethod=3").ToString());
        await Expect(rows.First).ToContainTextAsync("In-Reply-To");
        await Expect(rows.Filter(new() { HasText = "None" })).ToHaveCountAsync(0);

        // Going back is asking what was asked before.
        await page.GoBackAsync();
        await Expect(page.GetByLabel("Correlation Method")).ToHaveValueAsync("");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task A_page_holds_while_mail_arrives_and_the_newest_shows_it()
    {
        const string Mailbox = "pile@contoso.com";
        await silo.DeliverAsync(Mailbox, "Pile", 1, 60);
        await using var browser = await silo.OpenAsync($"?mailbox={Mailbox}");
        await using var other = await silo.OpenAsync($"?mailbox={Mailbox}");
        await Expect(Rows(browser.Page)).ToHaveCountAsync(50);
        await Expect(browser.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("60 emails");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(Rows(browser.Page)).ToHaveCountAsync(10);
        await Expect(Rows(browser.Page).First).ToContainTextAsync("Pile 10");

        await silo.DeliverAsync(Mailbox, "Pile", 61, 1);

        // Without a reload.
        await Expect(Rows(other.Page).First).ToContainTextAsync("Pile 61");
        await Expect(Rows(browser.Page)).ToHaveCountAsync(10);
        await Expect(Rows(browser.Page).First).ToContainTextAsync("Pile 10");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Newer" }).ClickAsync();
        await Expect(Rows(browser.Page).First).ToContainTextAsync("Pile 61");
        other.AssertClean(silo.Address);
    }

    private static ILocator Rows(IPage page) => page.Locator(".list tbody tr");
}
