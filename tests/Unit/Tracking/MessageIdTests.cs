using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class MessageIdTests
{
    [Theory]
    //          header                                    -> ids, with a bar between them
    [InlineData("<a@b>",                                     "a@b")]
    [InlineData("  <a@b>\t",                                 "a@b")]
    [InlineData("< a@b >",                                   "a@b")]            // Blanks inside the brackets are folding.
    [InlineData("<a@b><c@d>",                                "a@b|c@d")]        // Nothing between two ids.
    [InlineData("<a@b> <c@d>, <a@b>",                        "a@b|c@d|a@b")]    // Repeats stay: their order is evidence.
    [InlineData("<a@b> (Ana's mail of Monday)",              "a@b")]            // zammad-style comment, itop#175.
    [InlineData("(a comment) <a@b>",                         "a@b")]
    [InlineData("<very-long-\r\n id@host>",                  "very-long-id@host")] // Folded inside the id.
    [InlineData("\"a phrase\" <a@b>",                        "a@b")]
    [InlineData("<\"quoted left\"@host>",                    "\"quotedleft\"@host")] // Compared without blanks, everywhere.
    [InlineData("<A@b>",                                     "A@b")]            // Byte for byte: case counts.
    [InlineData("<<a@b>>",                                   "a@b")]
    [InlineData("<a <b@c>",                                  "b@c")]            // The innermost bracket.
    [InlineData("<0100019a>",                                "0100019a")]       // e2a PR#498: a relay's bare id.
    [InlineData("a@b",                                       "a@b")]            // Brackets forgotten.
    [InlineData("<a@b",                                      "")]               // Not closed.
    [InlineData("< >",                                       "")]               // mailanalyzer#81.
    [InlineData("<>",                                        "")]
    [InlineData("<> <a@b>",                                  "a@b")]
    [InlineData("Your message of Monday",                    "")]
    [InlineData("Message from ana@contoso.com of Monday",    "")]               // RFC 5322 3.6.4: an address is no id.
    [InlineData("<see the attached file>",                   "")]               // A phrase in brackets.
    [InlineData("",                                          "")]
    [InlineData(null,                                        "")]
    public void Ids_stand_between_brackets(string? header, string ids) =>
        Assert.Equal(ids, string.Join('|', MessageId.ParseAll(header)));

    [Theory]
    [InlineData("<a@b> <c@d>", "a@b")]
    [InlineData("< > <c@d>",   "c@d")]
    [InlineData("no id",       null)]
    public void A_Message_ID_header_has_one_id(string header, string? id)
    {
        Assert.Equal(id is not null, MessageId.TryParse(header, out var found));
        Assert.Equal(id, found.Value);
    }

    [Theory]
    [InlineData(998, true)]    // MailFathom PR#906; RFC 5322 section 2.1.1.
    [InlineData(999, false)]
    public void An_id_has_at_most_998_characters(int length, bool isId)
    {
        var id = new string('x', length - 2) + "@h";
        Assert.Equal(isId, MessageId.TryParse($"<{id}>", out _));
        Assert.Equal(isId, MessageId.TryParse(id, out _));
        Assert.Equal(isId, MessageId.TryParse($"<{id[..5]}\r\n {id[5..]}>", out _));
    }

    [Fact]
    public void Of_a_long_list_the_first_and_the_last_are_kept()
    {
        var ids = MessageId.ParseAll(string.Join(' ', Enumerable.Range(0, 7).Select(i => $"<{i}@h>"))).ToArray();
        Assert.Equal("0@h 1@h 5@h 6@h", string.Join(' ', MessageId.Bounded(ids, 2)));
        Assert.Equal("0@h 1@h 2@h 3@h", string.Join(' ', MessageId.Bounded(ids.Take(4), 2)));
        Assert.Equal("0@h 1@h 2@h 3@h", string.Join(' ', MessageId.Bounded([.. ids.Take(4), .. ids.Take(4)], 2)));
    }
}
