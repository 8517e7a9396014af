using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class ConversationIdTests
{
    private static readonly Letter First = An.Email("first").From("ana@contoso.com").To("bo@fabrikam.com");
    private static readonly Letter Other = An.Email("other").From("ana@contoso.com").To("bo@fabrikam.com").Minute(1);
    private static readonly Letter Joining =
        An.Email("joining").From("bo@fabrikam.com").Answering(First).Naming(Other, First).Minute(2);

    private static Guid NameOf(Letter letter) => NamedId.OfConversation(ModelStore.Organization, letter.Key);

    [Fact]
    public void A_conversation_is_named_after_the_mail_that_starts_it_and_keeps_its_id()
    {
        var story = new Story();
        story.See(First);
        Assert.Equal(NameOf(First), story.Of(First).ConversationId);
        story.See(An.Email("earlier").From("bo@fabrikam.com").Answering(First).Minute(-5));
        Assert.Equal(NameOf(First), story.Of(First).ConversationId);
        Assert.True(story.Of(First).IsFounder);
        Assert.False(story.Of(An.Email("earlier")).IsFounder);
    }

    [Fact]
    public void A_conversation_keeps_its_id_when_the_mail_that_began_it_is_shown_last()
    {
        var story = new Story();
        var answer = An.Email("answer").From("bo@fabrikam.com").Answering(First).Minute(5);
        story.See(answer);
        story.See(First);
        Assert.All(new[] { answer, First }, one => Assert.Equal(NameOf(answer), story.Of(one).ConversationId));
    }

    [Fact]
    public void Of_two_that_become_one_the_smaller_id_stands_and_the_other_is_an_alias()
    {
        var story = new Story();
        story.See(First);
        story.See(Other);
        story.See(Joining);
        var (smaller, greater) = NameOf(First).CompareTo(NameOf(Other)) < 0 ? (First, Other) : (Other, First);
        Assert.All(new[] { First, Other, Joining }, one => Assert.Equal(NameOf(smaller), story.Of(one).ConversationId));
        Assert.Equal(NameOf(smaller), story.Store.Resolve(NameOf(greater)));
        Assert.True(story.Of(greater).IsFounder);
    }

    [Fact]
    public void Where_a_join_lapses_each_side_has_its_id_again()
    {
        // The mail that joined them turns out to answer a mail of somebody else: it is held, and what it names far counts no more.
        var unseen = An.Email("late");
        var joining = An.Email("joining").From("bo@fabrikam.com").Answering(unseen).Naming(First, Other).Minute(9);
        var story = new Story();
        story.See(First);
        story.See(Other);
        story.See(joining);
        Assert.True(story.AreTogether(First, Other));
        story.See(unseen.From("cy@tailspin.com").Minute(8));
        Assert.Equal(NameOf(First), story.Of(First).ConversationId);
        Assert.Equal(NameOf(Other), story.Of(Other).ConversationId);
        Assert.Equal(Admission.Held, story.Of(joining).Admission);
        Assert.Equal(NameOf(First), story.Store.Resolve(NameOf(First)));
        Assert.Equal(NameOf(Other), story.Store.Resolve(NameOf(Other)));
    }

    [Fact]
    public void Activity_ids_are_computed_from_the_email()
    {
        var email = new Story().See(First)!;
        Assert.Equal(NamedId.OfActivity(ModelStore.Organization, First.Key), email.ActivityId);
        Assert.NotEqual(NamedId.OfActivity("another", First.Key), email.ActivityId);
        Assert.NotEqual(NameOf(First), email.ActivityId);
        Assert.Equal(8, email.ActivityId.Version);    // RFC 9562 section 5.8.
    }

    [Fact]
    public void Again_changes_neither_ids_nor_anything_else()
    {
        var story = new Story();
        Letter[] letters = [First, Other, Joining];
        Array.ForEach(letters, letter => story.See(letter));
        var (writes, states) = (story.Store.Writes, letters.Select(story.Of).ToArray());
        Array.ForEach(letters, letter => story.See(letter));
        Assert.Equal(writes, story.Store.Writes);
        Assert.Equal(states, letters.Select(story.Of));
    }
}
