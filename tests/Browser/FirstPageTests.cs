using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>How much the first page of somebody who was never here takes.</summary>
[Collection(PagesSilo.Name)]
public sealed class FirstPageTests(PagesSilo silo, ITestOutputHelper output)
{
    private const long BytesMax = 1_500_000;

    [BrowserFact]
    public async Task The_first_page_is_small()
    {
        var transferred = new ConcurrentQueue<double>();
        await using var browser = await Chromium.OpenAsync(new Uri("about:blank"));
        var network = await browser.Page.Context.NewCDPSessionAsync(browser.Page);
        await network.SendAsync("Network.enable");
        network.Event("Network.loadingFinished").OnEvent += (_, finished) => transferred.Enqueue(finished!.Value.GetProperty("encodedDataLength").GetDouble());
        var watch = Stopwatch.StartNew();
        await browser.GoAsync(silo.Address);

        // It can be used: mail is there, and what is typed is taken.
        await Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "200 desks for our new office", Exact = true })).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Activities" })).ToBeFocusedAsync();
        watch.Stop();
        await browser.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.NotEmpty(transferred);
        Assert.InRange(transferred.Sum(), 1, BytesMax);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: first page, cold, {transferred.Count} files: {transferred.Sum() / 1_000_000:f2} MB (at most 1.5), usable after {watch.ElapsedMilliseconds} ms (aim: 1500 ms)"));
    }
}
