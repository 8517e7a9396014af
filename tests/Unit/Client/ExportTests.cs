using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

public sealed class ExportTests
{
    private static readonly string Tracked = Json(
        "{'messagekey':'00000000000000000000000000000002','messageid':'2+a@contoso.com','outcome':'tracked','reasoncode':6," +
        "'activityid':'00000000-0000-8000-8000-000000000002','conversationid':'00000000-0000-8000-8000-0000000000c0'," +
        "'parentactivityid':'00000000-0000-8000-8000-000000000001','correlatedactivityid':'00000000-0000-8000-8000-000000000001'," +
        "'correlationmethod':3,'held':false,'regarding':'account/00000000-0000-0000-0000-000000000007','regardingdeletedon':null,'direction':'incoming'," +
        "'mailboxes':['ana@contoso.com']}");

    private static readonly string Skipped = Json(
        "{'messagekey':'00000000000000000000000000000003','messageid':null,'outcome':'skipped','reasoncode':1,'activityid':null," +
        "'conversationid':null,'parentactivityid':null,'correlatedactivityid':null,'correlationmethod':null,'held':null," +
        "'regarding':null,'regardingdeletedon':null,'direction':null,'mailboxes':['ana@contoso.com','bo@contoso.com']}");

    private readonly FakeCluster _cluster = new()
    {
        Rows =
        [
            Rows.Skipped(3),
            Rows.Tracked(1),
            Rows.Tracked(2, answers: 1, about: new RecordReference("account", Guid.Parse("00000000-0000-0000-0000-000000000007"))),
        ],
    };

    [Fact]
    public async Task Every_email_is_one_line_over_all_pages_in_the_order_of_keys()
    {
        var ran = await Shell.RunAsync(_cluster, "export", "--format", "jsonl");

        var lines = ran.Output.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("\"messageid\":\"1+a@contoso.com\"", lines[0], StringComparison.Ordinal);
        Assert.Equal([Tracked, Skipped, ""], lines[1..]);
    }

    [Fact]
    public async Task A_file_gets_the_same_lines()
    {
        using var folder = new Folder();
        var file = Path.Combine(folder.Path, "emails.jsonl");

        var ran = await Shell.RunAsync(_cluster, "export", "--output", file);

        Assert.Equal(0, ran.Code);
        Assert.Empty(ran.Output);
        Assert.Equal((await Shell.RunAsync(_cluster, "export")).Output, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task An_export_that_fails_leaves_no_file()
    {
        using var folder = new Folder();
        _cluster.Trouble = new TimeoutException();

        var ran = await Shell.RunAsync(_cluster, "export", "--output", Path.Combine(folder.Path, "emails.jsonl"));

        Assert.Equal(75, ran.Code);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static string Json(string text) => text.Replace('\'', '"');
}
