using System.Text;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

/// <summary>The text of mail that people search.</summary>
public sealed class MailTextTests
{
    private static string Read(string mail) =>
        string.Join(' ', new MailText().Read(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("Subject: s\n\nplain\n", "plain")]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ncr=E8me\n", "crème")]
    [InlineData("Content-Type: text/html\n\n<title>no</title><style>no{}</style><script>no()</script><p title='no'>A&amp;B</p>c<br>d<!-- no -->\n", "A&B c d")]
    [InlineData("Content-Type: multipart/alternative; boundary=x\n\n--x\n\nplain\n--x\nContent-Type: text/html\n\n<p>html\n--x--\n", "plain")]
    [InlineData("Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>html\n--x--\n", "html")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nbody\n--x\nContent-Type: application/pdf; name=offer.pdf\n\n0\n--x--\n", "body offer.pdf")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nno\n--x--\n", "a.txt")]
    [InlineData("Content-Type: message/rfc822\n\nSubject: inner\n\ntext\n", "inner text")]
    [InlineData("Content-Type: text/plain; charset=none-such\n\nplain\n", "plain")]
    [InlineData("Content-Type: text/plain; charset=iso-2022-jp\n\n\u001b$B$3$s\u001b(B\n", "こん")]
    [InlineData("Content-Type: text/plain; charset=big5\nContent-Transfer-Encoding: base64\n\np0Gmbg==\n", "你好")]
    [InlineData("Content-Type: application/pdf; name=\"=?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?=\"\n\n0\n", "Größe.pdf")]
    [InlineData("Content-Type: image/png\nContent-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.png\n\n0\n", "Größe.png")]
    [InlineData("Content-Type: multipart/alternative; boundary=x\n\nno\n--x\nContent-Type: text/html\n\n<p>html\n--x--\n\nno\n", "html")]
    [InlineData("", "")]
    public void The_body_and_the_names_of_attachments_are_read(string mail, string text) => Assert.Equal(text, Read(mail));

    [Fact]
    public void A_long_text_is_cut() => Assert.Equal(65_536, new MailText().Read(Encoding.ASCII.GetBytes($"Subject: s\r\n\r\n{new string('a', 200_000)}")).Length);

    [Fact]
    public void Nesting_without_end_is_read_in_bounded_time()
    {
        var mail = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"Content-Type: multipart/mixed; boundary=x{i}\n\n--x{i}\n"));
        Assert.NotNull(new MailText().Read(Encoding.ASCII.GetBytes(mail)));
    }

    [Fact]
    public void Any_bytes_are_read() => CsCheck.Check.Sample(CsCheck.Gen.Byte.Array[0, 400], bytes => Assert.NotNull(new MailText().Read(bytes)));
}
