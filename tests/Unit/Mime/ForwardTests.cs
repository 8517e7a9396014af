using System.Text;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

/// <summary>Who wrote what a mail forwards, as mail programs write it above the text.</summary>
public sealed class ForwardTests
{
    private const string Bo = "Bo Berg <bo@fabrikam.com>";

    private static string? From(string body, string subject = "Fwd: Pump", string headers = "Content-Type: text/plain; charset=utf-8") =>
        AMail.Headers(Encoding.UTF8.GetBytes(
            $"From: ana@contoso.com\nTo: support@contoso.com\nSubject: {subject}\nMessage-ID: <1@contoso.com>\n{headers}\n\n{body}")).ForwardedFrom is { } author
                ? $"{author.Name} <{author.Address}>"
                : null;

    // Case G4. A stroke stands for a line's end.
    [Theory]
    //          program              text of the mail
    [InlineData("Gmail",             "Please.||---------- Forwarded message ---------|From: Bo Berg <bo@fabrikam.com>|Date: Mon, 2 Mar 2026 at 08:00|Subject: Pump|To: <ana@contoso.com>||It broke.")]
    [InlineData("Outlook",           "Please.||________________________________|From: Bo Berg <bo@fabrikam.com>|Sent: Monday, March 2, 2026 8:00 AM|To: Ana Silva <ana@contoso.com>|Subject: Pump||It broke.")]
    [InlineData("Outlook, German",   "Bitte.||-----Ursprüngliche Nachricht-----|Von: Bo Berg <bo@fabrikam.com>|Gesendet: Montag, 2. März 2026 08:00|An: Ana Silva <ana@contoso.com>|Betreff: Pumpe||Kaputt.")]
    [InlineData("Outlook, French",   "De : Bo Berg <bo@fabrikam.com>|Envoyé : lundi 2 mars 2026 08:00|À : Ana Silva|Objet : Pompe")]
    [InlineData("Outlook, old",      "-----Original Message-----|From: Bo Berg [mailto:bo@fabrikam.com]|Sent: Monday, March 2, 2026 8:00 AM|To: Ana Silva|Subject: Pump")]
    [InlineData("Apple Mail",        "Begin forwarded message:||> From: Bo Berg <bo@fabrikam.com>|> Subject: Pump|> Date: 2 March 2026 at 08:00:00|> To: Ana Silva <ana@contoso.com>|>|> It broke.")]
    [InlineData("Thunderbird",       "-------- Forwarded Message --------|Subject: \tPump|Date: \tMon, 2 Mar 2026 08:00:00 +0000|From: \tBo Berg <bo@fabrikam.com>|To: \tana@contoso.com||It broke.")]
    [InlineData("in bold",           "*From:* Bo Berg <bo@fabrikam.com>|*Sent:* Monday|*To:* Ana Silva|*Subject:* Pump")]
    [InlineData("many recipients",   "From: Bo Berg <bo@fabrikam.com>|To: one@contoso.com,| two@contoso.com,| three@contoso.com|Subject: Pump")]
    [InlineData("forwarded twice",   "From: Bo Berg <bo@fabrikam.com>|To: Cy|Subject: Fwd: Pump||From: Eve <eve@tailspin.com>|To: Bo|Subject: Pump")]
    public void A_forward_says_who_wrote_it(string program, string text)
    {
        Assert.False(string.IsNullOrEmpty(program));
        Assert.Equal(Bo, From(text.Replace('|', '\n')));
        Assert.Equal(Bo, From(text.Replace("|", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(Bo, From(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Replace('|', '\n'))),
            headers: "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64"));
        var html = $"<html><body><p>{System.Net.WebUtility.HtmlEncode(text).Replace("|", "<br>", StringComparison.Ordinal)}</p></body></html>";
        Assert.Equal(Bo, From(html, headers: "Content-Type: text/html; charset=utf-8"));
    }

    [Theory]
    [InlineData("Re: Pump",  "From: Bo Berg <bo@fabrikam.com>|Sent: Monday|To: Ana|Subject: Pump")]     // An answer quotes the same block.
    [InlineData("Fwd: Pump", "See below.")]
    [InlineData("Fwd: Pump", "From: here on it is bad|To: all|Subject: Pump")]                          // No address.
    [InlineData("Fwd: Pump", "From: bo@fabrikam.com")]                                                  // One line is no block.
    [InlineData("Fwd: Pump", "From: bo@fabrikam.com|a|b|c|d|To: Ana|Subject: Pump")]                    // Too far apart.
    public void Mail_that_forwards_nothing_says_nobody(string subject, string text) =>
        Assert.Null(From(text.Replace('|', '\n'), subject));

    [Theory]
    [InlineData("message/rfc822")]
    [InlineData("message/global")]
    public void Of_an_attached_mail_its_own_sender_counts(string type) => Assert.Equal(
        "Bö <bo@fabrikam.com>",
        From(
            $"--x\nContent-Type: text/plain\n\nPlease.\n--x\nContent-Type: {type}\n\nReceived: a\nFrom: =?utf-8?q?B=C3=B6?= <bo@fabrikam.com>\n" +
            "Subject: Pump\n\nFrom: eve@tailspin.com\nTo: a\nSubject: b\n--x--\n",
            headers: "Content-Type: multipart/mixed; boundary=x"));

    [Fact]
    public void Text_deep_in_parts_is_found() => Assert.Equal(
        Bo,
        From(
            "--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" +
            "From: Bo Berg <bo=40fabrikam.com>\nSent: Monday\nSubject: Pump\n--y\nContent-Type: text/html\n\n<p>\n--y--\n--x--\n",
            headers: "Content-Type: multipart/mixed; boundary=x"));

    [Fact]
    public void A_text_file_that_is_attached_says_nothing() => Assert.Null(From(
        "--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nFrom: bo@fabrikam.com\nTo: a\nSubject: b\n--x--\n",
        headers: "Content-Type: multipart/mixed; boundary=x"));

    [Theory]
    [InlineData(60_000, true)]
    [InlineData(70_000, false)]
    public void Only_the_beginning_of_the_text_is_looked_at(int before, bool found) => Assert.Equal(
        found ? Bo : null, From(new string('\n', before) + "From: Bo Berg <bo@fabrikam.com>\nTo: Ana\nSubject: Pump\n"));

    [Fact]
    public async Task A_stream_says_the_same_as_memory()
    {
        var mail = Encoding.UTF8.GetBytes(
            "From: ana@contoso.com\nSubject: Fwd: a\nMessage-ID: <1@contoso.com>\n\n" + new string('x', 20_000) +
            "\nFrom: Bo Berg <bo@fabrikam.com>\nTo: Ana\nSubject: Pump\n");
        var read = Assert.IsType<MimeResult.Mapped>(await AMail.Mapper().MapAsync(new MemoryStream(mail)));
        Assert.Equal("bo@fabrikam.com", read.Headers.ForwardedFrom!.Address!.Value.Value);
        Assert.Equal(AMail.Headers(mail).ForwardedFrom, read.Headers.ForwardedFrom);
    }
}
