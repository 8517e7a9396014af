using EmailTracking.Preview;

namespace EmailTracking.Tests.Unit.Client;

public sealed class PreviewTests : IDisposable
{
    private const string Thread =
        "From a@x Mon Jan  5 10:00:00 2026\nFrom: bo@fabrikam.com\nTo: ana@contoso.com\nSubject: Desks\nMessage-ID: <1@x>\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n\nOne.\n\n" +
        "From a@x Mon Jan  5 11:00:00 2026\nFrom: ana@contoso.com\nTo: bo@fabrikam.com\nSubject: Re: Desks\nMessage-ID: <2@x>\nIn-Reply-To: <1@x>\nDate: Mon, 5 Jan 2026 11:00:00 +0000\n\nTwo.\n\n" +
        "From a@x Mon Jan  5 12:00:00 2026\nFrom: news@wingtip.example\nTo: ana@contoso.com\nSubject: News\nMessage-ID: <3@x>\nDate: Mon, 5 Jan 2026 12:00:00 +0000\n\nThree.\n\n";

    private readonly FakeCluster _cluster = new();
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_filters_are_shown_side_by_side()
    {
        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread));

        Assert.Equal(0, ran.Code);
        Assert.Contains("3 mails, as if they came to the inbox of ana@contoso.com (user). Nothing is written.", ran.Output, StringComparison.Ordinal);
        Assert.Contains("tracked 3 0 0 0 0", ran.Words, StringComparison.Ordinal);
        Assert.Contains("left out: the mailbox takes no mail by itself 0 0 0 0 3", ran.Words, StringComparison.Ordinal);
        Assert.Contains("waiting: what it answers is not tracked yet; it is decided again when that is 0 1 0 0 0", ran.Words, StringComparison.Ordinal);
        Assert.Contains("conversations 2 0 0 0 0", ran.Words, StringComparison.Ordinal);
        Assert.Contains("Re: Desks 2@x tracked waiting left out left out left out", ran.Words, StringComparison.Ordinal);
        Assert.True(_cluster.Preview.IsClosed);
        Assert.Empty(_cluster.Delivered);
    }

    [Fact]
    public async Task One_mail_is_explained_with_its_thread()
    {
        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread), "--mail", "<2@x>");

        Assert.Equal(0, ran.Code);
        Assert.Contains("It belongs to \u201cDesks\u201d from bo@fabrikam.com: In-Reply-To names it.", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Its thread, 2 emails: 2026-01-05 10:00 bo@fabrikam.com Desks", ran.Words, StringComparison.Ordinal);
        Assert.Contains("Re: Desks <- this mail", ran.Words, StringComparison.Ordinal);
        Assert.Contains("it answers <1@x>, which is not tracked", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_is_not_there_is_wrong_input()
    {
        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread), "--mail", "nine@x");

        Assert.Equal(1, ran.Code);
        Assert.Contains("No mail with the id nine@x was looked at", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_mail_is_told()
    {
        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.pdf", "%PDF-1.7 and so on"));

        Assert.Equal(1, ran.Code);
        Assert.Contains("a.pdf: The file is neither an mbox nor an email.", ran.Errors, StringComparison.Ordinal);
        Assert.Contains("There is no mail in", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_sent()
    {
        _cluster.Preview.Limits = new PreviewLimits(1024 * 1024, 1_000);

        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread + new string('x', 1024 * 1024)));

        Assert.Equal(1, ran.Code);
        Assert.Contains("A preview takes at most 1 MB, and this is more. Nothing was changed", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Preview.Parts);
    }

    [Fact]
    public async Task Of_a_large_mail_the_first_part_is_looked_at_and_that_is_said()
    {
        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread + new string('x', 3 * 1024 * 1024) + "\n"));

        Assert.Equal(0, ran.Code);
        Assert.Contains("1 of them were looked at in part only", ran.Output, StringComparison.Ordinal);
        Assert.All(_cluster.Preview.Parts, part => Assert.InRange(part.Sum(item => item.Content.Length), 1, IPreviewGrain.ContentBytesMax));
    }

    [Fact]
    public async Task Mails_behind_the_bound_are_left_out_and_that_is_said()
    {
        _cluster.Preview.Limits = new PreviewLimits(1024 * 1024, 2);

        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread));

        Assert.Contains("2 mails, as if", ran.Output, StringComparison.Ordinal);
        Assert.Contains("The preview is full", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_whose_answer_was_lost_counts_once()
    {
        _cluster.Preview.LostAnswer = new TimeoutException();

        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread));

        Assert.Contains("3 mails, as if", ran.Output, StringComparison.Ordinal);
        Assert.Equal(2, _cluster.Preview.Parts.Count);
    }

    [Fact]
    public async Task A_folder_of_mails_is_one_preview()
    {
        foreach (var (mail, i) in Thread.Split("From a@x ")[1..].Select((mail, i) => (mail, i)))
        {
            _folder.Write($"mail/{i}.eml", mail[(mail.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        }

        var ran = await Shell.RunAsync(_cluster, "preview", Path.Combine(_folder.Path, "mail"), "--mailbox", "sales@contoso.com", "--queue");

        Assert.Contains("3 mails, as if they came to the inbox of sales@contoso.com (queue).", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_mail_says_cannot_move_the_cursor()
    {
        var ran = await Shell.RunAsync(_cluster, "preview", _folder.Write("a.mbox", Thread.Replace("Desks", "\u001b[2JDesks", StringComparison.Ordinal)));

        Assert.Contains("Desks", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ran.Output);
    }
}
