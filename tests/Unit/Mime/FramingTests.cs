using System.Text;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class FramingTests
{
    private const string Mail = "From: ana@contoso.com\nSubject: Pallets\n\nHello\n";

    [Theory]
    [InlineData("\n", null)]
    [InlineData("\r\n", null)]
    [InlineData("\r\r\n", null)]
    [InlineData("\r", MimeWarning.BareCarriageReturns)]
    public void Lines_end_as_they_do(string lineEnd, MimeWarning? warning)
    {
        var mapped = AMail.Mapped(AMail.Bytes(Mail.Replace("\n", lineEnd, StringComparison.Ordinal)));

        Assert.Equal("Pallets", mapped.Headers.Subject);
        Assert.Equal("ana@contoso.com", mapped.Headers.Participants[0].Address?.Value);
        Assert.Equal(warning is { } one ? [one] : [], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Attachments_are_counted_when_lines_end_in_carriage_returns_alone()
    {
        const string mail =
            "From: ana@contoso.com\rSubject: Pallets\rReferences: <1@a.example>\r <2@a.example>\rContent-Type: multipart/mixed;\r boundary=b\r\r" +
            "--b\r\rHello\r--b\rContent-Type: application/pdf\r\r...\r--b--\r";

        var mapped = AMail.Mapped(AMail.Bytes(mail));

        Assert.Equal(1, mapped.Headers.AttachmentCount);
        Assert.Equal("<1@a.example> <2@a.example>", mapped.Headers.References);
        Assert.Equal([MimeWarning.BareCarriageReturns], mapped.Warnings.ToArray());
    }

    [Fact]
    public void The_bytes_stay_as_they_are()
    {
        var mail = AMail.Bytes("From: =?x?Q?a?= <a@a.example>\rSubject: =?nope?Q?\u00ED\u00A0\u0080?= \u00ED\u00A0\u0080\0\r\rHello");
        var copy = mail.ToArray();

        AMail.Mapped(mail);

        Assert.Equal(copy, mail);
    }

    [Theory]
    [InlineData("From ana@contoso.com Tue Mar  4 10:11:12 2025\n")]
    [InlineData(">From ana@contoso.com Tue Mar  4 10:11:12 2025\n")]
    [InlineData("\u00EF\u00BB\u00BF")]
    [InlineData("\n\r\n  \n")]
    [InlineData("\u00EF\u00BB\u00BF\nFrom MAILER-DAEMON Tue Mar  4 10:11:12 2025\n")]
    public void What_stands_before_the_headers_is_passed_over(string before)
    {
        var mapped = AMail.Mapped(AMail.Bytes(before + Mail));

        Assert.Equal("Pallets", mapped.Headers.Subject);
        Assert.Equal([MimeWarning.LeadingLines], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Of_an_mbox_the_first_mail_is_read()
    {
        var mapped = AMail.Mapped(AMail.Bytes("From x\n" + Mail + "\nFrom y\nSubject: Another\nIn-Reply-To: <1@a.example>\n\nHello\n"));

        Assert.Equal("Pallets", mapped.Headers.Subject);
        Assert.Null(mapped.Headers.InReplyTo);
    }

    [Theory]
    //          between From and Subject                       warning
    [InlineData("this is no header\n", MimeWarning.HeaderLineUnreadable)]
    [InlineData("bad\u00FFname: x\n folded\n", MimeWarning.HeaderLineUnreadable)]
    [InlineData(": no name\n", MimeWarning.HeaderLineUnreadable)]
    [InlineData("From ana Tue Mar  4 10:11:12 2025\n", MimeWarning.LeadingLines)]
    public void A_bad_line_among_headers_is_passed_over(string line, MimeWarning warning)
    {
        var mapped = AMail.Mapped(AMail.Bytes("From: ana@contoso.com\n" + line + "Subject : Pallets\n\nHello\n"));

        Assert.Equal("Pallets", mapped.Headers.Subject);
        Assert.Equal("ana@contoso.com", mapped.Headers.Participants[0].Address?.Value);
        Assert.Equal([warning], mapped.Warnings.ToArray());
    }

    [Fact]
    public void A_body_without_an_empty_line_before_it_is_no_header()
    {
        var mapped = AMail.Mapped(AMail.Bytes("From: ana@contoso.com\nSubject: Pallets\nHello Bo,\nthe offer is above.\n\nReferences: <1@a.example>\n"));

        Assert.Equal("Pallets", mapped.Headers.Subject);
        Assert.Null(mapped.Headers.References);
        Assert.Equal([MimeWarning.SeparatorMissing], mapped.Warnings.ToArray());
    }

    [Fact]
    public void A_mail_that_ends_in_its_headers_is_read()
    {
        var mapped = AMail.Mapped(AMail.Bytes("From: ana@contoso.com\nSubject: Pallets"));

        Assert.Equal("Pallets", mapped.Headers.Subject);
        Assert.Empty(mapped.Warnings);
    }

    [Theory]
    //          bytes                                                  reason
    [InlineData("", UnmappableReason.Empty)]
    [InlineData(" \r\n\t\0\n", UnmappableReason.Empty)]
    [InlineData("\u00EF\u00BB\u00BF", UnmappableReason.Empty)]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1From: a@a.example\n\n", UnmappableReason.OutlookMessage)]
    [InlineData("\u0078\u009F\u003E\u0022\u0001\u0002", UnmappableReason.Tnef)]
    [InlineData("PK\u0003\u0004\u0014\0\0\0", UnmappableReason.Compressed)]
    [InlineData("\u001F\u008B\u0008\0\0\0\0\0", UnmappableReason.Compressed)]
    [InlineData("\u00FF\u00FEF\0r\0o\0m\0:\0", UnmappableReason.Binary)]
    [InlineData("\u0089PNG\r\n\u001A\n\0\0\0\rIHDR\0\0", UnmappableReason.Binary)]
    [InlineData("Hello Bo,\n\nthe offer is attached.\n", UnmappableReason.NoHeader)]
    [InlineData("\n\nHello Bo,\nthe offer is attached.\n", UnmappableReason.NoHeader)]
    [InlineData("Note: to be done\n\nHello\n", UnmappableReason.NoIdentity)]
    [InlineData("Content-Type: text/plain\nMIME-Version: 1.0\n\nHello\n", UnmappableReason.NoIdentity)]
    [InlineData("From:\nTo: undisclosed-recipients:;\nMessage-ID: < >\nSubject: \nDate: never\n\nHello\n", UnmappableReason.NoIdentity)]
    public void What_is_no_mail_is_refused_with_the_reason(string bytes, UnmappableReason reason)
    {
        var result = Assert.IsType<MimeResult.Unmappable>(AMail.Mapper().Map(AMail.Bytes(bytes)));

        Assert.Equal(reason, result.Reason);
        Assert.EndsWith(".", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outlook_file_is_refused_with_what_to_do()
    {
        var result = AMail.Mapper().Map(AMail.Bytes("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1"));

        Assert.Contains(".eml", Assert.IsType<MimeResult.Unmappable>(result).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_beyond_the_bound_are_not_read()
    {
        var many = new StringBuilder("From: ana@contoso.com\n").Insert(0, "X-Filler: x\n", 100).Append("\nHello\n").ToString();

        var within = AMail.Mapped(AMail.Bytes(many), new MimeOptions { HeadersMax = 101 });
        var beyond = AMail.Mapper(new MimeOptions { HeadersMax = 100 }).Map(AMail.Bytes(many));

        Assert.Empty(within.Warnings);
        Assert.Equal(UnmappableReason.NoIdentity, Assert.IsType<MimeResult.Unmappable>(beyond).Reason);
    }

    [Fact]
    public void A_header_block_beyond_the_bound_is_cut()
    {
        var mail = AMail.Bytes("From: ana@contoso.com\nX-Filler: " + new string('x', 300_000) + "\nSubject: Pallets\n\nHello\n");

        var mapped = AMail.Mapped(mail, new MimeOptions { HeaderBlockBytesMax = 262_144 });

        Assert.Equal("", mapped.Headers.Subject);
        Assert.Equal([MimeWarning.HeadersCut], mapped.Warnings.ToArray());
    }
}
