using EmailTracking.Tests.Cluster;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>The preview's page as a person uses it: a file is chosen, a mail is opened, all by keyboard.</summary>
public sealed class PreviewPageTests
{
    private const string Hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";

    [BrowserFact]
    public async Task A_file_is_previewed_and_its_mail_stays_text()
    {
        var port = SiloProcess.FreePort();
        var data = Directory.CreateTempSubdirectory("browser-").FullName;
        var file = Path.Combine(data, "a.mbox");
        await File.WriteAllTextAsync(file, Message(1, "Desks", null) + Message(2, Hostile, 1) + Message(3, "Chairs", null));
        await using var silo = await SiloProcess.StartAsync("--data", data, "--web-port", $"{port}");
        var address = new Uri($"http://127.0.0.1:{port}/preview");
        await using var browser = await Chromium.OpenAsync(address);
        var page = browser.Page;

        await page.SetInputFilesAsync("#file", file);
        await Expect(page.Locator("#mails tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator("#status")).ToHaveTextAsync("Done: 3 mails.");
        await Expect(page.Locator("#tallies tbody tr").First).ToHaveTextAsync("tracked30000");
        var subject = page.Locator("#mails tbody button").Nth(1);
        Assert.Equal(Hostile, await subject.TextContentAsync());
        await browser.KeepAsync("preview");

        // By keyboard: Enter on the subject opens the mail, and its heading has the focus.
        await subject.PressAsync("Enter");
        await Expect(page.Locator("#mail-title")).ToBeFocusedAsync();
        Assert.Equal(Hostile, await page.Locator("#mail-title").TextContentAsync());
        await Expect(page.Locator("#reasons article")).ToHaveCountAsync(5);
        await Expect(page.Locator("#reasons article").First).ToContainTextAsync("In-Reply-To names it");
        await Expect(page.Locator("#reasons .here")).ToHaveCountAsync(1);
        await page.ClickAsync("#back");
        await Expect(subject).ToBeFocusedAsync();

        await Expect(page.Locator("main img, main script")).ToHaveCountAsync(0);
        await Expect(page).ToHaveTitleAsync("EmailTracking: preview");
        browser.AssertClean(address);
    }

    [BrowserFact]
    public async Task What_is_not_mail_is_told_on_the_page()
    {
        var port = SiloProcess.FreePort();
        var data = Directory.CreateTempSubdirectory("browser-").FullName;
        var file = Path.Combine(data, "report.pdf");
        await File.WriteAllTextAsync(file, "%PDF-1.7 and so on");
        await using var silo = await SiloProcess.StartAsync("--data", data, "--web-port", $"{port}");
        await using var browser = await Chromium.OpenAsync(new Uri($"http://127.0.0.1:{port}/preview"));

        await browser.Page.SetInputFilesAsync("#file", file);
        await Expect(browser.Page.Locator("#problem")).ToContainTextAsync("There is no mail in this file.");
    }

    private static string Message(int number, string subject, int? answers) =>
        $"From a@x Mon Jan  5 1{number}:00:00 2026\nFrom: bo@fabrikam.com\nTo: ana@contoso.com\nSubject: {subject}\nMessage-ID: <{number}@x>\n" +
        (answers is null ? "" : $"In-Reply-To: <{answers}@x>\n") +
        $"Date: Mon, 5 Jan 2026 1{number}:00:00 +0000\n\nText.\n\n";
}
