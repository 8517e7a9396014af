using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class BaseSubjectTests
{
    [Theory]
    // RFC 5256 section 2.1; the forms of suitenumerique PR#765.
    [InlineData("Re: Order",                       "order")]
    [InlineData("Re:Order",                        "order")]    // No space.
    [InlineData("RE : Order",                      "order")]    // Outlook in French.
    [InlineData("SV: Order",                       "order")]
    [InlineData("AW: Order",                       "order")]
    [InlineData("WG: Order",                       "order")]
    [InlineData("RV: Order",                       "order")]
    [InlineData("Antw.: Order",                    "order")]
    [InlineData("Fwd: Order",                      "order")]
    [InlineData("回复: Order",                     "order")]
    [InlineData("回复：订单",                      "订单")]     // A full-width colon.
    [InlineData("转发：回复：订单",                "订单")]
    [InlineData("RE[2]: Order",                    "order")]
    [InlineData("Re(3): Order",                    "order")]
    [InlineData("Re^4: Order",                     "order")]
    [InlineData("Re: AW: Fwd: Re: Order",          "order")]
    [InlineData("[dev] Order",                     "order")]
    [InlineData("Re: [dev] Re: Order",             "order")]
    [InlineData("[dev] [announce] Order",          "order")]
    [InlineData("[announce]",                      "[announce]")]    // The tag is all there is.
    [InlineData("Re: [announce]",                  "[announce]")]
    [InlineData("  Order \t of\r\n  Monday ",      "order of monday")]
    [InlineData("Regarding: Order",                "regarding: order")]    // A word, not a prefix.
    [InlineData("12345: Order",                    "12345: order")]        // Mailspring#2193: their case number stays.
    [InlineData("Order Re: Monday",                "order re: monday")]    // Only in front.
    [InlineData("Re:",                             "")]
    [InlineData("",                                "")]
    [InlineData(null,                              "")]
    public void Prefixes_and_list_tags_are_no_part_of_it(string? subject, string expected) =>
        Assert.Equal(expected, BaseSubject.Of(subject));

    [Fact]
    public void Taking_it_twice_changes_nothing_short_of_the_bound()
    {
        var once = BaseSubject.Of(string.Concat(Enumerable.Repeat("Re: [dev] ", 20)) + "Order");
        Assert.Equal("order", once);
        Assert.Equal(once, BaseSubject.Of(once));
    }
}
