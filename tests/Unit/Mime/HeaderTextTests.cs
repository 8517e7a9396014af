using EmailTracking.Silo.Mime;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class HeaderTextTests
{
    [Theory]
    //          header value (characters are bytes)                             -> subject
    [InlineData("Offer for pallets", "Offer for pallets")]
    [InlineData("Offer\r\n for\r\n\tpallets", "Offer for pallets")]
    [InlineData("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße")]
    [InlineData("=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße")]                     // RFC 2231: a language.
    [InlineData("=?iso-8859-1?q?Gr=FC=DFe?= aus Ulm", "Grüße aus Ulm")]
    [InlineData("=?utf-8?B?R3LDvA==?= =?utf-8?B?w59l?=", "Grüße")]              // No blank between encoded words.
    [InlineData("=?utf-8?B?R3LD?=\r\n =?utf-8?B?vMOfZQ==?=", "Grüße")]          // A character split over two words.
    [InlineData("=?utf-8?Q?Gr=C3=BC\r\n =C3=9Fe?=", "Grü ße")]                  // A word split over two lines.
    [InlineData("=?koi8-r?B?8NLJ18XU?=", "Привет")]
    [InlineData("=?gb2312?B?xOO6ww==?=", "你好")]
    [InlineData("=?GBK?B?xOO6ww==?=", "你好")]
    [InlineData("=?big5?B?p0Gmbg==?=", "你好")]
    [InlineData("=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん")]
    [InlineData("=?ks_c_5601-1987?B?vsiz5w==?=", "안녕")]
    [InlineData("=?windows-1252?Q?=93quoted=94?=", "“quoted”")]
    [InlineData("Gr\u00C3\u00BC\u00C3\u009Fe", "Grüße")]                        // Raw UTF-8 (RFC 6532).
    [InlineData("50 =?percent", "50 =?percent")]
    public void A_subject_is_decoded(string value, string subject)
    {
        var mapped = AMail.Mapped(AMail.With("Subject: " + value));

        Assert.Equal(subject, mapped.Headers.Subject);
        Assert.Empty(mapped.Warnings);
    }

    [Theory]
    //          header value                              Content-Type                            -> subject
    [InlineData("Gr\u00FC\u00DFe", "text/plain", "Grüße")]                                        // Junk: windows-1252 is likeliest.
    [InlineData("\u0093quoted\u0094", "text/plain; charset=iso-8859-1", "“quoted”")]
    [InlineData("\u00F0\u00D2\u00C9\u00D7\u00C5\u00D4", "text/plain; charset=koi8-r", "Привет")]  // As its body is.
    [InlineData("\u00C4\u00E3\u00BA\u00C3", "text/plain; charset=\"gb2312\"", "你好")]
    [InlineData("\u00C4\u00E3\u00BA\u00C3", "text/plain; charset=no-such-thing", "Äãº\u00C3")]
    [InlineData("\u001B$B$3$s\u001B(B", "text/plain; charset=iso-2022-jp", "こん")]
    [InlineData("=?no-such-thing?Q?Gr=C3=BC=C3=9Fe?=", "text/plain", "Grüße")]                    // A charset nobody knows.
    [InlineData("=?utf8mb4?Q?Gr=FC=DFe?=", "text/plain", "Grüße")]
    [InlineData("=?iso-8859-1?Q?Gr\u00FC\u00DFe?=", "text/plain", "Grüße")]                        // Raw bytes inside a word.
    [InlineData("=?utf-8?Q?Gr=FC=DFe?=", "text/plain", "Grüße")]                                  // Claims UTF-8 and is not.
    [InlineData("=?utf-7?Q?plain?=", "text/plain", "plain")]
    public void Text_in_no_charset_or_a_wrong_one_is_read_as_the_likeliest(string value, string type, string subject)
    {
        var mapped = AMail.Mapped(AMail.With("Content-Type: " + type, "Subject: " + value));

        Assert.Equal(subject, mapped.Headers.Subject);
        Assert.Equal([MimeWarning.CharsetGuessed], mapped.Warnings.ToArray());
    }

    [Fact]
    public void An_encoded_word_that_claims_ascii_may_be_more()
    {
        Assert.Equal("Grüße", AMail.Headers(AMail.With("Subject: =?us-ascii?Q?Gr=C3=BC=C3=9Fe?=")).Subject);
    }

    [Fact]
    public void Raw_text_in_a_multipart_is_read_as_its_first_text_part()
    {
        var mail = AMail.Bytes(
            "From: ana@contoso.com\nSubject: \u00F0\u00D2\u00C9\u00D7\u00C5\u00D4\nContent-Type: multipart/mixed; boundary=b\n\n" +
            "--b\nContent-Type: text/plain; charset=koi8-r\n\n...\n--b--\n");

        Assert.Equal("Привет", AMail.Headers(mail).Subject);
    }

    [Theory]
    //          header value                         -> subject
    [InlineData("pal\0lets", "pallets")]
    [InlineData("=?utf-8?Q?pal=00lets?=", "pallets")]
    [InlineData("bell\u0007 and escape\u001B", "bell and escape")]
    [InlineData("=?utf-8?Q?del=7F_c1=C2=85?=", "del c1")]
    [InlineData("lone \u00ED\u00A0\u0080 surrogate", "lone \uFFFD surrogate")]           // UTF-8 of D800.
    [InlineData("\u00ED\u00B0\u0080Gr\u00C3\u00BC\u00C3\u009Fe", "\uFFFDGrüße")]        // And the rest stays UTF-8.
    public void What_no_store_takes_is_taken_out(string value, string subject)
    {
        var mapped = AMail.Mapped(AMail.With("Subject: " + value));

        Assert.Equal(subject, mapped.Headers.Subject);
        Assert.Equal([MimeWarning.CharactersReplaced], mapped.Warnings.ToArray());
    }

    [Theory]
    [InlineData("=?utf-16le?B?ANg=?=")]
    [InlineData("=?utf-16be?B?3AAAQQ==?=")]
    [InlineData("=?utf-8?B?7aCA?=")]
    public void A_lone_surrogate_in_an_encoded_word_does_not_come_through(string value)
    {
        var subject = AMail.Headers(AMail.With("Subject: a " + value)).Subject;

        Assert.StartsWith("a", subject, StringComparison.Ordinal);
        Assert.DoesNotContain(subject, char.IsSurrogate);
    }

    [Fact]
    public void Line_breaks_inside_an_encoded_word_become_blanks()
    {
        Assert.Equal("a  b c", AMail.Headers(AMail.With("Subject: =?utf-8?Q?a=0D=0Ab=09c?=")).Subject);
    }

    [Fact]
    public void A_long_subject_is_cut_between_characters()
    {
        var mapped = AMail.Mapped(AMail.With("Subject: " + new string('x', 799) + "=?utf-8?B?8J+Yig==?="));

        Assert.Equal(new string('x', BaseSubject.LengthMax - 1), mapped.Headers.Subject);
        Assert.Equal([MimeWarning.TextCut], mapped.Warnings.ToArray());
    }

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        var mapped = AMail.Mapped(AMail.Of("From: " + new string('x', 159) + "=?utf-8?B?8J+Yig==?= <ana@contoso.com>"));

        Assert.Equal(new string('x', 159), mapped.Headers.Participants[0].Name);
        Assert.Equal([MimeWarning.TextCut], mapped.Warnings.ToArray());
    }

    [Fact]
    public void A_mail_full_of_charset_names_is_read()
    {
        var words = string.Join(' ', Enumerable.Range(0, 500).Select(number => $"=?x-made-up-{number}?Q?a?="));

        var mapped = AMail.Mapped(AMail.With("Subject: " + words));

        Assert.Equal(new string('a', 500), mapped.Headers.Subject);
        Assert.Equal([MimeWarning.CharsetGuessed], mapped.Warnings.ToArray());
    }
}
