using EmailTracking.Organizations;
using EmailTracking.Tests.Api;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>Personal options: one's own are chosen, what is forced is locked, those of others are not shown.</summary>
[Collection(AsAna.Name)]
public sealed class PersonalOptionsTests(ApiSilo silo)
{
    private const string Forcing = "SSSForceFilteringMethodForUserMailboxes";

    [BrowserFact]
    public async Task Ones_own_options_are_chosen_and_what_is_forced_is_locked_with_who_and_why()
    {
        var ana = TrackingCluster.Address("ana@contoso.com");
        await silo.Client.SetMailboxOptionAsync(ana, MailboxOption.Filter, "1", new Author("tests"));
        await using var browser = await AsAna.OpenAsync(silo, "options");
        var page = browser.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Email: ana@contoso.com" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Teams", new() { Exact = true })).ToBeDisabledAsync();

        await page.GetByLabel("Track", new() { Exact = true }).SelectOptionAsync("All email messages");
        await Expect(page.GetByText("more emails of the last 30 days would have been tracked")).ToBeVisibleAsync();
        await page.GetByLabel("Automatically create records").SelectOptionAsync("Contact");
        await page.GetByLabel("Blocked senders").FillAsync("news.example\nads@shop.example");
        await page.GetByLabel("Blocked senders").PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".done")).ToContainTextAsync("Saved.");
        var chosen = (await silo.Client.ReadMailboxOptionsAsync(ana))!.Mailbox;
        Assert.Equal((FilterMethod.All, RecordCreation.Contact), (chosen.Filter, chosen.Options.Creates));
        Assert.Equal("ads@shop.example news.example", string.Join(' ', chosen.Options.Blocked));
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "History" })).ToContainTextAsync("BlockedSenders");

        await silo.Client.SetSettingAsync(Forcing, "1", new Author("Ben", "one rule for all"));
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Track", new() { Exact = true })).ToBeDisabledAsync();
        await Expect(page.GetByLabel("Track", new() { Exact = true })).ToHaveValueAsync("1");
        await Expect(page.Locator(".lock")).ToContainTextAsync("Ben set it on");
        await Expect(page.Locator(".lock")).ToContainTextAsync("“one rule for all”");
        await browser.KeepAsync("personal-options");
        await silo.Client.SetSettingAsync(Forcing, "-1", new Author("Ben"));

        await page.GetByRole(AriaRole.Link, new() { Name = "support@contoso.com" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Email: support@contoso.com" })).ToBeVisibleAsync();
        await browser.GoAsync(new Uri(silo.Address, "options?mailbox=ben@contoso.com"));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not a mailbox of yours");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Who_is_no_administrator_sees_the_settings_and_changes_none()
    {
        await using var browser = await AsAna.OpenAsync(silo, "settings");
        await Expect(browser.Page.GetByText("Administrators change them; you may look.")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Switch, new() { Name = "Use tracking tokens" })).ToBeDisabledAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Region, new() { Name = "Presets" })).ToHaveCountAsync(0);
        browser.AssertClean(silo.Address);
    }
}
