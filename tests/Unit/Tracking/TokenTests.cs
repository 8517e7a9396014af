using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>A token is a word that anybody can type: it is believed when one conversation has it and the sender has ground there.</summary>
public sealed class TokenTests
{
    private static readonly Letter Sent = An.Email("sent").From("ana@contoso.com").To("bo@fabrikam.com").About("Order CRM:0001001");
    private static readonly Letter Answer = An.Email("answer").From("bo@fabrikam.com").About("AW: Order CRM:0001001").Minute(1);

    private static Story NewStory() => new Story().User("ana@contoso.com")
        .Mailbox("sales@contoso.com")
        .Mailbox("ben@contoso.com", FilterMethod.Replies)
        .Mailbox("ana@contoso.com", folders: new TrackingFolder("Deals", Reference("opportunity", 5)));

    [Fact]
    public void A_believed_token_ties_the_mail_to_the_one_that_carried_it()
    {
        var story = NewStory();
        story.See(Sent, "ana@contoso.com", "Deals");
        var answer = story.See(Answer)!;
        Assert.Equal(
            new Correlation(CorrelationMethod.TrackingToken, Sent.Key, IsParent: false, Grounded: true), answer.State.Correlation);
        Assert.True(story.AreTogether(Sent, Answer));
        Assert.Equal(new(RegardingSource.Token, Reference("opportunity", 5), Sent.Key), answer.State.Regarding);
    }

    [Fact]
    public void A_believed_token_answers_tracked_mail()
    {
        var story = NewStory();
        story.See(Sent, "ana@contoso.com");
        Assert.NotNull(story.See(Answer, "ben@contoso.com"));
        Assert.Equal(ReasonCode.CorrelationMatch, story.Store.Decisions.Values.Last().Decision.Reason);
    }

    [Fact]
    public void A_stranger_with_a_token_only_mentions_it()
    {
        // zammad#5064, zammad#2444: somebody writes another customer's number.
        var story = NewStory();
        story.See(Sent, "ana@contoso.com", "Deals");
        var strangers = story.See(Answer.From("eve@evil.example"))!;
        Assert.Equal(Correlation.None, strangers.State.Correlation);
        Assert.Null(strangers.State.Regarding);
        Assert.False(story.AreTogether(Sent, Answer));
        Assert.Contains(TraceEntry.Of(TraceCode.TokenNotBelieved, "CRM:0001001", "1"), story.Traces);
        Assert.Null(story.See(An.Email("other").From("eve@evil.example").About("CRM:0001001"), "ben@contoso.com"));
    }

    [Fact]
    public void A_token_of_two_conversations_is_not_believed()
    {
        // KA-22940: the counter began anew.
        var story = NewStory();
        story.See(Sent, "ana@contoso.com");
        var later = An.Email("later").From("dan@litware.example").To("bo@fabrikam.com").About("Other CRM:0001001");
        story.See(later);
        story.See(later, "ana@contoso.com", "Sent Items");
        Assert.False(story.AreTogether(Sent, later));
        Assert.Equal(Correlation.None, story.See(Answer)!.State.Correlation);
        Assert.Contains(TraceEntry.Of(TraceCode.TokenNotBelieved, "CRM:0001001", "2"), story.Traces);
    }

    [Fact]
    public void A_token_that_nobody_of_ours_sent_is_not_believed()
    {
        var story = NewStory();
        story.See(Sent.From("bo@fabrikam.com"));
        Assert.Equal(Correlation.None, story.See(Answer)!.State.Correlation);
        Assert.Contains(TraceEntry.Of(TraceCode.TokenNotBelieved, "CRM:0001001", "0"), story.Traces);
    }

    [Fact]
    public void The_latest_mail_with_the_token_is_meant()
    {
        var story = NewStory();
        story.See(Sent, "ana@contoso.com");
        var second = An.Email("second").From("ana@contoso.com").To("bo@fabrikam.com").About("Order CRM:0001001").Answering(Sent).Minute(1);
        story.See(second, "ana@contoso.com");
        Assert.Equal(second.Key, story.See(Answer.Minute(2))!.State.Correlation.Email);
    }

    [Fact]
    public void A_held_mail_with_the_token_is_not_meant()
    {
        // Eve's mail lies in Sent Items of a mailbox of ours, so it carries the token; it is held, and nobody stands on it.
        var story = NewStory();
        var start = An.Email("start").From("bo@fabrikam.com").To("ana@contoso.com");
        story.See(start);
        var held = An.Email("held").From("eve@evil.example").To("cy@tailspin.com").Answering(start).About("CRM:0001001").Minute(1);
        story.See(held);
        story.See(held, "ana@contoso.com", "Sent Items");
        Assert.Equal("CRM:0001001", story[held].TrackingToken);
        Assert.Equal(Correlation.None, story.See(Answer.From("cy@tailspin.com").Minute(2))!.State.Correlation);
    }

    [Fact]
    public void A_header_outweighs_a_token()
    {
        var story = NewStory();
        story.See(Sent, "ana@contoso.com");
        var other = An.Email("other").From("ana@contoso.com").To("bo@fabrikam.com");
        story.See(other);
        var answer = story.See(Answer.Answering(other))!;
        Assert.Equal((CorrelationMethod.InReplyTo, other.Key), (answer.State.Correlation.Method, answer.State.Correlation.Email));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_believed_stays_believed_whatever_copy_comes_after(bool leads)
    {
        var story = NewStory();
        story.See(Sent, "ana@contoso.com", "Deals");
        var before = story.See(Answer)!.State;
        story.See(Answer.CopyThat(leads, one => one), "ana@contoso.com");
        Assert.Equal(before.Correlation, story.Of(Answer).Correlation);
        Assert.Equal(before.Regarding, story.Of(Answer).Regarding);
    }
}
