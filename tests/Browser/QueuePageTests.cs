using System.Text;
using EmailTracking.Tests.Api;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>Queues with their items, and the rules by which their mail becomes records.</summary>
[Collection(AsAna.Name)]
public sealed class QueuePageTests(ApiSilo silo)
{
    [BrowserFact]
    public async Task A_queue_of_ones_team_shows_its_mail_and_settings_and_another_is_not_shown()
    {
        await silo.Client.DeliverAsync("support@contoso.com", "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            "From: bo@fabrikam.com\r\nTo: support@contoso.com\r\nSubject: The printer is on fire\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n" +
            "Message-ID: <printer@fabrikam.com>\r\n\r\nHelp.\r\n")));
        await silo.Client.SaveRecordsAsync([ApiSilo.Record(Tables.Queue, new Guid(9, 0, 0, new byte[8]), "Sales", ApiSilo.Ben, "sales@contoso.com")]);
        await using var browser = await AsAna.OpenAsync(silo, "queues");
        var page = browser.Page;
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Support" });
        await Expect(row).ToContainTextAsync("all email messages");
        await Expect(page.GetByText("Sales")).ToHaveCountAsync(0);
        await browser.KeepAsync("queues");
        await row.GetByRole(AriaRole.Link, new() { Name = "Support", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Support");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Mail" })).ToContainTextAsync("support@contoso.com");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Queue items" })).ToContainTextAsync("bo@fabrikam.com");
        await browser.KeepAsync("queue");
        await page.GetByRole(AriaRole.Link, new() { Name = "The printer is on fire" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The printer is on fire");

        await browser.GoAsync(new Uri(silo.Address, $"queues/{new Guid(9, 0, 0, new byte[8])}"));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not a mailbox of yours");
        await browser.GoAsync(new Uri(silo.Address, "rules"));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("who may not do this (readrules)");
        browser.AssertClean(silo.Address);
    }
}

/// <summary>Creation rules, in the hands of an administrator.</summary>
[Collection(PagesSilo.Name)]
public sealed class RulePageTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task A_rule_is_added_read_in_words_and_removed()
    {
        const string Queue = "rules@contoso.com";
        await silo.Client.SaveRecordsAsync([ApiSilo.Record(Tables.Queue, Guid.NewGuid(), "Rules", null, Queue)]);
        await using var browser = await silo.OpenAsync("rules");
        var page = browser.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).ClickAsync();
        await page.GetByLabel("The rule").FillAsync("{\"name\": ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What is written");
        await page.GetByLabel("The rule").FillAsync(
            $$"""{"name": "Help desk", "queue": "{{Queue}}", "items": [{"name": "Outages", "when": [{"fact": "subject", "is": "outage"}], "creates": "incident"}, {"name": "All else", "creates": "incident"}]}""");
        await page.GetByLabel("Why").FillAsync("support begins");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var rule = page.GetByRole(AriaRole.Region, new() { Name = "Help desk" });
        await Expect(rule).ToContainTextAsync("Mail becomes a case when its subject contains “outage”.");
        await Expect(rule).ToContainTextAsync("support begins");
        await browser.KeepAsync("rules");
        await rule.GetByRole(AriaRole.Button, new() { Name = "History" }).ClickAsync();
        await Expect(rule.Locator(".history")).ToContainTextAsync("version 1");
        await rule.GetByRole(AriaRole.Button, new() { Name = "Remove Help desk" }).ClickAsync();
        await rule.GetByRole(AriaRole.Button, new() { Name = "Remove the rule" }).ClickAsync();
        await Expect(rule).ToHaveCountAsync(0);
        Assert.Null(Assert.Single(await silo.Client.ReadRulesAsync(), version => version.Queue == TrackingCluster.Address(Queue)).Rule);
        browser.AssertClean(silo.Address);
    }
}
