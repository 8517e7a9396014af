using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class FactsOfMailTests
{
    private static readonly Letter First = An.Email("first");
    private static readonly Letter Second = An.Email("second");
    private static readonly Letter Third = An.Email("third");

    private static string ClaimsOf(Letter letter)
    {
        var names = new Dictionary<MessageKey, string>
        {
            [First.Key] = "first", [Second.Key] = "second", [Third.Key] = "third",
        };
        return string.Join(' ', letter.Facts.Thread.Claims.Select(claim =>
            $"{names.GetValueOrDefault(claim.Key, "other")}:{claim.Kind}"));
    }

    [Fact]
    public void The_near_id_is_the_first_of_In_Reply_To_and_References_follow_nearest_first() => Assert.Equal(
        "second:InReplyTo third:References first:References",
        ClaimsOf(An.Email("m").Answering(Second).Naming(First, Third)));

    [Fact]
    public void Without_In_Reply_To_the_last_of_References_is_near() => Assert.Equal(
        "second:References first:References", ClaimsOf(An.Email("m").Naming(First, Second)));

    [Fact]
    public void Without_both_the_Thread_Index_is_near() =>
        Assert.Equal("other:ThreadIndex", ClaimsOf(An.Email("m").Indexed(1, 1)));

    [Fact]
    public void The_Thread_Index_comes_after_the_ids() =>
        Assert.Equal("first:InReplyTo other:ThreadIndex", ClaimsOf(An.Email("m").Answering(First).Indexed(1, 1)));

    [Fact]
    public void An_id_counts_once_where_it_stands_first() => Assert.Equal(
        "first:InReplyTo second:References", ClaimsOf(An.Email("m").Answering(First).Naming(Second, First, Second)));

    [Fact]
    public void A_mail_does_not_name_itself() =>
        Assert.Equal("first:References", ClaimsOf(An.Email("m").Answering(An.Email("m")).Naming(First, An.Email("m"))));

    [Fact]
    public void The_address_of_somebody_who_takes_part_is_no_id()
    {
        // RFC 5322 appendix A of old programs: the phrase before the id holds an address in brackets.
        var answer = An.Email("m").From("bo@fabrikam.com").To("ana@contoso.com") with
        {
            Answers = ["Message from Ana <Ana@contoso.com> of Monday", First.MessageId!],
            References = ["<bo@fabrikam.com>"],
        };
        Assert.Equal("first:InReplyTo", ClaimsOf(answer));
        Assert.Equal("first@mail", answer.Facts.InReplyTo);
    }

    [Fact]
    public void The_text_for_people_is_the_near_id()
    {
        Assert.Equal("second@mail", An.Email("m").Answering(Second).Naming(First).Facts.InReplyTo);
        Assert.Equal("second@mail", An.Email("m").Naming(First, Second).Facts.InReplyTo);
        Assert.Null(An.Email("m").Indexed(1, 1).Facts.InReplyTo);
    }

    [Fact]
    public void Fifty_ids_are_kept_from_either_end_of_each_header()
    {
        Letter[] many = [.. Enumerable.Range(0, 120).Select(i => An.Email($"r{i}"))];
        var claims = (An.Email("m").Naming(many) with { Answers = [.. many.Take(101).Select(one => "<a" + one.MessageId![1..])] })
            .Facts.Thread.Claims;
        Assert.Equal(200, claims.Length);
        Assert.Contains(claims, claim => claim.Key == many[49].Key);
        Assert.DoesNotContain(claims, claim => claim.Key == many[50].Key);
        Assert.DoesNotContain(claims, claim => claim.Key == many[69].Key);
        Assert.Contains(claims, claim => claim.Key == many[70].Key);
        Assert.Equal(many[^1].Key, claims.First(claim => claim.Kind == ClaimKind.References).Key);
    }

    [Theory]
    //          message-id   sender                  minute  subject   -> the same key as the mail of row one
    [InlineData("< >",       "ana@contoso.com",      0,      "Order",     true)]
    [InlineData(null,        "ana@contoso.com",      0,      "Order",     true)]
    [InlineData("no id",     "ana@contoso.com",      0,      "Order",     true)]
    [InlineData(null,        "ANA@contoso.com",      0,      "Order",     true)]
    [InlineData(null,        "bo@fabrikam.com",      0,      "Order",     false)]    // mailanalyzer#81: two customers.
    [InlineData(null,        "ana@contoso.com",      1,      "Order",     false)]
    [InlineData(null,        "ana@contoso.com",      0,      "Re: Order", false)]
    [InlineData("<a@b>",     "ana@contoso.com",      0,      "Order",     false)]
    public void Without_an_id_the_headers_tell_mails_apart(string? id, string sender, int minute, string subject, bool same)
    {
        var mail = (An.Email("m") with { MessageId = "< >" }).To("sales@contoso.com");
        var other = (An.Email("m") with { MessageId = id }).From(sender).To("sales@contoso.com").Minute(minute).About(subject);
        Assert.Equal(same, mail.Key == other.Key);
    }

    [Fact]
    public void Without_an_id_recipients_tell_mails_apart_in_any_order_and_Bcc_does_not()
    {
        var mail = An.Email("m") with { MessageId = null };
        Assert.Equal(mail.To("a@x", "b@x").Key, mail.To("b@x").Cc("a@x").Key);
        Assert.Equal(mail.To("a@x").Key, mail.To("a@x").Bcc("b@x").Key);
        Assert.NotEqual(mail.To("a@x").Key, mail.To("a@x", "b@x").Key);
    }

    [Fact]
    public void Without_an_id_senders_that_no_address_can_be_read_of_are_told_by_their_text()
    {
        var mail = An.Email("m") with { MessageId = null };
        Assert.NotEqual(mail.FromText("Scanner 1").Key, mail.FromText("Scanner 2").Key);
        Assert.Equal(mail.FromText("Scanner 1").Key, mail.FromText("Scanner 1").Key);
    }

    [Fact]
    public void With_an_id_the_other_headers_play_no_part_in_the_key() => Assert.Equal(
        An.Email("m").Key, An.Email("m").From("bo@fabrikam.com").Minute(9).About("Other").Key);

    [Fact]
    public void Only_a_first_participant_that_is_the_sender_is_the_sender() => Assert.Null(
        (An.Email("m") with { People = [Letter.Person(ParticipationType.ToRecipient, "bo@fabrikam.com")] }).Facts.Sender);

    [Fact]
    public void A_subject_is_cut_at_800_characters_and_never_through_a_pair()
    {
        Assert.Equal(800, An.Email("m").About(new string('x', 900)).Facts.Subject.Length);
        Assert.Equal(799, An.Email("m").About(new string('x', 799) + "😀😀").Facts.Subject.Length);
    }

    [Fact]
    public void Ten_thousand_participants_are_kept() => Assert.Equal(
        FactsOfMail.ParticipantsMax,
        An.Email("m").To([.. Enumerable.Range(0, 10_001).Select(i => $"u{i}@x")]).Facts.Participants.Length);

    [Fact]
    public void Whatever_the_activity_shows_is_in_the_digest()
    {
        var mail = An.Email("m").To("bo@fabrikam.com");
        Letter[] others =
        [
            mail.About("Other"), mail.Minute(1), mail.Cc("cy@fabrikam.com"), mail.Answering(First), mail.Naming(First),
            mail.Indexed(1, 0), mail.Indexed(1, 1), mail.OnList("dev.lists.org"), mail with { Importance = 2 },
            mail.From("bo@fabrikam.com"), An.Email("other").To("bo@fabrikam.com"), mail with { Date = null },
        ];
        Assert.Equal(others.Length + 1, others.Append(mail).Select(one => one.Facts.Digest).Distinct().Count());
        Assert.Equal(mail.Facts.Digest, mail.Facts.Digest);
    }
}
