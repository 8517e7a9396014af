using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Whoever knows the id and subject of a mail can send a "copy" of it. It moves nothing.</summary>
public sealed class ForgedCopyTests
{
    private static readonly Letter Order = An.Email("m").From("ana@contoso.com").To("bo@fabrikam.com").About("Order").Minute(1);
    private static readonly Letter Outside = An.Email("n").From("eve@wingtip.example").To("sales@contoso.com").About("Hello").Minute(2);
    private static readonly Letter Answer = An.Email("r").From("bo@fabrikam.com").To("ana@contoso.com").Answering(Order).Minute(3);

    [Fact]
    public void A_forged_copy_merges_no_two_conversations()
    {
        var story = new Story();
        story.See(Order);
        story.See(Outside);
        story.See(Order.From("eve@wingtip.example").About("Re: Order").Answering(Outside));

        Assert.NotEqual(story[Order].State.ConversationId, story[Outside].State.ConversationId);
    }

    [Fact]
    public void A_forged_copy_holds_nobody_and_lets_nobody_in()
    {
        var story = new Story();
        story.See(Order);
        story.See(Answer);
        story.See(Outside);
        var forged = story.See(Order.From("eve@wingtip.example").About("Re: Order").Answering(Outside))!;

        Assert.True(forged.Facts.IsVariant);
        Assert.False(story[Order].State.IsHeld);
        Assert.False(story[Answer].State.IsHeld);
        var followUp = story.See(An.Email("x").From("eve@wingtip.example").To("ana@contoso.com").Answering(Answer).Minute(9))!;
        Assert.True(followUp.State.IsHeld);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_senders_own_copy_stands_for_the_mail_whichever_of_it_and_the_lists_comes_first(bool listFirst)
    {
        var own = Order.Answering(Outside).OnList("dev.lists.example");
        var relayed = Order.From("dev@lists.example").OnList("dev.lists.example");
        var story = new Story();
        story.See(listFirst ? relayed : own);
        var email = story.See(listFirst ? own : relayed)!;

        Assert.Single(story.Store.Emails);
        Assert.Equal("ana@contoso.com", email.Sender?.Value);
        Assert.Equal(ClaimKind.InReplyTo, Assert.Single(email.Facts.Claims).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_only_the_lists_copy_names_joins_nothing_whichever_comes_first(bool listFirst)
    {
        var lost = An.Email("lost");
        var relayed = Order.From("dev@lists.example").OnList("dev.lists.example").Answering(lost);
        var story = new Story();
        story.See(listFirst ? relayed : Order);
        story.See(listFirst ? Order : relayed);
        var other = An.Email("o").From("bo@fabrikam.com").To("ana@contoso.com").Answering(lost).Minute(5);
        story.See(other);
        story.See(An.Email("p").From("bo@fabrikam.com").To("ana@contoso.com").Answering(Outside).Naming(lost).Minute(6));

        Assert.False(story.AreTogether(Order, other));
        Assert.Equal(ClaimKind.Relayed, Assert.Single(story[Order].Facts.Claims).Kind);
    }
}
