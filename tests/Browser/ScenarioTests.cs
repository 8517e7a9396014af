using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>What people do all day, from the mail program to the page and back, with a real mail server.</summary>
[Collection(PagesSilo.Name)]
public sealed class ScenarioTests(PagesSilo silo) : IDisposable
{
    private const string Desks = "opportunity/00000000-0000-4000-8000-000000000041";

    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("emailtracking-secrets-");

    [BrowserFact]
    public async Task A_mail_that_was_left_out_is_tracked_by_hand_and_its_answers_follow()
    {
        var mailbox = await ConnectAsync();
        await mailbox.DeliverAsync("INBOX", Mail("lamps", "Quote for 40 lamps"));
        await silo.Client.LookIntoMailboxAsync(Address(mailbox));

        // Why is it not there?
        await using var browser = await silo.OpenAsync("why");
        var page = browser.Page;
        await page.GetByLabel("Message-ID").FillAsync(Id("lamps"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Why" })).ToContainTextAsync("answers to tracked mail");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open this email" }).ClickAsync();

        // Its content is with the mail server still: it is fetched, and the page shows it.
        await page.GetByRole(AriaRole.Button, new() { Name = "Track", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Quote for 40 lamps");
        await Expect(page.GetByText("Tracked", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Message" })).ToContainTextAsync("How much are 40 lamps?");
        await browser.KeepAsync("tracked-by-hand");

        // From now on answers come by themselves.
        await mailbox.DeliverAsync("INBOX", Mail("lamps-2", "Re: Quote for 40 lamps", "lamps"));
        await browser.GoAsync(new Uri(silo.Address, $"?mailbox={mailbox.Address}"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Re: Quote for 40 lamps", Exact = true }).ClickAsync();
        var fields = page.GetByRole(AriaRole.Region, new() { Name = "Tracking" });
        await Expect(Field(fields, "Correlation Method")).ToHaveTextAsync("In-Reply-To");
        await Expect(Field(fields, "Correlated Activity")).ToContainTextAsync("Quote for 40 lamps");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task A_mail_that_is_dragged_to_a_tracked_folder_is_an_activity_and_gets_its_record_later()
    {
        var mailbox = await ConnectAsync("INBOX/Customers");
        Assert.Null(await silo.Client.SetFolderRuleAsync(Address(mailbox), new TrackingFolder("Inbox/Customers", null), new Author("ana", "a test")));
        var number = await mailbox.DeliverAsync("INBOX", Mail("shelves", "Shelves for the hall"));
        await silo.Client.LookIntoMailboxAsync(Address(mailbox));

        // The page is open already: what is dragged comes to it by itself.
        await using var browser = await silo.OpenAsync($"?mailbox={mailbox.Address}");
        var page = browser.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Activities" })).ToBeVisibleAsync();
        var listed = page.GetByRole(AriaRole.Link, new() { Name = "Shelves for the hall", Exact = true });
        await Expect(listed).ToHaveCountAsync(0);
        await mailbox.MoveAsync("INBOX", number, "INBOX/Customers");
        await listed.ClickAsync();
        var fields = page.GetByRole(AriaRole.Region, new() { Name = "Tracking" });
        await Expect(Field(fields, "Regarding")).ToHaveTextAsync("—");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Why" })).ToContainTextAsync("it lies in a tracked folder");

        await page.GetByRole(AriaRole.Button, new() { Name = "Set Regarding" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Set Regarding" });
        await form.GetByRole(AriaRole.Textbox).FillAsync(Desks);
        await form.GetByRole(AriaRole.Textbox).PressAsync("Tab");
        await form.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(Field(fields, "Regarding")).ToContainTextAsync("Fabrikam: 200 desks");
        await browser.KeepAsync("dragged");

        // The answer lies in the Inbox, and is about the same.
        await mailbox.DeliverAsync("INBOX", Mail("shelves-2", "Re: Shelves for the hall", "shelves"));
        await browser.GoAsync(new Uri(silo.Address, $"?mailbox={mailbox.Address}"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Re: Shelves for the hall", Exact = true }).ClickAsync();
        await Expect(Field(fields, "Regarding")).ToContainTextAsync("Fabrikam: 200 desks");
        await Expect(Field(fields, "Regarding")).ToContainTextAsync("from the email that it answers");
        browser.AssertClean(silo.Address);
    }

    public void Dispose() => _secrets.Delete(recursive: true);

    private static EmailTracking.Tracking.Mail.EmailAddress Address(DovecotMailbox mailbox) => TrackingCluster.Address(mailbox.Address);

    private static string Id(string name) => $"{name}@scenario.example";

    private static string Mail(string name, string subject, string? answers = null) => DovecotMailbox.Mail(
        Id(name), subject, "How much are 40 lamps?\r\n", answers is null ? "" : $"In-Reply-To: <{Id(answers)}>\r\n");

    private static ILocator Field(ILocator fields, string label) => fields.Locator($"dt:text-is('{label}') + dd");

    // A mailbox that takes answers to tracked mail, as most people's do, and is followed.
    private async Task<DovecotMailbox> ConnectAsync(params string[] folders)
    {
        var mailbox = (await MailServer.GetAsync()).CreateUser();
        foreach (var folder in folders)
        {
            await mailbox.CreateFolderAsync(folder);
        }

        var secret = Path.Combine(_secrets.FullName, mailbox.Address);
        await File.WriteAllTextAsync(secret, mailbox.Password);
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(Address(mailbox), null, IsQueue: false, FilterMethod.Replies, []));
        Assert.Null(await silo.Client.SaveProfileAsync(mailbox.Profile));
        Assert.Null(await silo.Client.ConnectMailboxAsync(new MailboxConnection
        {
            Mailbox = Address(mailbox),
            Profile = mailbox.Profile.Name,
            UserName = mailbox.Address,
            Secret = $"file:{secret}",
            StartsOn = new DateOnly(2000, 1, 1),
            Approval = AccessApproval.Approved,
            IsEnabled = true,
        }));
        Assert.Equal(MailboxState.Healthy, (await silo.Client.LookIntoMailboxAsync(Address(mailbox))).State);
        return mailbox;
    }
}
