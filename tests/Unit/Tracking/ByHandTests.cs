using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>What people do by hand, act by act.</summary>
public sealed class ByHandTests
{
    private const string Bo = "bo@fabrikam.com";
    private const string Eve = "eve@evil.example";

    private static readonly Letter First = An.Email("first").To(Bo).Minute(1);
    private static readonly Letter Answer = An.Email("answer").From(Bo).To("ana@contoso.com").Answering(First).Minute(2);
    private static readonly Letter Later = An.Email("later").To(Bo).Answering(Answer).Naming(First, Answer).Minute(3);
    private static readonly Letter Other = An.Email("other").From("cy@tailspin.com").To("ana@contoso.com").About("Delivery").Minute(4);
    private static readonly Letter Stranger = An.Email("stranger").From(Eve).Answering(First).Minute(5);

    private static Story Seen(params Letter[] letters)
    {
        var story = new Story().Mailbox("sales@contoso.com").Mailbox("ben@contoso.com", FilterMethod.None);
        foreach (var letter in letters)
        {
            story.See(letter);
        }

        return story;
    }

    [Fact]
    public void A_mail_that_no_mailbox_wants_is_tracked_by_hand_and_inherits_as_any_other()
    {
        var story = Seen(First);
        story.Do(ActKind.Regarding, First, record: Reference("opportunity", 5));
        Assert.Null(story.See(Answer, "ben@contoso.com"));

        Assert.Null(story.Do(ActKind.Track, Answer));

        Assert.True(story.AreTogether(First, Answer));
        Assert.Equal(Reference("opportunity", 5), story.Of(Answer).Regarding?.Record);
        Assert.Equal(ReasonCode.TrackedByHand, story.Store.Decisions[Answer.In("ben@contoso.com").Place].Decision.Reason);
    }

    [Fact]
    public void A_mail_that_is_taken_out_stays_known_and_comes_back_as_it_was()
    {
        var story = Seen(First, Answer);
        var before = story[Answer];
        Assert.Null(story.Do(ActKind.Untrack, Answer));
        Assert.Equal(ReasonCode.UntrackedByHand, story.Of(Answer).LeftOut);

        Assert.Null(story.Undo());
        Assert.Equal(before.State, story.Of(Answer));
    }

    [Fact]
    public void An_answer_to_mail_that_was_taken_out_is_still_an_answer_to_tracked_mail()
    {
        var story = new Story().Mailbox("sales@contoso.com").Mailbox("ben@contoso.com", FilterMethod.Replies);
        story.See(First);
        story.Do(ActKind.Untrack, First);
        Assert.NotNull(story.See(Answer, "ben@contoso.com"));
    }

    [Theory]
    [InlineData(50, 60, true)]
    [InlineData(60, 50, false)]
    public void The_later_of_two_words_on_a_mail_counts_in_whatever_order_they_come(int untracked, int tracked, bool isTracked)
    {
        var story = Seen(First);
        story.Do(ActKind.Track, First, minute: tracked);
        story.Do(ActKind.Untrack, First, minute: untracked);
        Assert.Equal(isTracked, story.Of(First).LeftOut is null);
    }

    [Fact]
    public void A_stopped_conversation_keeps_out_what_is_received_later_and_nothing_of_it_is_stored()
    {
        var story = Seen(First);
        Assert.Null(story.Do(ActKind.Stop, First, minute: 2));
        var early = Answer.Minute(1);
        story.See(early);
        story.See(Later.Answering(First));

        Assert.Null(story.Of(early).LeftOut);
        Assert.Equal(ReasonCode.ConversationStopped, story.Of(Later).LeftOut);
        Assert.True(story[Later].IsWithheld);
    }

    [Fact]
    public void What_a_stop_kept_out_is_read_again_when_the_stop_is_taken_back()
    {
        var story = Seen(First);
        story.Do(ActKind.Stop, First, minute: 2);
        story.See(Later.Answering(First));
        Assert.Null(story.Undo());

        Assert.False(story[Later].IsWithheld);
        Assert.Null(story.Of(Later).LeftOut);
        Assert.Equal("order", story[Later].BaseSubject);
    }

    [Fact]
    public void A_conversation_that_goes_on_takes_what_is_received_from_then_on()
    {
        var story = Seen(First);
        story.Do(ActKind.Stop, First, minute: 10);
        story.Do(ActKind.Resume, First, minute: 20);
        story.See(Answer.Minute(15));
        story.See(Later.Answering(First).Minute(25));

        Assert.Equal(ReasonCode.ConversationStopped, story.Of(Answer.Minute(15)).LeftOut);
        Assert.Null(story.Of(Later).LeftOut);
    }

    [Fact]
    public void One_mail_of_a_stopped_conversation_is_tracked_by_hand()
    {
        var story = Seen(First);
        story.Do(ActKind.Stop, First, minute: 2);
        story.See(Later.Answering(First));
        story.Do(ActKind.Track, Later, minute: 30);
        Assert.Null(story.Of(Later).LeftOut);
    }

    [Fact]
    public void A_stopped_conversation_beats_a_live_one()
    {
        var story = Seen(First, Other);
        story.Do(ActKind.Stop, Other, minute: 10);
        story.See(An.Email("both").To(Bo, "cy@tailspin.com").FromOurUser("ana@contoso.com").Answering(First).Naming(Other).Minute(20));
        Assert.Equal(ReasonCode.ConversationStopped, story.Store.Emails[An.Email("both").Key].State.LeftOut);
    }

    [Fact]
    public void What_a_person_says_of_a_mail_goes_down_the_thread_past_and_future()
    {
        var story = Seen(First, Answer);
        Assert.Null(story.Do(ActKind.Regarding, First, record: Reference("incident", 7)));
        story.See(Later);

        Assert.Equal(RegardingSource.ByHand, story.Of(First).Regarding?.Source);
        Assert.Equal(Reference("incident", 7), story.Of(Answer).Regarding?.Record);
        Assert.Equal(Reference("incident", 7), story.Of(Later).Regarding?.Record);
        Assert.Null(story.Undo());
        Assert.Null(story.Of(Later).Regarding);
    }

    [Fact]
    public void What_a_person_says_for_one_mail_alone_nobody_inherits()
    {
        var story = Seen(First);
        story.Do(ActKind.Regarding, First, record: Reference("incident", 7));
        story.See(Answer);
        Assert.Null(story.Do(ActKind.Regarding, Answer, record: Reference("contact", 1), only: true));
        story.See(Later);

        Assert.Equal(Reference("contact", 1), story.Of(Answer).Regarding?.Record);
        Assert.Equal(Reference("incident", 7), story.Of(Later).Regarding?.Record);
    }

    [Fact]
    public void A_held_mail_that_a_person_admits_takes_the_regarding()
    {
        var story = Seen(First);
        story.Do(ActKind.Regarding, First, record: Reference("incident", 7));
        story.See(Stranger);
        Assert.Null(story.Of(Stranger).Regarding);

        Assert.Null(story.Do(ActKind.Admit, Stranger));
        Assert.Equal(Admission.ByHand, story.Of(Stranger).Admission);
        Assert.Equal(Reference("incident", 7), story.Of(Stranger).Regarding?.Record);
        Assert.Null(story.Undo());
        Assert.True(story.Of(Stranger).IsHeld);
    }

    [Fact]
    public void Two_conversations_become_one_and_two_again_also_when_mail_came_in_between()
    {
        var story = Seen(First, Answer, Other);
        Assert.Null(story.Do(ActKind.Merge, First, other: Other));
        Assert.True(story.AreTogether(Answer, Other));

        story.See(Later);
        story.See(An.Email("to both").To(Bo, "cy@tailspin.com").FromOurUser("ana@contoso.com").Answering(Other).Naming(First).Minute(20));
        Assert.Null(story.Undo());
        Assert.False(story.AreTogether(First, Other));
        Assert.True(story.AreTogether(First, Later));
    }

    [Fact]
    public void A_split_takes_what_hangs_below_and_survives_later_mail_that_names_both_sides()
    {
        var story = Seen(First, Answer, Later);
        Assert.Null(story.Do(ActKind.Split, Answer));
        Assert.False(story.AreTogether(First, Answer));
        Assert.True(story.AreTogether(Answer, Later));

        var both = An.Email("both").From(Bo).To("ana@contoso.com").Answering(Later).Naming(First, Answer, Later).Minute(9);
        story.See(both);
        Assert.True(story.AreTogether(both, Later));
        Assert.False(story.AreTogether(First, both));

        Assert.Null(story.Undo());
        Assert.True(story.AreTogether(First, both));
    }

    [Fact]
    public void A_split_of_one_mail_alone_leaves_what_hangs_below_it()
    {
        var story = Seen(First, Answer, Later);
        Assert.Null(story.Do(ActKind.Split, Answer, only: true));
        Assert.True(story.AreTogether(First, Later));
        Assert.False(story.AreTogether(First, Answer));
    }

    [Fact]
    public void A_stranger_who_names_two_customers_threads_merges_nothing_also_after_a_split()
    {
        var story = Seen(First, Answer, Other);
        story.Do(ActKind.Regarding, First, record: Reference("incident", 7));
        story.Do(ActKind.Regarding, Other, record: Reference("incident", 8));
        story.Do(ActKind.Split, Answer);
        var both = An.Email("names both").From(Eve).Answering(Answer).Naming(First, Other).Minute(9);
        story.See(both);

        Assert.False(story.AreTogether(First, Answer));
        Assert.False(story.AreTogether(First, Other));
        Assert.Null(story.Of(both).Regarding);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_words_and_changes_nothing()
    {
        var story = Seen(First, Answer, Other);
        story.See(An.Email("unwanted"), "ben@contoso.com");
        story.Do(ActKind.Merge, First, other: Other);
        var merge = story.Store.Acts[^1];
        Assert.Null(story.Undo());
        var writes = story.Store.Writes;

        Assert.Contains("nothing would stay", story.Do(ActKind.Split, First), StringComparison.Ordinal);
        Assert.Contains("in one conversation already", story.Do(ActKind.Merge, First, other: Answer), StringComparison.Ordinal);
        Assert.Contains("not held", story.Do(ActKind.Admit, First), StringComparison.Ordinal);
        Assert.Contains("not tracked", story.Do(ActKind.Stop, An.Email("unwanted")), StringComparison.Ordinal);
        Assert.Contains("which record", story.Do(ActKind.Regarding, First), StringComparison.Ordinal);
        Assert.Contains("Ben has undone it already", story.Undo(merge), StringComparison.Ordinal);
        Assert.Contains("That is an undo", story.Undo(story.Store.Acts[^1]), StringComparison.Ordinal);
        Assert.Equal(writes, story.Store.Writes);
    }

    [Fact]
    public void An_address_is_resolved_in_one_mail_alone_and_the_undo_takes_it_back()
    {
        var story = new Story().Mailbox("sales@contoso.com");
        var (one, two) = (An.Email("one").From(Bo).To("sales@contoso.com"), An.Email("two").From(Bo).To("sales@contoso.com"));
        story.See(one);
        story.See(two);

        Assert.Null(story.Resolve(one, Bo, Reference("contact", 1)));
        Assert.Equal(Reference("contact", 1), story.Of(one).SenderRecord);
        Assert.Null(story.Of(one).Regarding);
        Assert.Null(story.Of(two).SenderRecord);

        Assert.Null(story.Undo());
        story.Store.Link();
        Assert.Null(story.Of(one).SenderRecord);
        Assert.Equal(
            [TraceCode.LinkedLater, TraceCode.UnlinkedLater], story.Store.PartyTraceOf(one.Key).Select(entry => entry.Code));
    }

    [Fact]
    public void What_a_person_said_of_one_mail_goes_before_what_was_chosen_for_all_and_the_later_word_counts()
    {
        var story = new Story().Mailbox("sales@contoso.com")
            .Record("sales@contoso.com", Record("systemuser", 8)).Record("sales@contoso.com", Record("contact", 9));
        var mail = An.Email("mail").From(Bo).To("sales@contoso.com");
        story.See(mail);
        story.Store.Save(Record("contact", 1), [Tests.Unit.Simulation.SimMail.Address(Bo)]);
        story.Store.Choose(Tests.Unit.Simulation.SimMail.Address(Bo), Reference("contact", 1));

        Assert.Null(story.Resolve(mail, Bo, Reference("contact", 3), minute: 60));
        Assert.Null(story.Resolve(mail, Bo, Reference("contact", 2), minute: 50));
        Assert.Null(story.Resolve(mail, "sales@contoso.com", Reference("contact", 9)));
        Assert.Equal(Reference("contact", 3), story.Of(mail).SenderRecord);
        Assert.Equal(
            [Reference("contact", 3), Reference("contact", 9)],
            story.Store.Parties[mail.Key].Select(party => party.Record!.Value));

        Assert.Null(story.Undo(story.Store.Acts[0]));
        Assert.Null(story.Undo(story.Store.Acts[1]));
        story.Store.Link();
        Assert.Equal(Reference("contact", 1), story.Of(mail).SenderRecord);
    }

    [Fact]
    public void A_further_copy_has_the_parties_that_a_person_said()
    {
        var story = new Story().Mailbox("sales@contoso.com").Mailbox("info@contoso.com");
        var first = An.Email("mail").From(Bo).To("sales@contoso.com");
        var second = first.Cc("info@contoso.com");
        story.See(first);
        Assert.Null(story.Resolve(first, Bo, Reference("contact", 1)));
        Assert.Null(story.Resolve(first, "sales@contoso.com", Reference("contact", 2)));
        story.See(second, "info@contoso.com");

        // Whichever copy stands for the email now.
        var parties = story.Store.Parties[first.Key].ToDictionary(party => party.Participant.Address!.Value.Value, party => party.Record);
        Assert.Equal(Reference("contact", 1), story.Of(first).SenderRecord);
        Assert.Equal(Reference("contact", 1), parties[Bo]);
        Assert.Equal(Reference("contact", 2), parties["sales@contoso.com"]);
    }

    [Fact]
    public void To_resolve_who_takes_no_part_is_refused_in_words()
    {
        var story = Seen(First);
        Assert.Contains("has no party cy@tailspin.com", story.Resolve(First, "cy@tailspin.com", Reference("contact", 1)), StringComparison.Ordinal);
        Assert.Contains("is not tracked", story.Resolve(Other, "cy@tailspin.com", Reference("contact", 1)), StringComparison.Ordinal);
        Assert.Contains("which record", story.Do(ActKind.Resolve, First), StringComparison.Ordinal);
        Assert.Empty(story.Store.Acts);
    }
}
