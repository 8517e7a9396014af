using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Unit.Readers;

public class MailFileKindTests
{
    [Theory]

    // name        first bytes                              a message of its own, unchanged
    [InlineData("mail", "From: ana@contoso.example\n\nx",                 true)]
    [InlineData("mail", "Received: from a\n\tby b\nX: 1\n\nx",            true)]
    [InlineData("mail", "X-First: 1\nX-Second: 2\n folded\nSubject: s\n", true)]
    [InlineData("mail", "subject : obsolete blanks\n\n",                  true)]
    [InlineData("mail", "From : obsolete blanks\nTo : me\n",              true)]
    [InlineData("mail", "\r\n\r\nDate: today\r\n\r\n",                    true)]
    [InlineData("mail", "\u00EF\u00BB\u00BFTo: a byte order mark\n",      true)]
    [InlineData("mail", ">From ana\nDate: today\n\n",                     true)]
    [InlineData("mail", "Date: today\rTo: carriage returns alone\r\r",    true)]
    [InlineData("mail", "version: 1\nname: settings, not mail\n",         false)]
    [InlineData("mail", "Subjects: none\n",                               false)]
    [InlineData("mail", "Dear Ana,\nFrom: is no header here\n",           false)]
    [InlineData("mail", "From here on it rained\nand rained\n",           false)]
    [InlineData("mail", "\u0089PNG\r\n\u001A\n\0\0\0\rIHDR",              false)]
    [InlineData("a.eml", "Dear Ana,\nthis says by its name that it is mail\n", true)]
    [InlineData("a.EML", " Subject: begins with a blank\n\nx",            true)]
    [InlineData("a.eml", "\u0089PNG\r\n\u001A\n\0\0\0\rIHDR",             false)]
    [InlineData("a.eml", "From: ana\n\nA NUL \0 in the text\n",           true)]
    public async Task A_file_with_a_mail_header_is_a_message(string name, string file, bool isMessage)
    {
        var item = Assert.Single(await Reading.ReadAsync(file, name: name));

        Assert.Equal(new MailSource(name, 0, 0), item.Source);
        Assert.Equal(isMessage ? null : MailProblemKind.NotAMailbox, item.Problem?.Kind);
        Assert.Equal(isMessage ? file : "", Reading.Text(item));
    }

    [Theory]
    [InlineData("From ana@contoso.example Thu Jan  1 00:00:00 1970\nA: 1\n")]
    [InlineData("From ana\nA: 1\n")]    // No date, but a header follows.
    [InlineData("From \nA: 1\n")]
    public async Task A_file_that_begins_with_a_separator_is_a_mailbox(string file)
    {
        var item = Assert.Single(await Reading.ReadAsync(file, name: "a.eml"));

        Assert.Equal(1, item.Source.Ordinal);
        Assert.Equal("A: 1\n", Reading.Text(item));
    }

    [Fact]
    public async Task An_empty_file_has_advice_of_its_own()
    {
        var empty = Assert.Single(await Reading.ReadAsync(""));
        var picture = Assert.Single(await Reading.ReadAsync("\u0089PNG"));

        Assert.Equal(MailProblemKind.NotAMailbox, empty.Problem!.Kind);
        Assert.Contains("empty", empty.Problem.Advice, StringComparison.Ordinal);
        Assert.NotEqual(picture.Problem!.Advice, empty.Problem.Advice);
    }

    [Fact]
    public async Task A_message_far_longer_than_the_buffer_is_whole()
    {
        var mail = Reading.Mail("long") + new string('x', 1_000_000);

        var item = Assert.Single(await Reading.ReadAsync(mail, new MailFilesOptions { ReadBufferBytes = 1000 }));

        Assert.Equal(mail, Reading.Text(item));
    }
}
