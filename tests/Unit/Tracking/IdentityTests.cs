using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class IdentityTests
{
    private static readonly Letter Mail = An.Email("m").From("ana@contoso.com").About("Order");

    private static KnownEmail Tracked(Letter letter) => new Story().See(letter)!;

    [Theory]
    //          hours   from                 subject           -> same
    [InlineData(0,      "ana@contoso.com",   "Order",             true)]
    [InlineData(0,      "bo@fabrikam.com",   "Order",             false)]    // A program that answers under the id it answers.
    [InlineData(0,      "dev@lists.example", "[dev] Re: Order",   true)]     // A list rewrote From, and put its tag in front.
    [InlineData(0,      "dev@lists.example", "Invoice",           false)]    // The list's own mail.
    [InlineData(0,      "ana@contoso.com",   "***SPAM*** Order",  true)]     // A gateway's mark.
    [InlineData(0,      "bo@fabrikam.com",   "Invoice",           false)]    // alga PR#3243: an id sent in advance.
    [InlineData(192,    "ana@contoso.com",   "Order",             true)]     // Eight days to the second,
    [InlineData(-192,   "ana@contoso.com",   "Order",             true)]     // either way.
    [InlineData(193,    "ana@contoso.com",   "Order",             false)]    // freescout#5591, znuny PR#384: an id used again.
    [InlineData(-193,   "ana@contoso.com",   "Order",             false)]
    public void The_same_id_is_the_same_mail_when_date_and_sender_agree(
        int hours, string from, string subject, bool same)
    {
        var copy = Mail.From(from).About(subject).OnList("dev.lists.example") with { Date = Mail.Date!.Value.AddHours(hours) };
        var identity = Identity.Decide(copy.Facts, Tracked(Mail));
        Assert.Equal(same, identity is Identity.Known(var key) && key == Mail.Key);
        Assert.Equal(!same, identity is Identity.Variant);
    }

    [Fact]
    public void A_date_that_cannot_be_read_keeps_nothing_apart()
    {
        var undated = Mail with { Date = null };
        Assert.IsType<Identity.Known>(Identity.Decide(undated.Facts, Tracked(Mail)));
        Assert.IsType<Identity.Known>(Identity.Decide(Mail.Facts, Tracked(undated)));
        Assert.IsType<Identity.Variant>(Identity.Decide(undated.From("bo@fabrikam.com").About("Invoice").Facts, Tracked(Mail)));
    }

    [Fact]
    public void Nobody_bears_the_id_of_the_first_mail() => Assert.IsType<Identity.Unseen>(Identity.Decide(Mail.Facts, null));

    [Fact]
    public void A_variant_is_known_by_its_sender_date_and_base_subject()
    {
        var bearer = Tracked(Mail);
        var later = Mail with { Date = Mail.Date!.Value.AddDays(20) };
        Identity Of(Letter letter) => Identity.Decide(letter.Facts, bearer);
        Assert.Equal(Of(later), Of(later.About("Re: Order").To("bo@fabrikam.com")));
        Assert.NotEqual(Of(later), Of(later.From("bo@fabrikam.com")));
        Assert.NotEqual(Of(later), Of(later.About("Invoice")));
        Assert.NotEqual(Of(later), Of(later with { Date = later.Date!.Value.AddSeconds(1) }));
    }

    [Fact]
    public void A_victims_mail_is_an_activity_of_its_own_though_its_id_was_sent_in_advance()
    {
        var story = new Story();
        var forged = story.See(An.Email("m").From("eve@tailspin.com").About("Win"))!;
        var victims = story.See(Mail)!;
        Assert.NotEqual(forged.ActivityId, victims.ActivityId);
        Assert.NotEqual(forged.State.ConversationId, victims.State.ConversationId);
        Assert.Equal(victims.ActivityId, story.See(Mail, folder: "Archive")!.ActivityId);
        Assert.Equal(2, story.Store.Emails.Count);
    }

    [Theory]
    [InlineData("bo@fabrikam.com", true)]     // Took part in the first.
    [InlineData("cy@tailspin.com", false)]    // Took part in the second.
    public void An_answer_goes_to_the_one_of_two_mails_under_one_id_that_the_replier_took_part_in(string replier, bool toFirst)
    {
        var story = new Story();
        var first = story.See(Mail.To("bo@fabrikam.com"))!;
        var second = story.See(Mail.From("noreply@shop.example").About("Parcel").To("cy@tailspin.com"))!;
        var answer = story.See(An.Email("r").From(replier).Answering(Mail).Minute(60))!;
        Assert.Equal(toFirst ? first.Facts.Key : second.Facts.Key, answer.State.Correlation.Email);
        Assert.Equal(CorrelationMethod.InReplyTo, answer.State.Correlation.Method);
    }

    [Theory]
    [InlineData(5,  1)]     // Between the two: the one before.
    [InlineData(20, 2)]     // After both: the later one.
    [InlineData(0,  1)]     // Before both, by a wrong clock: the earliest.
    public void An_answer_of_somebody_else_goes_to_the_latest_before_it(int minute, int expected)
    {
        var story = new Story();
        var first = story.See(Mail.Minute(1))!;
        var second = story.See(Mail.From("noreply@shop.example").About("Parcel").Minute(10))!;
        var answer = story.See(An.Email("r").From("eve@tailspin.com").Answering(Mail).Minute(minute))!;
        Assert.Equal((expected == 1 ? first : second).Facts.Key, answer.State.Correlation.Email);
    }
}
