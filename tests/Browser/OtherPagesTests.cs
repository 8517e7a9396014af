using EmailTracking.Acts;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>Why not?, and the list of mailboxes.</summary>
[Collection(PagesSilo.Name)]
public sealed class OtherPagesTests(PagesSilo silo)
{
    private const string Mailbox = "why@contoso.com";

    [BrowserFact]
    public async Task Why_a_mail_is_left_out_is_told_by_its_id_and_by_the_mail_itself()
    {
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: false, FilterMethod.Replies, []));
        var mail = "From: bo@fabrikam.com\r\nTo: why@contoso.com\r\nSubject: Lunch\r\nMessage-ID: <lunch@fabrikam.com>\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\nAt noon?\r\n"u8;
        await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream(mail.ToArray()), null);
        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "why"));
        var page = browser.Page;

        await page.GetByLabel("Message-ID").FillAsync("<lunch@fabrikam.com>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "only answers to tracked mail, and this answers none" }).First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = Mailbox })).ToBeVisibleAsync();
        await browser.KeepAsync("why-not");

        await page.GetByLabel("The mail as a file").SetInputFilesAsync(new FilePayload
        {
            Name = "other.eml", MimeType = "message/rfc822", Buffer = "Message-ID: <other@x>\r\nSubject: Other\r\n\r\nText.\r\n"u8.ToArray(),
        });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Not seen" })).ToBeVisibleAsync();
        await Expect(page.GetByText("<other@x>")).ToBeVisibleAsync();

        await page.GetByLabel("The mail as a file").SetInputFilesAsync(new FilePayload
        {
            Name = "photo.png", MimeType = "image/png", Buffer = [0x89, 0x50, 0x4E, 0x47],
        });
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has no Message-ID");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Why_a_mail_is_not_here_that_somebody_tracked_is_told_with_who_and_what_to_do()
    {
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: false, FilterMethod.Replies, []));
        await silo.Client.ActAsync(new ActCall
        {
            Id = Guid.NewGuid(), Kind = ActKind.Track, By = "Ana", Names = ["<pending@fabrikam.com>"], Mailbox = TrackingCluster.Address(Mailbox),
        });
        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "why"));
        await browser.Page.GetByLabel("Message-ID").FillAsync("<pending@fabrikam.com>");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Pending" })).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Ana tracked <pending@fabrikam.com> in why@contoso.com");
        await Expect(browser.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("has no server");
        await browser.KeepAsync("why-pending");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Mailboxes_are_shown_with_what_they_track()
    {
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address("shown@contoso.com"), null, IsQueue: true, FilterMethod.All, []));
        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "mailboxes"));
        var row = browser.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "shown@contoso.com" });
        await Expect(row).ToContainTextAsync("all email messages");
        await Expect(row).ToContainTextAsync("no server");
        await browser.KeepAsync("mailboxes");
        browser.AssertClean(silo.Address);
    }
}
