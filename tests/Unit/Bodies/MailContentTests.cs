using System.Text;
using EmailTracking.Silo.Bodies;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Bodies;

public sealed class MailContentTests
{
    private const string Mixed = """
        From: a@x
        Content-Type: multipart/mixed; boundary=m

        --m
        Content-Type: multipart/related; boundary=r

        --r
        Content-Type: multipart/alternative; boundary=a

        --a

        Plain.
        --a
        Content-Type: text/html

        <p>Rich <img src="cid:logo"></p>
        --a--
        --r
        Content-Type: image/png
        Content-ID: <logo>
        Content-Transfer-Encoding: base64

        AQID
        --r--
        --m
        Content-Type: application/pdf
        Content-Disposition: attachment; filename="../../offer.pdf"
        Content-Transfer-Encoding: base64

        AQIDBAU=
        --m
        Content-Type: text/plain; name=notes.txt

        Notes.
        --m
        Content-Type: message/rfc822

        Subject: Inner

        Inner.
        --m--

        """;

    [Fact]
    public async Task Body_and_files_are_told_apart()
    {
        var content = await ReadAsync(Mixed);
        Assert.Equal("<p>Rich <img src=\"cid:logo\"></p>", content.Html!.Trim());
        Assert.Equal("Plain.", content.Text!.Trim());
        Assert.Equal(["file-1", "offer.pdf", "notes.txt", "message.eml"], content.Files.Select(file => file.Name));
        Assert.Equal([3, 5], content.Files.Take(2).Select(file => file.Size));
        Assert.Equal([0, 1, 2, 3], content.Files.Select(file => file.Number));
        using var inner = new StreamReader(content.Files[3].Open());
        Assert.Contains("Subject: Inner", await inner.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_shows_the_pictures_of_the_mail()
    {
        var document = await BodyDocument.OfAsync(await ReadAsync(Mixed), showsRemote: false, default);
        Assert.Contains("<p>Rich <img src=\"data:image/png;base64,AQID\"></p>", document.Html, StringComparison.Ordinal);
        Assert.True(document.IsHtml);
    }

    [Fact]
    public async Task Text_stays_text()
    {
        var document = await BodyDocument.OfAsync(await ReadAsync("From: a@x\n\n<b>&amp;</b>\n"), showsRemote: false, default);
        Assert.Contains("<pre>&lt;b&gt;&amp;amp;&lt;/b&gt;", document.Html, StringComparison.Ordinal);
        Assert.False(document.IsHtml);
    }

    [Theory]
    [InlineData("offer.pdf", "offer.pdf")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("C:\\a\\b.txt", "b.txt")]
    [InlineData("photo\u202Egpj.exe", "photogpj.exe")]
    [InlineData("a.exe. . ", "a.exe")]
    [InlineData("a.exe::$DATA", "a.exe__$DATA")]
    [InlineData("a\r\nb\".txt", "ab_.txt")]
    [InlineData("..", "other")]
    [InlineData(null, "other")]
    public void A_name_hides_nothing(string? name, string expected) => Assert.Equal(expected, FileNames.Clean(name, "other"));

    [Fact]
    public void A_long_name_keeps_its_extension() => Assert.EndsWith("x.exe", FileNames.Clean(new string('x', 500) + ".exe", ""), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.exe", true)]
    [InlineData("a.EXE", true)]
    [InlineData("a.pdf.js", true)]
    [InlineData("a.svg", true)]
    [InlineData("exe", false)]
    [InlineData("a.pdf", false)]
    public void What_would_run_is_blocked(string name, bool isBlocked) =>
        Assert.Equal(isBlocked, new BlockedExtensions(BlockedExtensions.Standard).Blocks(name));

    private static Task<MailContent> ReadAsync(string mail) =>
        MailContent.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"))), new MimeOptions(), default);
}
