using System.Diagnostics;
using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Unit.Readers;

public sealed class FolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = Reading.Folder();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_come_in_the_ordinal_order_of_their_paths()
    {
        string[] paths = ["B", "a.eml", "a/b/c", "a/b.mbox", "a/z", "a0", "\u00E9"];
        foreach (var path in paths.Reverse())
        {
            _folder.Write(path, Reading.Mail(path));
        }

        var items = await _folder.ReadAsync();

        Assert.Equal(["B", "a.eml", "a/b.mbox", "a/b/c", "a/z", "a0", "\u00E9"], items.Select(item => item.Source.Path));
        Assert.All(items, item => Assert.Equal(Reading.Mail(item.Source.Path), Reading.Text(item)));
    }

    [Fact]
    public async Task Mailboxes_messages_and_compressed_files_lie_side_by_side()
    {
        _folder.Write("1", Reading.Mbox(Reading.Mail("a"), Reading.Mail("b")));
        _folder.Write("2", Reading.Gzip(Reading.Bytes(Reading.Mbox(Reading.Mail("c")))));
        _folder.Write("3", Reading.Mail("d"));
        _folder.Write("4", "no mail");
        _folder.Write("5", "");

        var items = await _folder.ReadAsync();

        Assert.Equal(["1#1", "1#2", "2#1", "3", "4", "5"], items.Select(item => item.Source.ToString()));
        Assert.Equal(
            [null, null, null, null, MailProblemKind.NotAMailbox, MailProblemKind.NotAMailbox],
            items.Select(item => item.Problem?.Kind));
    }

    [Fact]
    public async Task A_file_given_by_itself_goes_by_its_name()
    {
        _folder.Write("deep/inbox", Reading.Mbox(Reading.Mail("a")));

        var items = await MailFiles.Read(_folder.At("deep/inbox")).ToListAsync();

        Assert.Equal(new MailSource("inbox", 1, 0), Assert.Single(items).Source);
    }

    [Fact]
    public async Task A_path_with_nothing_there_is_a_problem()
    {
        var item = Assert.Single(await MailFiles.Read(_folder.At("absent")).ToListAsync());

        Assert.Equal(("absent", MailProblemKind.Unreadable), (item.Source.Path, item.Problem?.Kind));
    }

    [Fact]
    public async Task An_empty_folder_holds_nothing() => Assert.Empty(await _folder.ReadAsync());

    [Fact]
    public async Task A_maildir_gives_what_was_delivered_and_no_more()
    {
        _folder.Write("cur/1:2,S", Reading.Mail("read"));
        _folder.Write("new/2", Reading.Mail("unread"));
        _folder.Write("tmp/3", Reading.Mail("being delivered"));
        _folder.Write("dovecot-uidlist", "3 V1 N2\n");
        _folder.Write("archive.mbox", Reading.Mbox(Reading.Mail("kept beside")));
        _folder.Write(".Sent.2024/cur/4:2,", Reading.Mail("sent"));
        _folder.Write(".Sent.2024/new/5", "");
        _folder.Write(".Sent.2024/tmp/6", Reading.Mail("being sent"));

        var items = await _folder.ReadAsync();

        Assert.Equal(
            [".Sent.2024/cur/4:2,", ".Sent.2024/new/5", "archive.mbox#1", "cur/1:2,S", "new/2"],
            items.Select(item => item.Source.ToString()));
        Assert.Equal(MailProblemKind.NotAMailbox, items[1].Problem?.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cur")]
    public async Task A_file_of_a_maildir_is_one_message_however_it_begins(string given)
    {
        var text = Reading.Mbox(Reading.Mail("a"), Reading.Mail("b"));
        _folder.Write("cur/1:2,S", text);
        Directory.CreateDirectory(_folder.At("new"));

        var items = await MailFiles.Read(_folder.At(given)).ToListAsync();

        Assert.Equal(text, Reading.Text(Assert.Single(items)));
    }

    [Fact]
    public async Task A_folder_called_tmp_outside_a_maildir_is_read()
    {
        _folder.Write("tmp/1", Reading.Mail("a"));

        Assert.Single(await _folder.ReadAsync());
    }

    [Fact]
    public async Task Links_in_a_circle_end()
    {
        _folder.Write("a/mail", Reading.Mail("a"));
        Directory.CreateSymbolicLink(_folder.At("a/up"), "..");
        Directory.CreateSymbolicLink(_folder.At("a/here"), ".");
        Directory.CreateSymbolicLink(_folder.At("b"), _folder.At("a/up/a"));
        File.CreateSymbolicLink(_folder.At("c"), "d");
        File.CreateSymbolicLink(_folder.At("d"), "c");

        var items = await _folder.ReadAsync();

        Assert.Equal(["a/mail", "c", "d"], items.Select(item => item.Source.Path));
        Assert.Equal(
            [null, MailProblemKind.Unreadable, MailProblemKind.Unreadable],
            items.Select(item => item.Problem?.Kind));
    }

    [Fact]
    public async Task Links_are_followed_and_a_broken_one_is_a_problem()
    {
        using var elsewhere = Reading.Folder();
        elsewhere.Write("x/mail", Reading.Mail("x"));
        Directory.CreateSymbolicLink(_folder.At("folder"), elsewhere.At("x"));
        File.CreateSymbolicLink(_folder.At("file"), elsewhere.At("x/mail"));
        File.CreateSymbolicLink(_folder.At("nowhere"), elsewhere.At("absent"));

        var items = await _folder.ReadAsync();

        Assert.Equal(["file", "folder/mail", "nowhere"], items.Select(item => item.Source.Path));
        Assert.Equal([null, null, MailProblemKind.Unreadable], items.Select(item => item.Problem?.Kind));
    }

    [Fact]
    public async Task A_pipe_is_not_waited_for()
    {
        using (var mkfifo = Process.Start("mkfifo", _folder.At("pipe")))
        {
            await mkfifo.WaitForExitAsync();
        }

        // Opening the pipe would block its thread.
        var items = await Task.Run(() => _folder.ReadAsync()).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(MailProblemKind.NotAMailbox, Assert.Single(items).Problem?.Kind);
    }

    [Fact]
    public async Task Reading_goes_on_behind_any_item()
    {
        _folder.Write("a", "no mail");
        _folder.Write("b.eml", Reading.Mail("b"));
        _folder.Write("b/c", Reading.Mbox(Reading.Mail("1"), Reading.Mail("2"), Reading.Mail("3")));
        _folder.Write("d", "");
        _folder.Write("e", Reading.Mail("e"));
        var all = (await _folder.ReadAsync()).Select(item => item.Source).ToList();
        Assert.Equal(7, all.Count);

        for (var done = 0; done < all.Count; done++)
        {
            var rest = await _folder.ReadAsync(new MailFilesOptions { ResumeAfter = all[done] });

            Assert.Equal(all[(done + 1)..], rest.Select(item => item.Source));
        }
    }
}
