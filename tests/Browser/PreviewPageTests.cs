using EmailTracking.Tests.Cluster;

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
        var address = new Uri($"http://127.0.0.1:{port}/");
        await using var browser = await Chromium.OpenAsync(address);

        await browser.ChooseAsync("#file", file);
        await browser.WaitAsync("document.querySelectorAll('#mails tbody tr').length === 3");

        Assert.Equal("Done: 3 mails.", (string?)await browser.RunAsync("document.getElementById('status').textContent"));
        Assert.Equal("tracked30000", (string?)await browser.RunAsync("document.querySelector('#tallies tbody tr').textContent"));
        Assert.Equal(Hostile, (string?)await browser.RunAsync("document.querySelectorAll('#mails tbody button')[1].textContent"));

        // By keyboard: Enter on the subject opens the mail, and its heading has the focus.
        await browser.RunAsync("document.querySelectorAll('#mails tbody button')[1].focus()");
        await browser.PressEnterAsync();
        await browser.WaitAsync("document.activeElement.id === 'mail-title'");
        Assert.Equal(Hostile, (string?)await browser.RunAsync("document.getElementById('mail-title').textContent"));
        Assert.Equal(5, (int?)await browser.RunAsync("document.querySelectorAll('#reasons article').length"));
        Assert.Contains("In-Reply-To names it", (string?)await browser.RunAsync("document.querySelector('#reasons article').textContent"), StringComparison.Ordinal);
        Assert.Equal(1, (int?)await browser.RunAsync("document.querySelectorAll('#reasons .here').length"));
        await browser.RunAsync("document.getElementById('back').click()");
        Assert.Equal(Hostile, (string?)await browser.RunAsync("document.activeElement.textContent"));

        Assert.Equal(0, (int?)await browser.RunAsync("document.querySelectorAll('main img, main script').length"));
        Assert.Equal("EmailTracking: preview", (string?)await browser.RunAsync("document.title"));
        Assert.Empty(browser.Complaints);
        Assert.NotEmpty(browser.Requests);
        Assert.DoesNotContain(browser.Requests, request => !request.StartsWith(address.ToString(), StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task What_is_not_mail_is_told_on_the_page()
    {
        var port = SiloProcess.FreePort();
        var data = Directory.CreateTempSubdirectory("browser-").FullName;
        var file = Path.Combine(data, "report.pdf");
        await File.WriteAllTextAsync(file, "%PDF-1.7 and so on");
        await using var silo = await SiloProcess.StartAsync("--data", data, "--web-port", $"{port}");
        await using var browser = await Chromium.OpenAsync(new Uri($"http://127.0.0.1:{port}/"));

        await browser.ChooseAsync("#file", file);
        await browser.WaitAsync("document.getElementById('problem').textContent !== ''");

        Assert.StartsWith(
            "There is no mail in this file.",
            (string?)await browser.RunAsync("document.getElementById('problem').textContent"),
            StringComparison.Ordinal);
    }

    private static string Message(int number, string subject, int? answers) =>
        $"From a@x Mon Jan  5 1{number}:00:00 2026\nFrom: bo@fabrikam.com\nTo: ana@contoso.com\nSubject: {subject}\nMessage-ID: <{number}@x>\n" +
        (answers is null ? "" : $"In-Reply-To: <{answers}@x>\n") +
        $"Date: Mon, 5 Jan 2026 1{number}:00:00 +0000\n\nText.\n\n";
}
