using EmailTracking.Silo.Mime;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class IdTests
{
    [Theory]
    //          Message-ID                                     -> id
    [InlineData("<1@contoso.com>", "1@contoso.com")]
    [InlineData("1@contoso.com", "1@contoso.com")]
    [InlineData("(comment) <1@contoso.com> trailing", "1@contoso.com")]
    [InlineData("<\"a b\"@contoso.com>", "\"ab\"@contoso.com")]
    [InlineData("<a long\r\n one@contoso.com>", "alongone@contoso.com")]
    [InlineData("\r\n <1@contoso.com>", "1@contoso.com")]
    [InlineData("<bare>", "bare")]                                             // e2a PR#498: a relay's id without a domain.
    public void A_message_id_is_read_as_written(string value, string id)
    {
        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", "Message-ID: " + value));

        Assert.Equal(id, FactsOfMail.Read(mapped.Headers).MessageId?.Value);
        Assert.Empty(mapped.Warnings);
    }

    [Theory]
    [InlineData("< >")]                                                        // mailanalyzer#81
    [InlineData("<>")]
    [InlineData("none")]
    [InlineData("<see the attached file>")]
    public void A_message_id_without_an_id_is_none(string value)
    {
        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", "Message-ID: " + value));

        Assert.Null(FactsOfMail.Read(mapped.Headers).MessageId);
        Assert.Equal([MimeWarning.MessageIdUnusable], mapped.Warnings.ToArray());
    }

    // MailFathom PR#906: 998 octets are legal.
    [Theory]
    [InlineData(998, true)]
    [InlineData(999, false)]
    [InlineData(100_000, false)]
    public void A_message_id_may_be_998_octets_long(int length, bool isId)
    {
        var id = new string('x', length - 12) + "@contoso.com";

        var mapped = AMail.Mapped(AMail.Of("From: ana@contoso.com", $"Message-ID:\r\n <{id}>"));

        Assert.Equal(isId ? id : null, FactsOfMail.Read(mapped.Headers).MessageId?.Value);
        Assert.Equal(!isId, mapped.Warnings.Contains(MimeWarning.MessageIdUnusable));
    }

    [Fact]
    public void Repeated_ids_are_joined_and_other_repeated_headers_count_once()
    {
        var mapped = AMail.Mapped(AMail.Of(
            "From: ana@contoso.com", "From: bo@contoso.com", "Subject:", "Subject: one", "Subject: two",
            "In-Reply-To: <1@a.example>", "In-Reply-To: <2@a.example>", "References: <3@a.example>", "References: <4@a.example>"));

        Assert.Equal("<1@a.example> <2@a.example>", mapped.Headers.InReplyTo);
        Assert.Equal("<3@a.example> <4@a.example>", mapped.Headers.References);
        Assert.Equal("one", mapped.Headers.Subject);
        Assert.Equal("ana@contoso.com", Assert.Single(mapped.Headers.Participants).Address?.Value);
        Assert.Equal([MimeWarning.HeaderRepeated], mapped.Warnings.ToArray());
    }

    [Fact]
    public void The_first_and_last_fifty_ids_of_an_endless_header_survive()
    {
        var ids = Enumerable.Range(0, 100_000).Select(number => $"<message-{number:d6}@lists.example>").ToArray();

        var mapped = AMail.Mapped(AMail.With("References: " + string.Join("\r\n ", ids)));

        Assert.InRange(mapped.Headers.References!.Length, 1_000_000, 1_048_576);
        var kept = MessageId.ParseAll(mapped.Headers.References).Select(id => $"<{id}>").ToArray();
        Assert.Equal(ids[..50], kept[..50]);
        Assert.Equal(ids[^50..], kept[^50..]);
        Assert.Empty(kept.Except(ids));
        Assert.Equal([MimeWarning.HeaderCut], mapped.Warnings.ToArray());
    }

    [Fact]
    public void Many_repeated_long_headers_stay_within_the_bound()
    {
        var line = "References: " + string.Join(' ', Enumerable.Range(0, 4_000).Select(number => $"<{number}@lists.example>"));

        var mapped = AMail.Mapped(
            AMail.With([.. Enumerable.Repeat(line, 20)]), new MimeOptions { HeaderBytesMax = 131_072 });

        Assert.InRange(mapped.Headers.References!.Length, 120_000, 131_072);
        Assert.Equal([MimeWarning.HeaderCut, MimeWarning.HeaderRepeated], mapped.Warnings.ToArray());
    }

    [Fact]
    public void A_long_header_repeated_ten_thousand_times_is_read()
    {
        var first = "References: <root@a.example> " + new string('x', 1_000_000);

        var mapped = AMail.Mapped(AMail.With([first, .. Enumerable.Repeat("References: <1@a.example>", 9_000)]));

        Assert.StartsWith("<root@a.example>", mapped.Headers.References, StringComparison.Ordinal);
        Assert.EndsWith("<1@a.example>", mapped.Headers.References, StringComparison.Ordinal);
        Assert.Equal([MimeWarning.HeaderCut, MimeWarning.HeaderRepeated], mapped.Warnings.ToArray());
    }

    [Fact]
    public void An_endless_header_without_an_id_gives_none()
    {
        var mapped = AMail.Mapped(AMail.With("References: " + new string('x', 2_000_000)));

        Assert.Empty(MessageId.ParseAll(mapped.Headers.References));
        Assert.Equal([MimeWarning.HeaderCut], mapped.Warnings.ToArray());
    }

    [Fact]
    public void An_id_in_no_charset_reads_the_same_whatever_the_body_says()
    {
        var one = AMail.Headers(AMail.With("In-Reply-To: <\u00FC@a.example>", "Content-Type: text/plain; charset=koi8-r"));
        var other = AMail.Headers(AMail.With("In-Reply-To: <\u00FC@a.example>", "Content-Type: text/plain; charset=big5"));

        Assert.Equal("<ü@a.example>", one.InReplyTo);
        Assert.Equal(one.InReplyTo, other.InReplyTo);
    }

    [Fact]
    public void A_thread_index_is_passed_on_as_written()
    {
        const string index = "AQHZ0000000000000000000000000000000000==";

        Assert.Equal(index, AMail.Headers(AMail.With("Thread-Index:\r\n " + index)).ThreadIndex);
    }
}
