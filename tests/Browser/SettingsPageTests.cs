using System.Text.Json.Nodes;
using EmailTracking.Organizations;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>System settings > Email tracking.</summary>
[Collection(PagesSilo.Name)]
public sealed class SettingsPageTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task Settings_are_searched_and_who_changed_them_is_told()
    {
        await silo.Client.SetSettingAsync("TrackedFolderRegardingFirst", "true", new Author("ana", "as we were used to"));
        await silo.Client.SetSettingAsync("TrackedFolderRegardingFirst", "false", new Author("ben"));
        await using var browser = await silo.OpenAsync("settings");
        var page = browser.Page;
        await Expect(page.Locator(".setting label").First).ToHaveTextAsync("Use correlation to track email conversations");
        await browser.KeepAsync("settings");
        await page.GetByLabel("Search").FillAsync("goes before all else");
        await Expect(page.Locator(".setting")).ToHaveCountAsync(1);
        await Expect(page.Locator(".setting")).ToContainTextAsync("TrackedFolderRegardingFirst");
        await page.Locator(".setting summary").ClickAsync();
        await Expect(page.Locator(".setting .history")).ToContainTextAsync("false → true (as we were used to)");
        await Expect(page.GetByText("TrackedFolderRegardingFirst: false -> true (as we were used to)")).ToBeVisibleAsync();
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Each_kind_of_value_is_edited_and_what_is_wrong_is_refused_in_words()
    {
        await using var browser = await silo.OpenAsync("settings");
        var page = browser.Page;

        // The admin centre's label says the opposite of the setting's name.
        await Expect(page.GetByRole(AriaRole.Switch, new() { Name = "Use correlation to track email conversations" })).ToBeCheckedAsync();
        var queues = Row(page, "IgnoreInternalEmailFromQueues");
        await queues.GetByRole(AriaRole.Switch).CheckAsync();
        await SaveAsync(queues, "only for this test");
        Assert.Equal("true", await ReadAsync("IgnoreInternalEmailFromQueues"));
        await queues.GetByRole(AriaRole.Switch).UncheckAsync();
        await SaveAsync(queues);

        var sender = Row(page, "RegardingFromSender");
        var before = await ReadAsync("RegardingFromSender");
        await sender.GetByRole(AriaRole.Combobox).SelectOptionAsync("link");
        await SaveAsync(sender);
        Assert.Equal("link", await ReadAsync("RegardingFromSender"));
        await sender.GetByRole(AriaRole.Combobox).SelectOptionAsync(before);
        await SaveAsync(sender);

        var words = Row(page, "ExcludedKeywords");
        await words.GetByRole(AriaRole.Textbox).FillAsync("zebra crossing\nxylophone");
        await words.GetByRole(AriaRole.Textbox).PressAsync("Tab");
        await SaveAsync(words);
        Assert.Equal("xylophone, zebra crossing", await ReadAsync("ExcludedKeywords"));
        await browser.KeepAsync("settings-edited");
        await words.GetByRole(AriaRole.Textbox).First.FillAsync("");
        await words.GetByRole(AriaRole.Textbox).First.PressAsync("Tab");
        await SaveAsync(words);

        var days = Row(page, "RetentionDays");
        await days.GetByRole(AriaRole.Spinbutton).FillAsync("40000");
        await days.GetByRole(AriaRole.Spinbutton).PressAsync("Tab");
        await days.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(days.GetByRole(AriaRole.Alert)).ToContainTextAsync("RetentionDays takes a whole number from 0 to 36500 days");
        Assert.Equal("0", await ReadAsync("RetentionDays"));
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task A_preset_shows_what_it_changes_before_it_is_applied()
    {
        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "settings"), new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });
        var page = browser.Page;
        var presets = page.GetByRole(AriaRole.Region, new() { Name = "Presets" });
        await presets.GetByRole(AriaRole.Button, new() { Name = "Preview Dynamics 365" }).ClickAsync();
        await Expect(presets.GetByRole(AriaRole.Row).Filter(new() { HasText = "TrackedFolderRegardingFirst" })).ToContainTextAsync("true");
        await browser.KeepAsync("presets");
        await presets.GetByRole(AriaRole.Button, new() { Name = "Apply Dynamics 365" }).ClickAsync();
        await Expect(presets.Locator(".done")).ToContainTextAsync("Applied: Dynamics 365.");
        Assert.Equal("true", await ReadAsync("TrackedFolderRegardingFirst"));
        await presets.GetByRole(AriaRole.Button, new() { Name = "Preview Dynamics 365" }).ClickAsync();
        await Expect(presets).ToContainTextAsync("Nothing would change");
        await presets.GetByRole(AriaRole.Button, new() { Name = "Preview our defaults" }).ClickAsync();
        await presets.GetByRole(AriaRole.Button, new() { Name = "Apply our defaults" }).ClickAsync();
        await Expect(presets.Locator(".done")).ToContainTextAsync("Applied: our defaults.");
        browser.AssertClean(silo.Address);

        using var client = new HttpClient { BaseAddress = silo.Address };
        var log = JsonNode.Parse(await client.GetStringAsync(new Uri("api/tracking/audit-log?count=50", UriKind.Relative)))!["value"]!.AsArray();
        Assert.Contains(log, entry => ((string)entry!["operation"]!, (string)entry["target"]!) == ("apply-preset", "page settings/presets/dynamics"));
    }

    private static ILocator Row(IPage page, string setting) => page.Locator($".setting:has(#{setting})");

    private static async Task SaveAsync(ILocator row, string why = "")
    {
        await row.GetByLabel("Why (shown to everybody whom it binds)").FillAsync(why);
        await row.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(row.GetByText("Saved. In force with the next batch of mail.")).ToBeVisibleAsync();
    }

    private async Task<string> ReadAsync(string setting) => SettingCatalogue.Find(setting)!.Read(await silo.Client.ReadSettingsAsync());
}
