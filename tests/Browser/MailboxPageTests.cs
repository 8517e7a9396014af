using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tests.Api;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tests.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>One mailbox on a real server, in the hands of the person whose it is.</summary>
[Collection(AsAna.Name)]
public sealed class MailboxPageTests(ApiSilo silo)
{
    private static readonly DateTimeOffset Old = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [BrowserFact]
    public async Task A_mailbox_is_enabled_given_a_folder_rule_and_filled_by_clicking()
    {
        await using var mailbox = (await DovecotServer.GetAsync()).CreateUser();
        await mailbox.CreateFolderAsync("INBOX/Customers/Fabrikam");
        await mailbox.DeliverAsync("INBOX", DovecotMailbox.Mail("page-old@fabrikam.com"), Old);
        await mailbox.DeliverAsync("INBOX/Customers/Fabrikam", DovecotMailbox.Mail("page-1@fabrikam.com"));
        await mailbox.DeliverAsync("INBOX/Customers/Fabrikam", DovecotMailbox.Mail("page-2@fabrikam.com"));
        var record = new RecordReference("account", Guid.NewGuid());
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(record, IsActive: true, null, DateTimeOffset.UnixEpoch), "Fabrikam Ltd", [])]);
        await ConnectAsync(mailbox, ApiSilo.Ana);
        await using var browser = await AsAna.OpenAsync(silo, "mailboxes");
        var page = browser.Page;
        var done = page.Locator("main > .done");

        await page.GetByRole(AriaRole.Link, new() { Name = mailbox.Address }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(mailbox.Address);
        await Expect(Region(page, "Health")).ToContainTextAsync("It is not read, since it is not enabled.");
        await Button(page, "Test and enable").ClickAsync();
        await Expect(done).ToContainTextAsync("Tested and enabled.");
        await Expect(Region(page, "Test")).ToContainTextAsync("It keeps labels of our own");
        await browser.KeepAsync("mailbox-tested");
        await Button(page, "Read now").ClickAsync();
        await Expect(done).ToContainTextAsync("Everything that is there was read.");
        await Expect(Region(page, "Health")).ToContainTextAsync("It is read.");

        // A rule by clicking; what it would do is shown first.
        var rules = Region(page, "Folder rules");
        await Button(page, "Add a folder rule").ClickAsync();
        await Button(page, "Preview", rules).ClickAsync();
        await Expect(rules.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Choose a folder.");
        await rules.GetByRole(AriaRole.Treeitem, new() { Name = "Fabrikam" }).Last.ClickAsync();
        await Expect(rules.GetByText("Folder: Inbox/Customers/Fabrikam")).ToBeVisibleAsync();

        // The keyboard goes through the tree as well.
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(rules.GetByText("Folder: Inbox/Customers", new() { Exact = true })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(rules.GetByText("Folder: Inbox/Customers/Fabrikam")).ToBeVisibleAsync();
        await rules.GetByLabel("Its mail is about a record").CheckAsync();
        await rules.GetByLabel("its address in Dynamics 365, or TABLE/ID").FillAsync(record.ToString());
        await rules.GetByLabel("its address in Dynamics 365, or TABLE/ID").PressAsync("Tab");
        await Button(page, "Preview", rules).ClickAsync();
        await Expect(rules.Locator(".preview")).ToContainTextAsync($"2 emails lie there now: tracked about {record}");
        await browser.KeepAsync("folder-rule");
        await Button(page, "Save", rules).ClickAsync();
        await Expect(rules.GetByRole(AriaRole.Row).Filter(new() { HasText = "Inbox/Customers/Fabrikam" })).ToContainTextAsync("Fabrikam Ltd");
        await Button(page, "Read now").ClickAsync();
        await SyncCluster.UntilAsync(async () => (await silo.Client.ExplainAsync("page-2@fabrikam.com"))?.Email.Activity?.Regarding == record);

        await Button(page, "Change the rule of Inbox/Customers/Fabrikam", rules).ClickAsync();
        await rules.GetByLabel("Its mail is about a record").UncheckAsync();
        await Button(page, "Preview", rules).ClickAsync();
        await Expect(rules.Locator(".preview")).ToContainTextAsync("2 emails lie there and tracked already: they stay about what they are.");
        await Button(page, "Save", rules).ClickAsync();
        await Expect(rules.GetByText("Folder Inbox/Customers/Fabrikam has its rule.")).ToBeVisibleAsync();
        await Button(page, "Remove the rule of Inbox/Customers/Fabrikam", rules).ClickAsync();
        await Button(page, "Remove the rule", rules).ClickAsync();
        await Expect(rules.GetByText("No folder is tracked.")).ToBeVisibleAsync();

        var comparison = Region(page, "Old mail, and whether anything is missing");
        await comparison.GetByLabel("Mail received on this day (UTC) or later").FillAsync("2026-01-01");
        await Button(page, "Audit", comparison).ClickAsync();
        await Expect(comparison).ToContainTextAsync("1 message is not decided yet.");
        await Button(page, "Back-fill", comparison).ClickAsync();
        await Expect(comparison).ToContainTextAsync("1 message is decided now. Nothing is missing any more.");
        await browser.KeepAsync("mailbox");
        browser.AssertClean(silo.Address);
        await AssertLoggedAsync(mailbox.Address, "test-mailbox", "look-into-mailbox", "set-folder-rule", "remove-folder-rule", "audit-mailbox", "backfill-mailbox");
    }

    [BrowserFact]
    public async Task A_mailbox_that_cannot_be_opened_says_what_to_do_and_another_persons_is_not_shown()
    {
        await using var mailbox = (await DovecotServer.GetAsync()).CreateUser();
        await ConnectAsync(mailbox, ApiSilo.Ana, "wrong");
        await using var browser = await AsAna.OpenAsync(silo, $"mailboxes/{mailbox.Address}", scheme: ColorScheme.Dark);
        var page = browser.Page;
        await Button(page, "Test and enable").ClickAsync();
        await Expect(Region(page, "Test")).ToContainTextAsync("It cannot be opened:");
        await Expect(Region(page, "Health")).ToContainTextAsync("it is not enabled");
        await Button(page, "Add a folder rule").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "New folder rule" })).ToBeFocusedAsync();
        await Expect(Region(page, "Folder rules").GetByRole(AriaRole.Alert)).ToContainTextAsync("Its folders are not known");
        await browser.KeepAsync("mailbox-not-opened");

        await using var other = (await DovecotServer.GetAsync()).CreateUser();
        await ConnectAsync(other, ApiSilo.Ben);
        await browser.GoAsync(new Uri(silo.Address, $"mailboxes/{other.Address}"));
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not a mailbox of yours");
        await Expect(page.Locator("main .card")).ToHaveCountAsync(0);
        await browser.GoAsync(new Uri(silo.Address, "mailboxes"));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = mailbox.Address })).ToBeVisibleAsync();
        await Expect(page.GetByText(other.Address)).ToHaveCountAsync(0);
        browser.AssertClean(silo.Address);
    }

    private async Task ConnectAsync(DovecotMailbox mailbox, Guid owner, string? password = null)
    {
        var address = TrackingCluster.Address(mailbox.Address);
        await silo.Client.SaveMailboxAsync(new MailboxFacts(address, new RecordReference(Tables.SystemUser, owner), IsQueue: false, FilterMethod.None, []));
        Assert.Null(await silo.Client.SaveProfileAsync(mailbox.Profile));
        var secret = mailbox.Login.Secret;
        if (password is not null)
        {
            secret = "env:EMAILTRACKING_TEST_WRONG";
            Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_WRONG", password);
        }

        Assert.Null(await silo.Client.ConnectMailboxAsync(new MailboxConnection
        {
            Mailbox = address,
            Profile = mailbox.Profile.Name,
            UserName = mailbox.Login.UserName,
            Secret = secret,
            StartsOn = DateOnly.FromDateTime(DateTime.UtcNow),
            Approval = AccessApproval.Approved,
        }));
    }

    private async Task AssertLoggedAsync(string mailbox, params string[] operations)
    {
        using var keeper = await silo.AsAsync(Role.Administrator);
        var log = JsonNode.Parse(await keeper.GetStringAsync(new Uri("api/tracking/audit-log?count=100", UriKind.Relative)))!["value"]!.AsArray();
        foreach (var operation in operations)
        {
            Assert.Contains(log, entry => (string)entry!["operation"]! == operation &&
                ((string)entry["target"]!).StartsWith($"page mailboxes/{mailbox}", StringComparison.Ordinal));
        }
    }

    private static ILocator Region(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    private static ILocator Button(IPage page, string name, ILocator? within = null) =>
        (within ?? page.Locator("main")).GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
