using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Unit.Readers;

public class MboxFramingTests
{
    private const string F = Reading.Separator + "\n";
    private const string Crlf = Reading.Separator + "\r\n";
    private const string Cr = Reading.Separator + "\r";

    [Theory]

    // the file                                          its messages
    [InlineData(F + "A: 1\n\nx\n\n" + F + "B: 2\n\ny\n\n", "A: 1\n\nx\n", "B: 2\n\ny\n")]
    [InlineData(F + "A: 1\n\nx\n" + F + "B: 2\n\ny\n",     "A: 1\n\nx\n", "B: 2\n\ny\n")]    // No blank line at all.
    [InlineData(F + "A: 1\n\nx\n\n\n" + F + "B: 2\n\n",    "A: 1\n\nx\n\n", "B: 2\n")]       // One blank line is the mail's.
    [InlineData(F + "\n" + F + "B: 2\n\n",                 "", "B: 2\n")]                    // An empty message.
    [InlineData(F + F + "B: 2\n\n",                        "", "B: 2\n")]                    // The same without a blank line.
    [InlineData(F,                                         "")]
    [InlineData(F + "A: 1\n",                              "A: 1\n")]                        // A header alone.
    [InlineData(F + "A: 1\n\n" + F + "B: 2\n",             "A: 1\n", "B: 2\n")]
    [InlineData(Crlf + "A: 1\r\n\r\nx\r\n\r\n" + Crlf + "B: 2\r\n\r\n", "A: 1\r\n\r\nx\r\n", "B: 2\r\n")]
    [InlineData(Crlf + "\r\n" + Crlf + "B: 2\r\n\r\n",     "", "B: 2\r\n")]
    [InlineData(F + "A: 1\r\n\r\nx\r\n\n" + F + "B: 2\r\n\n", "A: 1\r\n\r\nx\r\n", "B: 2\r\n")] // CRLF mail among LF separators.
    [InlineData(Crlf + "A: 1\n\nx\n\r\n" + Crlf + "B: 2\n\r\n", "A: 1\n\nx\n", "B: 2\n")]    // LF mail among CRLF separators.
    [InlineData(Cr + "A: 1\r\rx\r\r" + Cr + "B: 2\r\r",    "A: 1\r\rx\r", "B: 2\r")]         // Lines that end in CR alone.
    [InlineData("\n\n" + F + "A: 1\n\n",                   "A: 1\n")]                        // Blank lines ahead of it all.
    [InlineData("\u00EF\u00BB\u00BF" + F + "A: 1\n\n",     "A: 1\n")]                        // A byte order mark.
    [InlineData(F + "A: 1\n\nx\0y\n\n" + F + "B: 2\n\n",   "A: 1\n\nx\0y\n", "B: 2\n")]      // Bytes are only bytes.
    public async Task A_mailbox_is_cut_into_its_messages(string file, params string[] messages)
    {
        var items = await Reading.ReadAsync(file);

        Assert.Equal(messages, items.Select(Reading.Text));
        Assert.All(items, item => Assert.Null(item.Problem));
    }

    [Theory]
    [InlineData("From a line", "From a line")]
    [InlineData(">From x", "From x")]
    [InlineData(">>From x", ">From x")]
    [InlineData("> From x", "> From x")]
    [InlineData(">>", ">>")]
    [InlineData(">from x", ">from x")]
    [InlineData(">From", ">From")]
    [InlineData("x >From y", "x >From y")]
    [InlineData(">From >From y", "From >From y")]
    [InlineData(">From a@b Thu Jan  1 00:00:00 1970", "From a@b Thu Jan  1 00:00:00 1970")]
    public async Task One_level_of_quoting_is_taken_off(string written, string meant)
    {
        foreach (var end in new[] { "\n", "\r\n" })
        {
            var items = await Reading.ReadAsync(Reading.Separator + end + $"A: 1{end}{end}{written}{end}{written}{end}{end}");

            Assert.Equal($"A: 1{end}{end}{meant}{end}{meant}{end}", Reading.Text(Assert.Single(items)));
        }
    }

    [Fact]
    public async Task Quoting_at_the_very_beginning_of_a_message_is_taken_off()
    {
        var items = await Reading.ReadAsync(F + ">From x\nA: 1\n\n");

        Assert.Equal("From x\nA: 1\n", Reading.Text(Assert.Single(items)));
    }

    [Fact]
    public async Task Mboxo_keeps_every_quote()
    {
        var options = new MailFilesOptions { Quoting = MboxQuoting.Mboxo };

        var items = await Reading.ReadAsync(F + "A: 1\n\n>From x\n>>From y\n\n", options);

        Assert.Equal("A: 1\n\n>From x\n>>From y\n", Reading.Text(Assert.Single(items)));
    }

    [Theory]

    // the line                                                  after a blank line, after any other line
    [InlineData("From mboxrd@z Thu Jan  1 00:00:00 1970",                     true,  true)]
    [InlineData("From - Thu Jan  1 00:00:00 1970",                            true,  true)]
    [InlineData("From MAILER-DAEMON Thu Jan  1 00:00:00 1970",                true,  true)]
    [InlineData("From ana@contoso.example Thu Jan  1 00:00 1970",             true,  true)]     // No seconds.
    [InlineData("From ana@contoso.example  Thu Jan  1 00:00:00 EST 1970",     true,  true)]
    [InlineData("From ana@contoso.example Thu Jan  1 00:00:00 1970 +0200",    true,  true)]
    [InlineData("From ana@contoso.example Thu, 1 Jan 1970 00:00:00 +0000",    true,  true)]
    [InlineData("From ana@contoso.example Jan  1 00:00:00 1970",              true,  false)]    // No weekday.
    [InlineData("From ana Thu Jan  1 00:00:00 1970",                          true,  false)]    // A local name.
    [InlineData("From ana at contoso.example  Thu Jan  1 00:00:00 1970",      true,  false)]    // A web archive.
    [InlineData("From 0123456789abcdef Mon Sep 17 00:00:00 2001",             true,  false)]    // A Git commit.
    [InlineData("From ana Thu Jan  1 00:00:00 1970 remote from host",         true,  false)]
    [InlineData("From ana@contoso.example",                                   true,  false)]
    [InlineData("From ana@contoso.example I heard that it rained",            false, false)]
    [InlineData("From here on it rained",                                     false, false)]
    [InlineData("From the talk on Thu Jan 1 1970 at 10:30 we learned little", false, false)]
    [InlineData("From ana@contoso.example Thu Jan  1 1970",                   false, false)]    // No time of day.
    [InlineData("From ana@contoso.example Thu Jan  1 00:00:00",               false, false)]    // No year.
    [InlineData("From ana@contoso.example Thu Jan  1 00:00:00 1066",          false, false)]
    [InlineData("From ",                                                      false, false)]
    [InlineData("From",                                                       false, false)]
    [InlineData("from ana@contoso.example Thu Jan  1 00:00:00 1970",          false, false)]
    public async Task A_line_must_look_the_more_like_a_separator_the_less_its_place_says(string line, bool blank, bool other)
    {
        var afterBlank = await Reading.ReadAsync(F + $"A: 1\n\nx\n\n{line}\nB: 2\n\n");
        var afterOther = await Reading.ReadAsync(F + $"A: 1\n\nx\n{line}\nB: 2\n\n");

        Assert.Equal((blank ? 2 : 1, other ? 2 : 1), (afterBlank.Count, afterOther.Count));
    }

    [Fact]
    public async Task A_line_too_long_for_a_separator_is_text()
    {
        var line = "From ana@contoso.example " + new string(' ', 2000) + "Thu Jan  1 00:00:00 1970";

        Assert.Single(await Reading.ReadAsync(F + $"A: 1\n\nx\n\n{line}\nB: 2\n\n"));
    }

    [Fact]
    public async Task A_source_tells_the_place_in_the_mailbox()
    {
        var items = await Reading.ReadAsync("\n" + F + "A: 1\n\n" + F + "B: 2\n\n", name: "box");

        Assert.Equal(
            [new MailSource("box", 1, 1), new MailSource("box", 2, 1 + F.Length + 6)],
            items.Select(item => item.Source));
        Assert.Equal("box#2", items[1].Source.ToString());
    }

    [Fact]
    public async Task Content_outlives_the_reading_of_the_next_message()
    {
        var items = await Reading.ReadAsync(
            Reading.Mbox([.. Enumerable.Range(0, 200).Select(n => Reading.Mail($"{n}"))]),
            new MailFilesOptions { ReadBufferBytes = 100 });

        Assert.Equal(Enumerable.Range(0, 200).Select(n => Reading.Mail($"{n}")), items.Select(Reading.Text));
    }

    [Fact]
    public async Task A_line_far_longer_than_the_buffer_is_one_line()
    {
        var body = "A: 1\n\n" + new string('x', 8_000_000) + "\n";

        var items = await Reading.ReadAsync(Reading.Mbox(body, "B: 2\n"));

        Assert.Equal([body, "B: 2\n"], items.Select(Reading.Text));
    }
}
