using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>A conversation as a tree, and what one can do about it.</summary>
[Collection(PagesSilo.Name)]
public sealed class ConversationTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task Each_email_hangs_below_the_one_that_it_answers()
    {
        await using var browser = await silo.OpenAsync("emails/desks-4@fabrikam.com");
        var page = browser.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Conversation", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("200 desks for our new office");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        var mails = Mails(page);
        await Expect(mails.First).ToHaveAttributeAsync("aria-level", "1");
        var second = mails.Nth(1);
        await Expect(second).ToHaveAttributeAsync("aria-level", "2");
        await Expect(second).ToContainTextAsync("answers bo@fabrikam.com");
        await Expect(second).ToContainTextAsync("In-Reply-To");
        await Expect(second).ToContainTextAsync("Fabrikam: 200 desks");
        await browser.KeepAsync("conversation");

        await second.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/emails/"));
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task It_is_split_and_merged_and_both_are_taken_back()
    {
        const string Mailbox = "thread@contoso.com";
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        await DeliverAsync(Mailbox, "shelf-1", "Shelves", null);
        await DeliverAsync(Mailbox, "shelf-2", "Re: Shelves", "shelf-1");
        await DeliverAsync(Mailbox, "shelf-3", "Re: Shelves and lamps", "shelf-2");
        await DeliverAsync(Mailbox, "lamp-1", "Lamps", null);
        await using var browser = await silo.OpenAsync($"conversations/{await ConversationAsync("shelf-1")}");
        var page = browser.Page;
        await Expect(Mails(page)).ToHaveCountAsync(3);
        var done = page.Locator(".done");

        await Button(page, "Split from here: Re: Shelves and lamps").ClickAsync();
        var split = page.GetByRole(AriaRole.Form, new() { Name = "Split from here" });
        await Expect(split.GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
        await browser.KeepAsync("conversation-split");
        await Button(page, "Split", split).ClickAsync();
        await Expect(done).ToContainTextAsync("Split off: it is a conversation of its own.");
        await Expect(Mails(page)).ToHaveCountAsync(2);
        await Expect(done.GetByRole(AriaRole.Link, new() { Name = "See the other conversation" })).ToBeVisibleAsync();
        await Button(page, "Undo", done).ClickAsync();
        await Expect(Mails(page)).ToHaveCountAsync(3);

        await Button(page, "Merge").ClickAsync();
        var merge = page.GetByRole(AriaRole.Form, new() { Name = "Merge" });
        await Button(page, "Merge", merge).ClickAsync();
        await Expect(merge.GetByRole(AriaRole.Alert)).ToContainTextAsync("Find the other conversation");
        await merge.GetByRole(AriaRole.Textbox).FillAsync(new Uri(silo.Address, "emails/lamp-1@northwind.example").ToString());
        await Button(page, "Find", merge).ClickAsync();
        await Expect(merge.GetByLabel("Lamps")).ToBeCheckedAsync();
        await browser.KeepAsync("conversation-merge");
        await Button(page, "Merge", merge).ClickAsync();
        await Expect(done).ToContainTextAsync("Merged: the conversations are one.");
        await Expect(Mails(page)).ToHaveCountAsync(4);

        // Later it is taken back by the history.
        await page.GetByRole(AriaRole.Region, new() { Name = "Done by hand" }).GetByRole(AriaRole.Button, new() { Name = "Undo Merge" }).ClickAsync();
        await Expect(done).ToContainTextAsync("Taken back.");
        await Expect(Mails(page)).ToHaveCountAsync(3);
        browser.AssertClean(silo.Address);

        using var client = new HttpClient { BaseAddress = silo.Address };
        var log = JsonNode.Parse(await client.GetStringAsync(new Uri("api/tracking/audit-log?count=100", UriKind.Relative)))!["value"]!.AsArray();
        foreach (var operation in new[] { "split-conversation", "merge-conversations", "undo-act" })
        {
            Assert.Contains(log, entry => (string)entry!["operation"]! == operation && ((string)entry["target"]!).StartsWith("page conversations/", StringComparison.Ordinal) &&
                (string)entry["outcome"]! == "done");
        }
    }

    [BrowserFact]
    public async Task What_it_is_about_is_said_for_all_of_it_and_mail_that_comes_is_shown()
    {
        const string Mailbox = "whole@contoso.com";
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        await DeliverAsync(Mailbox, "whole-1", "Carpets", null);
        await DeliverAsync(Mailbox, "whole-2", "Re: Carpets", "whole-1");
        await using var browser = await silo.OpenAsync($"conversations/{await ConversationAsync("whole-1")}");
        var page = browser.Page;
        await Button(page, "Set Regarding").ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Set Regarding" });
        await form.GetByRole(AriaRole.Textbox).FillAsync($"opportunity/{await silo.DesksAsync()}");
        await form.GetByRole(AriaRole.Textbox).PressAsync("Tab");
        await Button(page, "Set", form).ClickAsync();
        await Expect(page.Locator(".done")).ToContainTextAsync("Regarding set. 2 emails stand otherwise now.");
        await Expect(Mails(page).Filter(new() { HasText = "Fabrikam: 200 desks" })).ToHaveCountAsync(2);

        // Without a reload.
        await DeliverAsync(Mailbox, "whole-3", "Re: Carpets, the red ones", "whole-2");
        await Expect(Mails(page).Nth(2)).ToContainTextAsync("Re: Carpets, the red ones");
        await Expect(Mails(page).Nth(2)).ToHaveAttributeAsync("aria-level", "3");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task One_that_is_not_there_is_said_to_be_so()
    {
        await using var browser = await silo.OpenAsync($"conversations/{Guid.NewGuid()}");
        await Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No conversation has this id");
        browser.AssertClean(silo.Address);
    }

    private static ILocator Mails(IPage page) => page.Locator(".thread > li");

    private static ILocator Button(IPage page, string name, ILocator? within = null) =>
        (within ?? page.Locator("main")).GetByRole(AriaRole.Button, new() { NameRegex = new($"^{System.Text.RegularExpressions.Regex.Escape(name)}(, .*)?$") }).First;

    private async Task DeliverAsync(string mailbox, string id, string subject, string? answers)
    {
        var sent = new DateTimeOffset(2026, 3, 2, 9, id[^1] - '0', 0, TimeSpan.Zero);
        await silo.Client.DeliverAsync(mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"From: zoe@northwind.example\r\nTo: {mailbox}\r\nSubject: {subject}\r\nDate: {sent:R}\r\nMessage-ID: <{id}@northwind.example>\r\n" +
            (answers is null ? "" : $"In-Reply-To: <{answers}@northwind.example>\r\n") +
            "\r\nText.\r\n")));
    }

    private async Task<Guid> ConversationAsync(string id) =>
        (await silo.Client.ExplainAsync($"{id}@northwind.example"))!.Email.Activity!.State.ConversationId;
}
