using System.Text;
using EmailTracking.Silo.Mime;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class ParticipantTests
{
    [Theory]
    //          To                                                                -> name=address, ...
    [InlineData("bo@fabrikam.com", "=bo@fabrikam.com")]
    [InlineData("Bo <Bo@Fabrikam.COM>", "Bo=bo@fabrikam.com")]
    [InlineData("\"Berg, Bo\" <bo@fabrikam.com>, Cy <cy@contoso.com>", "Berg, Bo=bo@fabrikam.com, Cy=cy@contoso.com")]
    [InlineData("Berg, Bo <bo@fabrikam.com>, Cy <cy@contoso.com>", "Berg, Bo=bo@fabrikam.com, Cy=cy@contoso.com")]  // Unquoted.
    [InlineData("bo@fabrikam.com (Bo, of Fabrikam)", "Bo, of Fabrikam=bo@fabrikam.com")]
    [InlineData("bo@fabrikam.com; cy@contoso.com;", "=bo@fabrikam.com, =cy@contoso.com")]                          // Outlook's way.
    [InlineData("bo@fabrikam.com,, ,cy@contoso.com,", "=bo@fabrikam.com, =cy@contoso.com")]
    [InlineData("Team: Bo <bo@fabrikam.com>, cy@contoso.com;", "Bo=bo@fabrikam.com, =cy@contoso.com")]            // A group.
    [InlineData("A: a@a.example, b@b.example;, B: c@c.example;", "=a@a.example, =b@b.example, =c@c.example")]
    [InlineData("=?utf-8?Q?J=C3=B6rg?= <bo@fabrikam.com>", "Jörg=bo@fabrikam.com")]
    [InlineData("\"=?utf-8?Q?J=C3=B6rg?=\" <bo@fabrikam.com>", "Jörg=bo@fabrikam.com")]
    [InlineData("=?utf-8?Q?Berg=2C_Bo?= <bo@fabrikam.com>", "Berg, Bo=bo@fabrikam.com")]
    [InlineData("=?utf-8?Q?Bo_<bo@fabrikam.com>?=", "Bo=bo@fabrikam.com")]                                        // All of it encoded.
    [InlineData("bo@fabrikam.com <bo@fabrikam.com>", "bo@fabrikam.com=bo@fabrikam.com")]
    [InlineData("<@relay.example,@hub.example:bo@fabrikam.com>", "=bo@fabrikam.com")]                             // RFC 5322 4.4: a route.
    [InlineData("<<bo@fabrikam.com>>", "=bo@fabrikam.com")]
    [InlineData("\"Bo <bo@fabrikam.com>", "Bo=bo@fabrikam.com")]                                                  // A quote left open.
    [InlineData("Bo (the <bo@fabrikam.com>", "Bo (the=bo@fabrikam.com")]                                          // A comment left open.
    [InlineData("b..o@fabrikam.com", "=b..o@fabrikam.com")]                                                       // Not legal, but met.
    [InlineData("bo@b\u00C3\u00BCro.example", "=bo@xn--bro-hoa.example")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("Undisclosed recipients: ;", "")]
    [InlineData("undisclosed-recipients:", "")]
    [InlineData(" \t", "")]
    public void Recipients_are_read(string to, string expected)
    {
        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", "To: " + to));

        var found = mapped.Headers.Participants.Where(one => one.Type == ParticipationType.ToRecipient);
        Assert.Equal(expected, string.Join(", ", found.Select(one => one.Name + "=" + one.Address)));
        Assert.Empty(mapped.Warnings);
    }

    [Theory]
    //          To                                              -> name=address, ...
    [InlineData("bo", "bo=")]
    [InlineData("bo, cy@contoso.com", "bo=, =cy@contoso.com")]
    [InlineData("undisclosed-recipients", "undisclosed-recipients=")]
    [InlineData("Bo <bo>, cy@contoso.com", "Bo <bo>=, =cy@contoso.com")]
    [InlineData("Bo <>, cy@contoso.com", "Bo <>=, =cy@contoso.com")]
    [InlineData("=?utf-8?Q?J=C3=B6rg?=, cy@contoso.com", "Jörg=, =cy@contoso.com")]
    [InlineData("bo@fabrikam.com]x, cy@contoso.com", "bo@fabrikam.com]x=, =cy@contoso.com")]
    [InlineData("@@@, cy@contoso.com", "@@@=, =cy@contoso.com")]
    public void What_is_no_address_is_kept_by_its_text_and_the_others_are_read(string to, string expected)
    {
        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", "To: " + to));

        var found = mapped.Headers.Participants.Where(one => one.Type == ParticipationType.ToRecipient);
        Assert.Equal(expected, string.Join(", ", found.Select(one => one.Name + "=" + one.Address)));
        Assert.Equal([MimeWarning.AddressUnreadable], mapped.Warnings.ToArray());
    }

    [Theory]
    //          From                                  Sender            -> sender
    [InlineData("Ana <ana@contoso.com>", "bo@fabrikam.com", "ana@contoso.com")]
    [InlineData("ana@contoso.com, cy@contoso.com", "", "ana@contoso.com")]
    [InlineData("Sales: ana@contoso.com, cy@contoso.com;", "", "ana@contoso.com")]
    [InlineData("", "bo@fabrikam.com", "bo@fabrikam.com")]
    [InlineData(";", "bo@fabrikam.com", "bo@fabrikam.com")]
    public void The_sender_is_the_first_author_else_who_sent_it(string from, string sender, string expected)
    {
        var mapped = AMail.Mapped(AMail.Of("From: " + from, "Sender: " + sender, "To: cy@fabrikam.com"));

        var one = Assert.Single(mapped.Headers.Participants, one => one.Type == ParticipationType.Sender);
        Assert.Equal(expected, one.Address?.Value);
        Assert.Empty(mapped.Warnings);
    }

    [Fact]
    public void A_mail_from_nobody_has_no_sender()
    {
        var mapped = AMail.Mapped(AMail.Of("To: cy@fabrikam.com"));

        Assert.DoesNotContain(mapped.Headers.Participants, one => one.Type == ParticipationType.Sender);
        Assert.Equal([MimeWarning.SenderMissing], mapped.Warnings.ToArray());
    }

    // zammad#811, zammad#3303: the mail is kept, its sender is unknown and can be seen.
    [Fact]
    public void An_unreadable_sender_is_kept_by_its_text()
    {
        var mapped = AMail.Mapped(AMail.Of("From: The Boss (really)", "To: cy@fabrikam.com"));

        Assert.Equal(new Participant(ParticipationType.Sender, null, "The Boss (really)"), mapped.Headers.Participants[0]);
        Assert.Equal([MimeWarning.AddressUnreadable], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Names_hold_no_control_characters()
    {
        var mapped = AMail.Mapped(AMail.Of("From: \"A\0n\u0001a\" <ana@contoso.com>"));

        Assert.Equal("Ana", mapped.Headers.Participants[0].Name);
        Assert.Equal([MimeWarning.CharactersReplaced], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Raw_bytes_in_a_name_are_read_as_the_body_is()
    {
        var mapped = AMail.Mapped(AMail.Of("Content-Type: text/plain; charset=koi8-r", "From: \u00E1\u00CE\u00D1 <ana@contoso.com>"));

        Assert.Equal("Аня", mapped.Headers.Participants[0].Name);
        Assert.Equal([MimeWarning.CharsetGuessed], mapped.Warnings.ToArray());
    }

    [Fact]
    public void A_name_in_the_wrong_charset_is_read_as_the_likeliest()
    {
        var mapped = AMail.Mapped(AMail.Of("From: =?utf-8?Q?J=F6rg?= <ana@contoso.com>"));

        Assert.Equal(new Participant(ParticipationType.Sender, AddressOf("ana@contoso.com"), "Jörg"), mapped.Headers.Participants[0]);
        Assert.Equal([MimeWarning.CharsetGuessed], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Everyone_stands_in_header_order()
    {
        var mail = AMail.Of("Bcc: d@d.example", "Cc: c@c.example", "To: b@b.example", "From: a@a.example");

        Assert.Equal(
            [ParticipationType.Sender, ParticipationType.ToRecipient, ParticipationType.CcRecipient, ParticipationType.BccRecipient],
            AMail.Headers(mail).Participants.Select(one => one.Type));
    }

    [Fact]
    public void Ten_thousand_participants_are_kept_and_no_more()
    {
        var to = new StringBuilder("To: ");
        for (var number = 0; number < 10_050; number++)
        {
            to.Append("Person ").Append(number).Append(" <p").Append(number).Append("@fabrikam.com>,\r\n ");
        }

        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", to + "last@fabrikam.com"));

        Assert.Equal(10_000, mapped.Headers.Participants.Length);
        Assert.Equal("p9998@fabrikam.com", mapped.Headers.Participants[^1].Address?.Value);
        Assert.Equal([MimeWarning.ParticipantsCut], mapped.Warnings.ToArray());
    }

    [Fact]
    public void An_over_long_address_header_is_cut_at_a_whole_address()
    {
        var to = string.Join(", ", Enumerable.Range(0, 10_000).Select(number => $"person-{number:d5}@fabrikam.com"));

        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", "To: " + to), new MimeOptions { HeaderBytesMax = 131_072 });

        Assert.InRange(mapped.Headers.Participants.Length, 4_000, 5_000);
        Assert.All(mapped.Headers.Participants.Skip(1), one => Assert.Matches("^person-[0-9]{5}@fabrikam.com$", one.Address?.Value));
        Assert.Equal([MimeWarning.HeaderCut], mapped.Warnings.ToArray());
    }

    [Theory]
    [InlineData('(')]
    [InlineData('"')]
    [InlineData('<')]
    [InlineData(',')]
    [InlineData(':')]
    [InlineData('\\')]
    public void A_megabyte_of_one_special_character_is_read(char special)
    {
        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", "To: " + new string(special, 1_000_000)));

        Assert.Equal("ana@contoso.com", mapped.Headers.Participants[0].Address?.Value);
        Assert.InRange(mapped.Headers.Participants.Length, 1, 2);
    }

    private static EmailAddress AddressOf(string text) => EmailAddress.TryParse(text, out var address) ? address : default;
}
