using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Storage;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>One email: what is told of it, why, and what one can do about it.</summary>
[Collection(PagesSilo.Name)]
public sealed class OneEmailTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task An_email_of_the_list_is_opened_and_says_why_it_stands_where_it_does()
    {
        await using var browser = await silo.OpenAsync("?search=angebot");
        var page = browser.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Re: Angebot für 200 Tische CRM:0001001" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Re: Angebot für 200 Tische CRM:0001001");
        await Expect(page).ToHaveTitleAsync("Re: Angebot für 200 Tische CRM:0001001: EmailTracking");

        var why = page.GetByRole(AriaRole.Region, new() { Name = "Why" });
        await Expect(why).ToContainTextAsync("Tracked: the mailbox takes all mail.");
        await Expect(why).ToContainTextAsync("a tracking token in the subject stands for it");
        var fields = page.GetByRole(AriaRole.Region, new() { Name = "Tracking" });
        await Expect(Field(fields, "Regarding")).ToContainTextAsync("Fabrikam: 200 desks");
        await Expect(Field(fields, "Regarding")).ToContainTextAsync("from the conversation of its token");
        await Expect(Field(fields, "Correlation Method")).ToHaveTextAsync("Tracking Token");
        await Expect(Field(fields, "Accepting Entity")).ToContainTextAsync("info@contoso.com");
        await Expect(Field(fields, "Receiving Mailbox")).ToHaveTextAsync("info@contoso.com");
        await Expect(Field(fields, "Correlated Activity")).ToContainTextAsync("Your offer CRM:0001001");
        await Expect(Field(fields, "Parent Activity")).ToHaveTextAsync("—");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Parties" })).ToContainTextAsync("Bo Lindqvist");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Message" })).ToContainTextAsync("Noch eine Frage.");
        await browser.KeepAsync("email");

        // What it was told by is one step away.
        await Field(fields, "Correlated Activity").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Your offer CRM:0001001");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task What_is_done_by_hand_is_shown_at_once_taken_back_and_in_the_audit_log()
    {
        const string Mailbox = "hand@contoso.com";
        await silo.DeliverAsync(Mailbox, "By hand", 1, 1);
        await using var browser = await silo.OpenAsync($"?mailbox={Mailbox}");
        var page = browser.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "By hand 1" }).ClickAsync();
        var done = page.Locator(".done").First;

        await Button(page, "Untrack").ClickAsync();
        await Expect(done).ToContainTextAsync("Untracked: it stays known, and hidden. One email stands otherwise now.");
        await Expect(page.GetByText("Untracked", new() { Exact = true })).ToBeVisibleAsync();
        await done.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(done).ToContainTextAsync("Taken back.");
        await Expect(Button(page, "Untrack")).ToBeVisibleAsync();

        await Button(page, "Set Regarding").ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Set Regarding" });
        await Button(page, "Set", form).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose a record");
        await form.GetByRole(AriaRole.Textbox).FillAsync($"https://contoso.crm.dynamics.com/main.aspx?pagetype=entityrecord&etn=opportunity&id=%7B{await silo.DesksAsync()}%7D");
        await form.GetByRole(AriaRole.Textbox).PressAsync("Tab");
        await browser.KeepAsync("set-regarding");
        await Button(page, "Set", form).ClickAsync();
        await Expect(done).ToContainTextAsync("Regarding set.");
        var regarding = Field(page.GetByRole(AriaRole.Region, new() { Name = "Tracking" }), "Regarding");
        await Expect(regarding).ToContainTextAsync("Fabrikam: 200 desks");
        await Expect(regarding).ToContainTextAsync("by hand");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Done by hand" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);

        await Button(page, "Stop conversation").ClickAsync();
        await Expect(Button(page, "Resume conversation")).ToBeVisibleAsync();
        await browser.KeepAsync("email-by-hand");
        browser.AssertClean(silo.Address);

        using var client = new HttpClient { BaseAddress = silo.Address };
        var log = JsonNode.Parse(await client.GetStringAsync(new Uri("api/tracking/audit-log?count=100", UriKind.Relative)))!["value"]!.AsArray();
        foreach (var operation in new[] { "untrack-emails", "undo-act", "set-regarding", "stop-conversation" })
        {
            Assert.Contains(log, entry => (string)entry!["operation"]! == operation && ((string)entry["target"]!).StartsWith("page emails/", StringComparison.Ordinal) &&
                (string)entry["outcome"]! == "done");
        }
    }

    [BrowserFact]
    public async Task Whom_an_address_means_in_one_email_is_chosen_and_taken_back()
    {
        const string Mailbox = "means@contoso.com";
        var (early, late) = (new RecordReference(Tables.Contact, Guid.NewGuid()), new RecordReference(Tables.Contact, Guid.NewGuid()));
        await silo.Client.SaveRecordsAsync([Contact(early, "Early Zoe", 2020), Contact(late, "Late Zoe", 2024)]);
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"From: zoe@means.example\r\nTo: {Mailbox}\r\nSubject: Which Zoe?\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <which@means.example>\r\n\r\nText.\r\n")));
        await using var browser = await silo.OpenAsync("emails/which@means.example");
        var parties = browser.Page.GetByRole(AriaRole.Region, new() { Name = "Parties" });
        var sender = parties.Locator(".parties > li").First;
        var before = await sender.Locator(".record").TextContentAsync();
        await sender.GetByText("1 other candidate").ClickAsync();
        await sender.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(parties.GetByRole(AriaRole.Status)).ToContainTextAsync("In this email the address stands for that record.");
        await Expect(sender.Locator(".record")).Not.ToHaveTextAsync(before!);
        await parties.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(sender.Locator(".record")).ToHaveTextAsync(before!);
        browser.AssertClean(silo.Address);

        static CrmRecord Contact(RecordReference reference, string name, int year) =>
            new(new RecordFacts(reference, true, null, new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero)), name, [TrackingCluster.Address("zoe@means.example")]);
    }

    [BrowserFact]
    public async Task What_mail_says_stays_text_and_its_files_are_downloads()
    {
        const string Mailbox = "hostile@contoso.com";
        const string Hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"""
            From: {Hostile} <evil@wingtip.example>
            To: {Mailbox}
            Subject: {Hostile}
            Date: Mon, 2 Mar 2026 09:00:00 +0000
            Message-ID: <hostile@wingtip.example>
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            {Hostile}
            --b
            Content-Type: text/csv; name=list.csv
            Content-Disposition: attachment; filename=list.csv

            a,b
            --b
            Content-Type: application/octet-stream
            Content-Disposition: attachment; filename=run.exe

            MZ
            --b--
            """.ReplaceLineEndings("\r\n"))));
        await using var browser = await silo.OpenAsync("emails/hostile@wingtip.example");
        var page = browser.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Hostile);
        await Expect(page.Locator("pre.body")).ToContainTextAsync(Hostile);
        await Expect(page.Locator("main img, main script")).ToHaveCountAsync(0);
        await Expect(page).ToHaveTitleAsync($"{Hostile}: EmailTracking");

        var files = page.Locator(".files li");
        await Expect(files.Filter(new() { HasText = "run.exe" })).ToContainTextAsync("not handed out");
        var download = await page.RunAndWaitForDownloadAsync(() => files.GetByRole(AriaRole.Link, new() { Name = "list.csv" }).ClickAsync());
        Assert.Equal("list.csv", download.SuggestedFilename);
        Assert.StartsWith("a,b", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task A_mail_that_nobody_saw_is_not_there()
    {
        await using var browser = await silo.OpenAsync("emails/never@seen.example");
        await Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No such email was seen");
        browser.AssertClean(silo.Address);
    }

    private static ILocator Field(ILocator fields, string label) => fields.Locator($"dt:text-is('{label}') + dd");

    private static ILocator Button(IPage page, string name, ILocator? within = null) =>
        (within ?? page.Locator("main")).GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
