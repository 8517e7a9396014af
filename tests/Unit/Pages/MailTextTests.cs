using EmailTracking.Silo.Pages.Conversations;

namespace EmailTracking.Tests.Unit.Pages;

public sealed class MailTextTests
{
    [Theory]
    [InlineData("https://mail.contoso.com/emails/a%2Fb@contoso.com",        "a/b@contoso.com")]
    [InlineData("http://127.0.0.1:8480/conversations/00000000-0000-8000-8000-0000000000c0?x=1", "00000000-0000-8000-8000-0000000000c0")]
    [InlineData(" <a@contoso.com> ",                                        "<a@contoso.com>")]
    [InlineData("https://contoso.com/about",                                "https://contoso.com/about")]
    [InlineData("new desks",                                                "new desks")]
    public void A_mail_is_named_by_its_id_or_by_its_page(string text, string name) => Assert.Equal(name, MailText.NameIn(text));
}
