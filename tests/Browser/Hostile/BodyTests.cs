using System.Globalization;
using System.Text;
using EmailTracking.Client;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Microsoft.Playwright;

namespace EmailTracking.Tests.Browser.Hostile;

/// <summary>Every trick as the body of a delivered mail, shown in a real browser: nothing runs, nothing is loaded.</summary>
public sealed class BodyTests
{
    private const string Mailbox = "ana@contoso.com";

    [BrowserFact]
    public async Task No_trick_runs_a_script_or_loads_anything()
    {
        var port = SiloProcess.FreePort();
        var data = Directory.CreateTempSubdirectory("hostile-").FullName;
        await using var silo = await SiloProcess.StartAsync("--data", data, "--web-port", $"{port}");
        var address = new Uri($"http://127.0.0.1:{port}/");
        using var client = new HttpClient { BaseAddress = address };
        await DeliverAsync(silo, client);

        await using var browser = await Chromium.OpenAsync(new Uri(address, "api/openapi.json"));
        var sanitised = new List<string>();
        foreach (var number in Enumerable.Range(0, Tricks.All.Count))
        {
            var body = new Uri(address, $"api/tracking/emails/{number}@evil.example/body");
            using (var answer = await client.GetAsync(body))
            {
                Assert.True(answer.IsSuccessStatusCode, $"{Tricks.All[number]}: {silo.Output}");
                sanitised.Add(await answer.Content.ReadAsStringAsync());
            }

            browser.Requests.Clear();
            await browser.GoAsync(body);
            Assert.True(await browser.Page.TitleAsync() == "Mail", $"It ran: {Tricks.All[number]}");
            Assert.True(browser.Requests.All(request => request == body.ToString() || request.StartsWith("data:image/", StringComparison.Ordinal)),
                $"{Tricks.All[number]}: {string.Join(' ', browser.Requests)}");
        }

        // The policy of the answer is a second wall: behind the first one nothing comes through even where anything is allowed.
        Assert.Empty(await FoundAsync(sanitised));
    }

    [BrowserFact]
    public async Task The_tricks_do_work_where_nothing_is_done_against_them() =>
        Assert.InRange((await FoundAsync(Tricks.All)).Count, Tricks.All.Count / 2, Tricks.All.Count);

    // The documents that ran a script or asked for something, each shown as a file that may do all that a page may.
    private static async Task<List<int>> FoundAsync(IReadOnlyList<string> documents)
    {
        var folder = Directory.CreateTempSubdirectory("tricks-").FullName;
        var file = Path.Combine(folder, "page.html");
        await File.WriteAllTextAsync(file, "<title>Mail</title>");
        var page = new Uri(file);
        await using var browser = await Chromium.OpenAsync(page);
        var found = new List<int>();
        foreach (var (number, document) in documents.Index())
        {
            await File.WriteAllTextAsync(file, "<!doctype html><meta charset=utf-8><title>Mail</title>" + document);
            await LeaveAsync(browser);
            browser.Requests.Clear();
            if (await ActsAsync(browser, page))
            {
                found.Add(number);
            }
        }

        Directory.Delete(folder, recursive: true);
        return found;
    }

    private static async Task<bool> ActsAsync(OpenPage browser, Uri page)
    {
        try
        {
            await browser.GoAsync(page);
            return await browser.Page.TitleAsync() != "Mail" || browser.Requests.Any(request => request != page.ToString());
        }
        catch (PlaywrightException)
        {
            // It led elsewhere before it could be looked at.
            return true;
        }
    }

    // A trick that is about to lead elsewhere gets in the way of the first try to leave it.
    private static async Task LeaveAsync(OpenPage browser)
    {
        try
        {
            await browser.Page.GotoAsync("about:blank");
        }
        catch (PlaywrightException)
        {
            await browser.Page.GotoAsync("about:blank");
        }
    }

    private static async Task DeliverAsync(SiloProcess silo, HttpClient client)
    {
        await using (var cluster = await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = [silo.Gateway] }))
        {
            await cluster.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(Mailbox), null, IsQueue: true, FilterMethod.All, []));
        }

        using var content = new StringContent(string.Concat(Tricks.All.Select(Message)), Encoding.UTF8, "application/mbox");
        using var answer = await client.PostAsync(new Uri($"api/tracking/mailboxes/{Mailbox}/emails/batch?folder=Inbox", UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
    }

    private static string Message(string trick, int number) => string.Create(CultureInfo.InvariantCulture, $"""
        From a@evil.example Mon Jan  5 10:00:00 2026
        From: a@evil.example
        To: {Mailbox}
        Subject: Trick {number}
        Message-ID: <{number}@evil.example>
        Date: Mon, 5 Jan 2026 10:00:00 +0000
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(Encoding.UTF8.GetBytes(trick), Base64FormattingOptions.InsertLineBreaks)}


        """).ReplaceLineEndings("\n");
}
