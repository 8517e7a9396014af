using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Storage;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>What a person should look at: held mail, dead letters, and whom addresses mean.</summary>
[Collection(PagesSilo.Name)]
public sealed class ReviewTests(PagesSilo silo)
{
    [BrowserFact]
    public async Task Dead_letters_are_tried_again_one_or_all()
    {
        const string Mailbox = "dead@contoso.com";
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream("\0\0\0 this is no mail"u8.ToArray()));
        await using var browser = await silo.OpenAsync("review");
        var page = browser.Page;
        var letters = page.GetByRole(AriaRole.Region, new() { Name = "Dead letters" });
        var letter = letters.GetByRole(AriaRole.Listitem).Filter(new() { HasText = Mailbox });
        await Expect(letter).ToContainTextAsync("its raw mail is kept here");
        await letter.GetByRole(AriaRole.Button, new() { NameRegex = new("^Try again: ") }).ClickAsync();
        await Expect(letter.GetByRole(AriaRole.Alert)).ToContainTextAsync("It is a dead letter still");
        await browser.KeepAsync("review");
        await letters.GetByRole(AriaRole.Button, new() { Name = "Try all again" }).ClickAsync();
        await Expect(letters.GetByRole(AriaRole.Status)).ToContainTextAsync("were tried again, 0 were decided");
        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Held_mail_is_admitted_or_taken_out_and_that_is_taken_back()
    {
        const string Mailbox = "held@contoso.com";
        await silo.DeliverAsync(Mailbox, "Held parent", 1, 1);
        var parent = (await silo.Client.ListAsync(new EmailFilter { Subject = "Held parent" })).Single();
        await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
            $"From: stranger@elsewhere.example\r\nTo: {Mailbox}\r\nSubject: A stranger speaks\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000\r\n" +
            $"Message-ID: <stranger@elsewhere.example>\r\nIn-Reply-To: <{parent.Activity!.MessageId}>\r\n\r\nText.\r\n")));
        await using var browser = await silo.OpenAsync("review");
        var held = browser.Page.GetByRole(AriaRole.Region, new() { Name = "Held mail" });
        var mail = held.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "A stranger speaks" });
        await Expect(mail).ToHaveCountAsync(1);
        await browser.KeepAsync("review-held");
        foreach (var (act, words) in new[] { ("Admit", "Admitted."), ("Untrack", "Untracked") })
        {
            await mail.GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
            await Expect(held.GetByRole(AriaRole.Status)).ToContainTextAsync(words);
            await Expect(mail).ToHaveCountAsync(0);
            await held.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
            await Expect(held.GetByRole(AriaRole.Status)).ToContainTextAsync("Taken back.");
            await Expect(mail).ToHaveCountAsync(1);
        }

        browser.AssertClean(silo.Address);
    }

    [BrowserFact]
    public async Task Whom_an_address_means_is_chosen_and_taken_back()
    {
        const string Shared = "pat@shared.example";
        var (pat, office) = (new RecordReference("contact", Guid.NewGuid()), new RecordReference("account", Guid.NewGuid()));
        await silo.Client.SaveRecordsAsync([Record(pat, "Pat Sharer", Shared), Record(office, "Shared Office", Shared)]);
        await using var browser = await silo.OpenAsync("review");
        var page = browser.Page;
        var region = page.GetByRole(AriaRole.Region, new() { Name = "Whom addresses mean" });
        var open = region.GetByRole(AriaRole.Button, new() { Name = Shared });
        await open.ClickAsync();
        var form = region.GetByRole(AriaRole.Form, new() { Name = $"Whom {Shared} means" });
        await form.GetByRole(AriaRole.Button, new() { Name = "Choose" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose a record");
        await form.GetByLabel("Pat Sharer").CheckAsync();
        await browser.KeepAsync("review-addresses");
        await form.GetByRole(AriaRole.Button, new() { Name = "Choose" }).ClickAsync();
        await Expect(region.GetByRole(AriaRole.Status)).ToContainTextAsync($"{Shared}: chosen.");

        // It needs nobody any more, and can be taken back.
        await Expect(open).ToHaveCountAsync(0);
        await Expect(form.GetByLabel("Pat Sharer")).ToBeCheckedAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Take the choice back" }).ClickAsync();
        await Expect(region.GetByRole(AriaRole.Status)).ToContainTextAsync($"{Shared}: taken back.");
        await Expect(open).ToBeVisibleAsync();
        browser.AssertClean(silo.Address);

        using var client = new HttpClient { BaseAddress = silo.Address };
        var log = JsonNode.Parse(await client.GetStringAsync(new Uri("api/tracking/audit-log?count=100", UriKind.Relative)))!["value"]!.AsArray();
        foreach (var operation in new[] { "choose-record", "take-choice-back" })
        {
            Assert.Contains(log, entry => (string)entry!["operation"]! == operation && (string)entry["target"]! == $"page address-choices/{Shared}" && (string)entry["outcome"]! == "done");
        }
    }

    private static CrmRecord Record(RecordReference reference, string name, string address) =>
        new(new RecordFacts(reference, true, null, DateTimeOffset.UnixEpoch), name, [TrackingCluster.Address(address)]);
}
