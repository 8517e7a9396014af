using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class EmailAddressTests
{
    [Theory]
    //          text                       -> address
    [InlineData("ana@contoso.com",            "ana@contoso.com")]
    [InlineData(" Ana@Contoso.COM ",          "ana@contoso.com")]
    [InlineData("ana@bücher.example",         "ana@xn--bcher-kva.example")]    // RFC 5891.
    [InlineData("ANA@BÜCHER.example",         "ana@xn--bcher-kva.example")]
    [InlineData("jürgen@contoso.com",         "jürgen@contoso.com")]           // RFC 6531: the left part stays.
    [InlineData("a@b@contoso.com",            "a@b@contoso.com")]              // The last @ counts.
    [InlineData("ana@[192.0.2.1]",            "ana@[192.0.2.1]")]
    public void It_is_compared_in_lower_case_and_ASCII(string text, string expected)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("@contoso.com")]
    [InlineData("ana@")]
    [InlineData("ana smith@contoso.com")]
    [InlineData("ana\u0000@contoso.com")]
    [InlineData("<ana@contoso.com>")]
    [InlineData("ana@contoso.com>")]
    [InlineData("ana@contoso.com,bo@fabrikam.com")]    // A list that was not taken apart.
    [InlineData("ana@contoso.com;bo@fabrikam.com")]
    public void What_no_mail_could_be_sent_to_is_none(string? text) => Assert.False(EmailAddress.TryParse(text, out _));

    [Theory]
    [InlineData(320, true)]
    [InlineData(321, false)]
    public void It_has_at_most_320_characters(int length, bool isAddress) =>
        Assert.Equal(isAddress, EmailAddress.TryParse("a@" + new string('x', length - 2), out _));

    [Fact]
    public void A_domain_without_an_ASCII_form_is_kept_as_written()
    {
        Assert.True(EmailAddress.TryParse("ana@" + new string('ü', 100) + ".example", out var address));
        Assert.EndsWith(".example", address.Domain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gmail.com", true)]
    [InlineData("yahoo.co.uk", true)]       // One name under many countries.
    [InlineData("hotmail.fr", true)]
    [InlineData("contoso.com", false)]
    [InlineData("mail.contoso.com", false)]
    [InlineData("gmail.contoso.com", false)]
    public void Free_mail_is_told_by_its_domain(string domain, bool isFree) => Assert.Equal(isFree, FreeMail.Hosts(domain));
}
