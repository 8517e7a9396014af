using System.Text;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class AttachmentTests
{
    [Theory]
    //          Content-Type (| Content-Disposition) of each part                                             -> attachments
    [InlineData("text/plain", 0)]
    [InlineData("text/plain || text/html", 0)]
    [InlineData("", 0)]                                                                                       // No headers: text.
    [InlineData("text/plain || application/pdf", 1)]
    [InlineData("text/plain || text/csv | attachment", 1)]
    [InlineData("text/plain || text/csv | inline; filename=a.csv", 1)]
    [InlineData("text/plain || text/csv; name*=utf-8''%C3%BC.csv", 1)]
    [InlineData("text/plain || text/csv; name*0=a; name*1=.csv", 1)]
    [InlineData("text/html || image/png", 1)]
    [InlineData("text/plain || message/rfc822", 1)]
    [InlineData("text/plain || message/global || message/rfc822", 2)]
    [InlineData("text/plain || message/delivery-status || text/rfc822-headers", 0)]                           // A bounce's own parts.
    [InlineData("text/plain || message/delivery-status || message/rfc822", 1)]
    [InlineData("text/plain || text/calendar; method=REQUEST", 0)]
    [InlineData("text/plain || application/pkcs7-signature; name=smime.p7s | attachment; filename=smime.p7s", 1)]
    [InlineData("application/pgp-encrypted || application/octet-stream", 2)]
    [InlineData("text/plain || application/ms-tnef; name=winmail.dat", 1)]                                    // Not opened.
    [InlineData("text/plain || nonsense", 0)]                                                                 // RFC 2045 section 5.2: text.
    [InlineData("text/plain || nonsense | attachment", 1)]
    public void Parts_are_counted(string parts, int attachments)
    {
        var mail = new StringBuilder("From: ana@contoso.com\nContent-Type: multipart/mixed; boundary=\"the edge\"\n\npreamble\n");
        foreach (var part in parts.Split(" || "))
        {
            var headers = part.Split(" | ");
            mail.Append("--the edge\n").Append(headers[0].Length > 0 ? $"Content-Type: {headers[0]}\n" : "")
                .Append(headers.Length > 1 ? $"Content-Disposition: {headers[1]}\n" : "").Append("\ncontent\n");
        }

        var mapped = AMail.Mapped(AMail.Bytes(mail + "--the edge--\n--the edge\nContent-Type: image/png\n\nepilogue\n"));

        Assert.Equal(attachments, mapped.Headers.AttachmentCount);
        Assert.Empty(mapped.Warnings);
    }

    [Theory]
    //          lines of a mail in one part                                        -> attachments
    [InlineData("Content-Type: text/html", 0)]
    [InlineData("Content-Type: application/pdf", 1)]
    [InlineData("Content-Type: text/plain|Content-Disposition: attachment", 1)]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data", 1)]
    [InlineData("Content-Type: message/rfc822", 1)]
    public void A_mail_may_be_its_attachment(string lines, int attachments)
    {
        Assert.Equal(attachments, AMail.Headers(AMail.With(lines.Split('|'))).AttachmentCount);
    }

    [Fact]
    public void An_attached_mail_is_not_opened()
    {
        const string mail =
            "From: ana@contoso.com\nSubject: outer\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: message/rfc822\n\n" +
            "From: bo@fabrikam.com\nSubject: inner\nIn-Reply-To: <1@a.example>\nContent-Type: multipart/mixed; boundary=inner\n\n" +
            "--inner\nContent-Type: image/png\n\n...\n--inner\nContent-Type: image/png\n\n...\n--inner--\n--outer--\n";

        var headers = AMail.Headers(AMail.Bytes(mail));

        Assert.Equal(("outer", null, 1), (headers.Subject, headers.InReplyTo, headers.AttachmentCount));
    }

    [Fact]
    public void The_parts_of_a_digest_are_mails()
    {
        var mail = AMail.Bytes("From: ana@contoso.com\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: 1\n\n--b\n\nSubject: 2\n\n--b--\n");

        Assert.Equal(2, AMail.Headers(mail).AttachmentCount);
    }

    [Theory]
    //          what is wrong                        body                                                                  -> attachments
    [InlineData("no end boundary", "--b\n\ntext\n--b\nContent-Type: image/png\n\n...", 1)]
    [InlineData("ends in a part's headers", "--b\n\ntext\n--b\nContent-Type: image/png", 1)]
    [InlineData("blanks behind the boundary", "--b \n\ntext\n--b\t\nContent-Type: image/png\n\n...\n--b--  \n", 1)]
    [InlineData("boundary inside headers", "--b\nContent-Type: image/png\n--b\nContent-Type: image/png\n\n...\n--b--", 2)]
    [InlineData("inner end missing", "--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: image/png\n\n...\n--b\nContent-Type: image/png\n\n--b--", 2)]
    [InlineData("inner boundary begins like the outer one", "--b\nContent-Type: multipart/related; boundary=bb\n\n--bb\nContent-Type: image/png\n\n...\n--bb--\n--b--", 1)]
    [InlineData("folded type", "--b\nContent-Type:\n image/png;\n\tx=y\n\n...\n--b--", 1)]
    [InlineData("type twice", "--b\nContent-Type: text/plain\nContent-Type: image/png\n\n...\n--b--", 0)]
    [InlineData("no parts", "text\n", 0)]
    [InlineData("nothing", "", 0)]
    public void Malformed_multiparts_are_counted_as_far_as_they_go(string what, string body, int attachments)
    {
        var mapped = AMail.Mapped(AMail.Bytes("From: ana@contoso.com\nContent-Type: multipart/mixed; boundary=b\n\n" + body));

        Assert.True(attachments == mapped.Headers.AttachmentCount, what);
        Assert.Empty(mapped.Warnings);
    }

    // freescout#4567: a boundary in two pieces (RFC 2231 section 3).
    [Theory]
    [InlineData("boundary*0*=us-ascii''the-;\n boundary*1*=edge")]
    [InlineData("boundary*0=the-; boundary*1=edge")]
    [InlineData("boundary*=no-such-charset'en'the-edge; x=y")]
    [InlineData("x*=no-such-charset''%20; boundary=\"the-edge\"")]
    [InlineData("x=\"=?no-such-charset?Q?a?=\"; boundary=the-edge")]
    public void A_boundary_is_found_however_it_is_written(string parameters)
    {
        var mail = $"From: ana@contoso.com\nContent-Type: multipart/mixed; {parameters}\n\n--the-edge\nContent-Type: image/png\n\n...\n--the-edge--\n";

        Assert.Equal(1, AMail.Headers(AMail.Bytes(mail)).AttachmentCount);
    }

    [Fact]
    public void A_multipart_without_a_boundary_has_no_parts()
    {
        var mapped = AMail.Mapped(AMail.With("Content-Type: multipart/mixed"));

        Assert.Equal(0, mapped.Headers.AttachmentCount);
        Assert.Equal([MimeWarning.BoundaryMissing], mapped.Warnings.ToArray());
    }

    [Theory]
    //          levels -> attachments, cut
    [InlineData(99, 1, false)]
    [InlineData(100, 1, false)]
    [InlineData(101, 0, true)]
    [InlineData(200, 0, true)]
    public void Multiparts_in_multiparts_are_opened_to_the_bound(int levels, int attachments, bool isCut)
    {
        var mail = new StringBuilder("From: ana@contoso.com\nContent-Type: multipart/mixed; boundary=b1\n\n");
        for (var level = 2; level <= levels; level++)
        {
            mail.Append("--b").Append(level - 1).Append("\nContent-Type: multipart/mixed; boundary=b").Append(level).Append("\n\n");
        }

        mail.Append("--b").Append(levels).Append("\nContent-Type: image/png\n\n...\n");
        for (var level = levels; level >= 1; level--)
        {
            mail.Append("--b").Append(level).Append("--\n");
        }

        var mapped = AMail.Mapped(AMail.Bytes(mail.ToString()));

        Assert.Equal(attachments, mapped.Headers.AttachmentCount);
        Assert.Equal(isCut ? [MimeWarning.DepthCut] : [], mapped.Warnings.ToArray());
    }

    [Theory]
    [InlineData(1_000, 1_000, false)]
    [InlineData(1_001, 1_000, true)]
    [InlineData(5_000, 1_000, true)]
    public void Parts_are_counted_to_the_bound(int parts, int attachments, bool isCut)
    {
        var mail = new StringBuilder("From: ana@contoso.com\nContent-Type: multipart/mixed; boundary=b\n\n");
        for (var part = 0; part < parts; part++)
        {
            mail.Append("--b\nContent-Type: image/png\n\n...\n");
        }

        var mapped = AMail.Mapped(AMail.Bytes(mail + "--b--\n"));

        Assert.Equal(attachments, mapped.Headers.AttachmentCount);
        Assert.Equal(isCut ? [MimeWarning.PartsCut] : [], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Boundaries_that_are_none_come_to_an_end()
    {
        var mail = "From: ana@contoso.com\nContent-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--a\n", 1_000_001))
            + "--b\nContent-Type: image/png\n\n...\n--b--\n";

        var mapped = AMail.Mapped(AMail.Bytes(mail));

        Assert.Equal(0, mapped.Headers.AttachmentCount);
        Assert.Equal([MimeWarning.PartsCut], mapped.Warnings.ToArray());
    }
}
