using System.Text;
using EmailTracking.Access;
using EmailTracking.Storage;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>What is not one's own is on no page.</summary>
public sealed class ForeignMailTests
{
    private const string Secret = "Secret plan";

    [BrowserFact]
    public async Task Pages_show_what_is_ones_own_and_say_no_more_of_the_rest_than_that_it_is_there()
    {
        await using var silo = await SignInSilo.StartAsync();
        var (ana, ben, client) = (User(), User(), new RecordReference(Tables.Contact, Guid.NewGuid()));
        await silo.Client.SaveRecordsAsync(
        [
            Record(ana, "Ana", null, "ana@contoso.com"), Record(ben, "Ben", null, "ben@contoso.com"), Record(client, "Ben's client", ben.Id, "client@secret.example"),
        ]);
        await silo.Client.SaveMailboxAsync(new MailboxFacts(TrackingCluster.Address("ana@contoso.com"), ana, IsQueue: false, FilterMethod.All, []));
        await silo.Client.SaveMailboxAsync(new MailboxFacts(TrackingCluster.Address("ben@contoso.com"), ben, IsQueue: false, FilterMethod.All, []));
        await silo.Client.DeliverAsync("ben@contoso.com", "Inbox", Mail("ben@contoso.com", "secret-1", Secret, null));
        await silo.Client.DeliverAsync("ana@contoso.com", "Inbox", Mail("ana@contoso.com", "secret-2", "Re: the plan", "secret-1"));
        Assert.Null(await silo.Client.SavePersonAsync(new SignedIn("ana", "Ana", Role.User, ana.Id, [], "tests", default)));
        var conversation = (await silo.Client.ExplainAsync("secret-2@northwind.example"))!.Email.Activity!.State.ConversationId;

        await using var browser = await silo.SignInAsync($"conversations/{conversation}");
        var page = browser.Page;
        await Expect(page.Locator(".thread > li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".thread > li")).ToContainTextAsync("Answers an email that you may not see");
        await Expect(page.GetByText("1 more that you may not see.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Toolbar)).ToHaveCountAsync(0);
        Assert.DoesNotContain(Secret, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync(new Uri(silo.Address, $"records/{client}").ToString());
        await Expect(page.GetByText("No tracked mail that you may see is about it")).ToBeVisibleAsync();
        Assert.DoesNotContain("Ben's client", await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Mailboxes by health" }).GetByRole(AriaRole.Row).Last).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Not read from a server\\s*1"));
        await Expect(page.GetByText("Waiting to be decided again")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Review", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Every message was decided.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Nothing is held.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region)).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Mail_of_another_users_mailbox_is_not_listed_opened_explained_or_told_as_it_comes()
    {
        await using var silo = await SignInSilo.StartAsync();
        var (ana, ben) = (User(), User());
        foreach (var (name, user, filter) in new[] { ("ana", ana, FilterMethod.All), ("ben", ben, FilterMethod.All), ("ben2", ben, FilterMethod.Replies) })
        {
            await silo.Client.SaveMailboxAsync(new MailboxFacts(TrackingCluster.Address($"{name}@contoso.com"), user, IsQueue: false, filter, []));
            await silo.Client.DeliverAsync($"{name}@contoso.com", "Inbox", Mail($"{name}@contoso.com", $"{name}-1", $"For {name}", null));
        }

        Assert.Null(await silo.Client.SavePersonAsync(new SignedIn("ana", "Ana", Role.User, ana.Id, [], "tests", default)));
        Assert.Null(await silo.Client.SavePersonAsync(new SignedIn("ben", "Ben", Role.User, ben.Id, [], "tests", default)));

        // To its owner it is there, also what is not tracked.
        silo.Issuer.Person = "ben";
        await using (var bens = await silo.SignInAsync("why"))
        {
            await AskAsync(bens.Page, "ben2-1");
            await Expect(bens.Page.GetByRole(AriaRole.Region, new() { Name = "Why" })).ToContainTextAsync("answers to tracked mail");
        }

        silo.Issuer.Person = "ana";
        await using var browser = await silo.SignInAsync("");
        var page = browser.Page;
        await Expect(Link(page, "For ana")).ToBeVisibleAsync();
        await Expect(Link(page, "For ben")).ToHaveCountAsync(0);
        foreach (var id in new[] { "ben-1", "ben2-1" })
        {
            await browser.GoAsync(new Uri(silo.Address, $"emails/{id}@northwind.example"));
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No such email was seen");
            await browser.GoAsync(new Uri(silo.Address, "why"));
            await AskAsync(page, id);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Not seen" })).ToBeVisibleAsync();
        }

        await browser.GoAsync(silo.Address);
        await silo.Client.DeliverAsync("ben@contoso.com", "Inbox", Mail("ben@contoso.com", "ben-2", "More for ben", null));
        await silo.Client.DeliverAsync("ana@contoso.com", "Inbox", Mail("ana@contoso.com", "ana-2", "More for ana", null));
        await Expect(Link(page, "More for ana")).ToBeVisibleAsync();
        await Expect(Link(page, "More for ben")).ToHaveCountAsync(0);
    }

    private static ILocator Link(IPage page, string subject) => page.GetByRole(AriaRole.Link, new() { Name = subject, Exact = true });

    private static async Task AskAsync(IPage page, string id)
    {
        await page.GetByLabel("Message-ID").FillAsync($"{id}@northwind.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
    }

    private static RecordReference User() => new(Tables.SystemUser, Guid.NewGuid());

    private static CrmRecord Record(RecordReference reference, string name, Guid? owner, string address) =>
        new(new RecordFacts(reference, true, owner, DateTimeOffset.UnixEpoch), name, [TrackingCluster.Address(address)]);

    private static MemoryStream Mail(string to, string id, string subject, string? answers) => new(Encoding.UTF8.GetBytes(
        $"From: zoe@northwind.example\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 2 Mar 2026 09:0{id[^1]}:00 +0000\r\nMessage-ID: <{id}@northwind.example>\r\n" +
        (answers is null ? "" : $"In-Reply-To: <{answers}@northwind.example>\r\n") +
        "\r\nText.\r\n"));
}
