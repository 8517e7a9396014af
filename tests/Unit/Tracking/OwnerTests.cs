using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Whose email it is: the recipients who may own mail, in their order, and who else when none may.</summary>
public sealed class OwnerTests
{
    private const string Ana = "ana@contoso.com";     // User 1.
    private const string Ben = "ben@contoso.com";     // User 2.
    private const string Cleo = "cleo@contoso.com";   // User 3, disabled.
    private const string Help = "help@contoso.com";   // A queue of user 4.
    private const string Bo = "bo@fabrikam.com";

    private static Story NewStory(int? contactOwner = null) => new Story()
        .Record(Ana, Record(Tables.SystemUser, 1))
        .Record(Ben, Record(Tables.SystemUser, 2))
        .Record(Cleo, Record(Tables.SystemUser, 3, active: false))
        .Record(Help, Record(Tables.Queue, 40, owner: 4))
        .Record(Bo, Record(Tables.Contact, 50, owner: contactOwner))
        .Mailbox(Ana, owner: Id(1))
        .Mailbox(Ben, owner: Id(2))
        .Mailbox(Help, isQueue: true, owner: Id(40));

    [Theory]
    //          to                        cc      seen in  contact of  owner  why
    [InlineData(Ben + " " + Ana,          "",     Ana,     null,       2,     OwnerRule.FirstRecipient)]    // In the order of To,
    [InlineData(Bo,                       Ana,    Ana,     null,       1,     OwnerRule.FirstRecipient)]    // then of Cc.
    [InlineData(Cleo + " " + Ana,         "",     Ana,     null,       1,     OwnerRule.FirstRecipient)]    // A disabled user owns nothing.
    [InlineData(Help + " " + Ana,         "",     Help,    null,       4,     OwnerRule.FirstRecipient)]    // For a queue its owner stands.
    [InlineData(Ben + " " + Ana,          "",     Ana,     1,          1,     OwnerRule.SendersOwner)]      // Whose contact it is, if a recipient,
    [InlineData(Ben,                      "",     Ben,     1,          2,     OwnerRule.FirstRecipient)]    // and not when not.
    [InlineData("list@tailspin.com",      "",     Ana,     null,       1,     OwnerRule.AcceptingUser)]     // No recipient may: the mailbox's user,
    [InlineData("list@tailspin.com",      "",     Help,    null,       4,     OwnerRule.AcceptingQueue)]    // or the queue's owner.
    public void The_first_who_may_owns_it(string to, string cc, string mailbox, int? contactOwner, int owner, OwnerRule why)
    {
        var letter = An.Email("m").From(Bo).To(to.Split(' ')).Cc(cc.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(new EmailOwner(Id(owner), why), NewStory(contactOwner).See(letter, mailbox)!.Owner);
    }

    [Theory]
    [InlineData(Ben + " " + Ana, 2, OwnerRule.Correlated)]     // Who owns what it answers goes on with it,
    [InlineData(Ana,             1, OwnerRule.FirstRecipient)] // as long as it went to them.
    public void The_owner_of_what_it_answers_goes_on(string to, int owner, OwnerRule why)
    {
        var story = NewStory(contactOwner: 1);
        var first = An.Email("first").From(Bo).To(Ben);
        story.See(first, Ben);
        var answer = An.Email("answer").From("cy@tailspin.com").To(to.Split(' ').Reverse().ToArray()).Answering(first).Minute(1);
        Assert.Equal(new EmailOwner(Id(owner), why), story.See(answer, Ana)!.Owner);
    }

    [Fact]
    public void In_one_batch_an_answer_gets_the_owner_that_it_would_get_later()
    {
        var first = An.Email("first").From(Bo).To(Ben);
        var answer = An.Email("answer").From("cy@tailspin.com").To(Ana, Ben).Answering(first).Minute(1);
        var story = NewStory();
        story.See(answer.In(Ana), first.In(Ben));
        Assert.Equal(new EmailOwner(Id(2), OwnerRule.Correlated), story[answer].Owner);
    }

    [Fact]
    public void Sent_mail_is_the_senders()
    {
        var story = new Story { Settings = new TrackingSettings { TracksSentItems = true } }
            .Record(Ana, Record(Tables.SystemUser, 1)).Record(Ben, Record(Tables.SystemUser, 2)).Mailbox(Ana, owner: Id(1));
        Assert.Equal(new EmailOwner(Id(1), OwnerRule.Sender), story.See(An.Email("m").From(Ana).To(Ben), Ana, "Sent Items")!.Owner);
    }

    [Fact]
    public void Whoever_owns_it_keeps_it_when_further_copies_come()
    {
        var story = NewStory();
        var letter = An.Email("m").From(Bo).To("list@tailspin.com");
        story.See(letter, Ana);
        story.See(letter, Help);
        Assert.Equal(Id(1), story[letter].Owner.OwnerId);
    }

    [Theory]
    [InlineData(2, Tables.SystemUser, 2, OwnerRule.FirstRecipient)]
    [InlineData(3, Tables.Contact,    9, OwnerRule.AcceptingUser)]     // Who is chosen stands alone, and a contact owns nothing.
    public void Whom_a_person_chose_for_a_recipients_address_is_the_one(int number, string table, int owner, OwnerRule why)
    {
        var story = new Story()
            .Record("sales@contoso.com", Record(Tables.SystemUser, 1))
            .Record("sales@contoso.com", Record(table, number) with { IsChosen = true })
            .Mailbox("sales@contoso.com", owner: Id(9));
        Assert.Equal(new EmailOwner(Id(owner), why), story.See(An.Email("m").From(Bo).To("sales@contoso.com"))!.Owner);
    }

    [Fact]
    public void Without_anybody_known_nobody_owns_it() => Assert.Equal(
        new EmailOwner(null, OwnerRule.None), new Story().See(An.Email("m").From(Bo))!.Owner);
}
