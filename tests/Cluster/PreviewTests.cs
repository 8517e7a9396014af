using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Client.Readers;
using EmailTracking.Preview;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

public sealed class PreviewTests(PreviewSilo silo) : IClassFixture<PreviewSilo>
{
    [Theory]
    [InlineData(FilterMethod.None)]
    [InlineData(FilterMethod.Replies)]
    [InlineData(FilterMethod.LeadsContactsAccounts)]
    [InlineData(FilterMethod.EmailEnabledRecords)]
    [InlineData(FilterMethod.All)]
    public async Task What_is_previewed_is_what_a_delivery_then_does(FilterMethod filter)
    {
        var mailbox = TrackingCluster.Address($"filter{(int)filter}@contoso.com");
        byte[][] mails = [.. await ReadSamplesAsync(), .. Letters((int)filter)];
        await using var preview = await silo.Client.OpenPreviewAsync(new PreviewRequest(mailbox, IsQueue: false));
        await silo.ListedAsync();
        var rows = silo.DigestOfRows();
        await preview.FeedAsync(Items(mails), (_, _) => { });
        var previewed = await preview.ReadMailsAsync(new PreviewQuery(0, 1_000, false, null));

        // Nothing is written.
        Assert.Equal(rows, silo.DigestOfRows());

        await silo.Client.EnsureMailboxAsync(new MailboxFacts(mailbox, null, IsQueue: false, filter, []));
        var delivered = new List<string>();
        foreach (var mail in mails)
        {
            var answer = await silo.Client.DeliverAsync(mailbox.Value, "Inbox", new MemoryStream(mail));
            delivered.Add($"{answer.Outcome} {answer.Reason}");
        }

        Assert.NotEqual(rows, silo.DigestOfRows());
        Assert.Equal(mails.Length, previewed.Length);
        Assert.Equal(delivered, previewed.Select(mail => $"{mail.Verdicts[(int)filter].Outcome} {mail.Verdicts[(int)filter].Reason}"));
        Assert.Contains(previewed, mail => (mail.Verdicts[(int)filter].Outcome == Outcome.Tracked) == (filter != FilterMethod.None));
    }

    [Fact]
    public async Task The_address_of_the_page_is_printed()
    {
        Assert.Contains($"See what would be tracked of your own mail: {silo.Page.BaseAddress}preview ", silo.Output, StringComparison.Ordinal);
        var page = await silo.Page.GetStringAsync(new Uri("/preview", UriKind.Relative));
        Assert.Contains("What would be tracked of your mail?", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/pages/start.js")]
    [InlineData("/preview")]
    [InlineData("/preview/page.js")]
    [InlineData("/nothing")]
    public async Task Every_answer_forbids_scripts_of_others_and_guesses(string path)
    {
        using var answer = await silo.Page.GetAsync(new Uri(path, UriKind.Relative));

        Assert.StartsWith("default-src 'none'; script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("evil.example",  "",                     "",            HttpStatusCode.Forbidden)] // A name that points to 127.0.0.1.
    [InlineData("",              "http://evil.example",  "",            HttpStatusCode.Forbidden)]
    [InlineData("",              "null",                 "",            HttpStatusCode.Forbidden)]
    [InlineData("",              "http://127.0.0.1:1",   "",            HttpStatusCode.Forbidden)] // Another program's page on this machine.
    [InlineData("",              "",                     "cross-site",  HttpStatusCode.Forbidden)]
    [InlineData("",              "",                     "same-site",   HttpStatusCode.Forbidden)]
    [InlineData("",              "",                     "same-origin", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("",              "",                     "",            HttpStatusCode.RequestEntityTooLarge)]
    public async Task Other_web_sites_are_not_answered(string host, string origin, string site, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("preview/sessions", UriKind.Relative))
        {
            Content = JsonContent.Create(new { size = 2_147_483_648 }),
        };
        request.Headers.Host = host.Length > 0 ? host : null;
        if (origin.Length > 0)
        {
            request.Headers.Add("Origin", origin);
        }

        if (site.Length > 0)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using var answer = await silo.Page.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_file_of_two_gigabytes_is_refused_before_it_is_sent()
    {
        using var answer = await silo.Page.PostAsJsonAsync(new Uri("preview/sessions", UriKind.Relative), new { size = 2_147_483_648 });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("A preview takes at most 1,024 MB", await ProblemAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_mail_is_refused_in_words()
    {
        var id = await silo.OpenAsync(10);

        using var answer = await PutAsync(id, "report.pdf", "%PDF-1.7 and so on"u8.ToArray());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("There is no mail in this file. The file is neither an mbox nor an email.", await ProblemAsync(answer), StringComparison.Ordinal);
        Assert.Contains("no mail", (string?)(await GetAsync($"preview/sessions/{id}"))["problem"], StringComparison.Ordinal);
        await silo.Page.DeleteAsync(new Uri($"preview/sessions/{id}", UriKind.Relative));
    }

    [Fact]
    public async Task What_mail_says_is_data_and_never_markup()
    {
        const string Script = "<script>alert(1)</script>";
        var id = await silo.OpenAsync(1_000);
        using var answer = await PutAsync(id, "a.eml", Encoding.UTF8.GetBytes(
            Mail("script@fabrikam.com", "bo@fabrikam.com", "ana@contoso.com", subject: Script)));

        using var list = await silo.Page.GetAsync(new Uri($"preview/sessions/{id}/mails?after=0&count=10&differing=false", UriKind.Relative));
        var text = await list.Content.ReadAsStringAsync();

        Assert.Equal("application/json", list.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain('<', text);
        Assert.Equal(Script, (string?)JsonNode.Parse(text)![0]!["subject"]);
        var told = await GetAsync($"preview/sessions/{id}/mails/1");
        Assert.Equal(5, told["filters"]!.AsArray().Count);
        Assert.Equal("Tracked: the mailbox takes all mail.", (string?)told["filters"]![0]!["sentences"]![0]);
        Assert.Equal(Script, (string?)told["filters"]![0]!["thread"]![0]!["subject"]);
        await silo.Page.DeleteAsync(new Uri($"preview/sessions/{id}", UriKind.Relative));
    }

    [Fact]
    public void No_script_of_the_page_makes_markup_of_text()
    {
        using var stream = typeof(EmailTracking.Silo.Hosting.SiloOptions).Assembly
            .GetManifestResourceStream("EmailTracking.Silo.Web.Page.page.js")!;
        var script = new StreamReader(stream).ReadToEnd();

        Assert.DoesNotContain("HTML", script, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("document.write", script, StringComparison.Ordinal);
        Assert.DoesNotContain("eval", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_that_was_closed_is_gone()
    {
        var id = await silo.OpenAsync(10);
        await silo.Page.DeleteAsync(new Uri($"preview/sessions/{id}", UriKind.Relative));

        using var answer = await silo.Page.GetAsync(new Uri($"preview/sessions/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Begin again", await ProblemAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_previews_are_refused_in_words_and_closing_one_makes_room()
    {
        var places = new List<Client.Previewing.MailPreview>();
        PreviewException? refused = null;
        while (refused is null && places.Count <= new PreviewOptions().SessionsMax)
        {
            try
            {
                places.Add(await silo.Client.OpenPreviewAsync(new PreviewRequest(null, false)));
            }
            catch (PreviewException problem)
            {
                refused = problem;
            }
        }

        Assert.Contains("previews are open here already", refused?.Message, StringComparison.Ordinal);
        foreach (var place in places)
        {
            await place.DisposeAsync();
        }

        // The places come back when the activations have ended.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await using var again = await silo.Client.OpenPreviewAsync(new PreviewRequest(null, false), patience.Token);
                break;
            }
            catch (PreviewException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<List<byte[]>> ReadSamplesAsync()
    {
        var mails = new List<byte[]>();
        await foreach (var item in MailFiles.Read(Path.Combine(PreviewSilo.Samples, "mail")))
        {
            mails.Add(item.Content.ToArray());
        }

        return mails;
    }

    // Answers to the sample's threads and to each other, by people who are records and by others.
    private static IEnumerable<byte[]> Letters(int filter)
    {
        string[] people = ["bo@fabrikam.com", "nobody@wingtip.example", "ana@contoso.com"];
        string[] answered = ["desks-1@fabrikam.com", $"letter-{filter}-0@x", "never-seen@x", "chair-1@tailspintoys.com"];
        for (var i = 0; i < 12; i++)
        {
            yield return Encoding.UTF8.GetBytes(Mail(
                $"letter-{filter}-{i}@x",
                people[i % people.Length],
                $"filter{filter}@contoso.com",
                i == 0 ? null : answered[i % answered.Length],
                minute: i));
        }
    }

    private static async IAsyncEnumerable<MailItem> Items(IEnumerable<byte[]> mails)
    {
        await ValueTask.CompletedTask;
        foreach (var (mail, i) in mails.Select((mail, i) => (mail, i)))
        {
            yield return new MailItem(new MailSource("mails", i + 1, 0), mail, null);
        }
    }

    private Task<HttpResponseMessage> PutAsync(string id, string name, byte[] content) =>
        silo.Page.PutAsync(new Uri($"preview/sessions/{id}/file?name={name}", UriKind.Relative), new ByteArrayContent(content));

    private async Task<JsonNode> GetAsync(string path) =>
        JsonNode.Parse(await silo.Page.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private static async Task<string> ProblemAsync(HttpResponseMessage answer) =>
        (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
}
