using System.Text;
using EmailTracking.Intake;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>How it goes, in figures.</summary>
[Collection(PagesSilo.Name)]
public sealed class OverviewTests(PagesSilo silo)
{
    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Charts_show_what_came_and_say_it_in_words_and_tables(ColorScheme scheme)
    {
        const string Mailbox = "figures@contoso.com";
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        for (var i = 0; i < 6; i++)
        {
            var received = DateTimeOffset.UtcNow.AddHours(-i);
            await silo.Client.DeliverAsync(
                new Delivery(Mailbox, "Inbox", null, received),
                new MemoryStream(Encoding.UTF8.GetBytes(
                    $"From: zoe@northwind.example\r\nTo: {Mailbox}\r\nSubject: Figures\r\nDate: {received:R}\r\nMessage-ID: <{Guid.NewGuid():N}@northwind.example>\r\n\r\nText.\r\n")));
        }

        await using var browser = await Chromium.OpenAsync(new Uri(silo.Address, "overview"), new BrowserNewContextOptions { ColorScheme = scheme });
        var page = browser.Page;
        var outcomes = page.GetByRole(AriaRole.Img, new() { Name = "Mail by outcome and hour" });
        await Expect(outcomes).ToBeVisibleAsync();
        await Expect(outcomes).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("copies were tracked"));
        await Expect(outcomes.Locator("rect.good").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Time to track by hour" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Dead letters")).ToBeVisibleAsync();
        await browser.KeepAsync($"overview-{scheme}");

        var region = page.GetByRole(AriaRole.Region, new() { Name = "Mail by outcome" });
        await region.GetByText("As a table").ClickAsync();
        await Expect(region.GetByRole(AriaRole.Row)).ToHaveCountAsync(25);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Mailboxes by health" }).GetByRole(AriaRole.Row).Last).ToContainTextAsync("Not read from a server");
        browser.AssertClean(silo.Address);
    }
}
