using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Manual tracking, sentence by sentence: a hand goes before every filter, and takes back what it did.</summary>
public sealed class ManualTrackingTests
{
    private const string Bo = "bo@fabrikam.com";
    private const string Ana = "ana@contoso.com";

    private static readonly Letter First = An.Email("first").From(Bo).To(Ana).Minute(1);
    private static readonly Letter Answer = An.Email("answer").From(Bo).To(Ana).Answering(First).Minute(2);

    private static Story Of(FilterMethod filter, Guid? owner = null, params TrackingFolder[] folders) =>
        new Story().Mailbox(Ana, filter, owner: owner, folders: folders);

    private static ReasonCode ReasonOf(Story story, Letter letter) => story.Store.Decisions[letter.In(Ana).Place].Decision.Reason;

    [Theory]
    [InlineData(FilterMethod.All)]
    [InlineData(FilterMethod.Replies)]
    [InlineData(FilterMethod.LeadsContactsAccounts)]
    [InlineData(FilterMethod.EmailEnabledRecords)]
    [InlineData(FilterMethod.None)]
    public void A_track_goes_before_every_filter_and_its_undo_leaves_the_mail_as_it_was(FilterMethod filter)
    {
        var story = Of(filter);
        story.See(First, Ana);
        var (before, wasTracked) = (ReasonOf(story, First), story.Store.Emails.ContainsKey(First.Key));
        Assert.Equal(filter == FilterMethod.All, wasTracked);

        Assert.Null(story.Do(ActKind.Track, First));
        Assert.Null(story.Of(First).LeftOut);
        Assert.Equal(wasTracked ? before : ReasonCode.TrackedByHand, ReasonOf(story, First));

        Assert.Null(story.Undo());
        Assert.Equal(wasTracked ? null : ReasonCode.UntrackedByHand, story.Of(First).LeftOut);

        // The track made a contact of its sender, whose mail these filters want from then on: this one is out all the same.
        var makesContacts = filter is FilterMethod.LeadsContactsAccounts or FilterMethod.EmailEnabledRecords;
        Assert.Equal(makesContacts ? ReasonCode.SenderMatch : before, ReasonOf(story, First));
        var undone = story.Store.Acts[^1];
        Assert.Equal(("Ben", story.Store.Acts[0].Id), (undone.By, undone.Undoes));
        Assert.Equal(An.Email("").Minute(200).Date, undone.On);
    }

    [Theory]
    [InlineData(FilterMethod.LeadsContactsAccounts, true)]
    [InlineData(FilterMethod.EmailEnabledRecords, true)]
    [InlineData(FilterMethod.Replies, false)]
    public void Mail_that_a_filter_wants_is_tracked_also_when_a_track_of_it_is_taken_back(FilterMethod filter, bool isWanted)
    {
        var story = Of(filter).Record(Bo, Record(Tables.Contact, 3));
        story.See(First, Ana);
        story.Do(ActKind.Track, First);
        Assert.Null(story.Undo());
        Assert.Equal(isWanted, story.Of(First).LeftOut is null);
    }

    [Fact]
    public void Of_two_tracks_the_other_stands_when_one_is_taken_back_and_a_later_track_counts_again()
    {
        var story = Of(FilterMethod.None);
        story.See(First, Ana);
        story.Do(ActKind.Track, First, minute: 100);
        story.Do(ActKind.Track, First, minute: 110);
        Assert.Null(story.Undo(minute: 120));
        Assert.Null(story.Of(First).LeftOut);
        Assert.Null(story.Undo(minute: 130));
        Assert.Equal(ReasonCode.UntrackedByHand, story.Of(First).LeftOut);
        story.Do(ActKind.Track, First, minute: 140);
        Assert.Null(story.Of(First).LeftOut);
    }

    [Fact]
    public void A_bulk_track_that_is_taken_back_takes_out_those_mails_alone_that_no_filter_wants()
    {
        var other = An.Email("other").From("cy@tailspin.com").To(Ana).About("Delivery").Minute(4);
        var story = Of(FilterMethod.LeadsContactsAccounts).Record(Bo, Record(Tables.Contact, 3));
        story.See(First, Ana);
        story.See(other, Ana);
        Assert.Null(story.Do(ActKind.Track, First, other: other));
        Assert.Null(story.Of(other).LeftOut);
        Assert.Null(story.Undo());
        Assert.Null(story.Of(First).LeftOut);
        Assert.Equal(ReasonCode.UntrackedByHand, story.Of(other).LeftOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hand_tracked_mail_inherits_the_regarding_of_its_thread_unless_one_is_given(bool isGiven)
    {
        var story = new Story().Mailbox("sales@contoso.com").Mailbox(Ana, FilterMethod.None);
        story.See(First);
        story.Do(ActKind.Regarding, First, record: Reference("opportunity", 5));
        story.See(Answer, Ana);
        story.Do(ActKind.Track, Answer, record: isGiven ? Reference("incident", 6) : null);
        Assert.True(story.AreTogether(First, Answer));
        Assert.Equal(isGiven ? Reference("incident", 6) : Reference("opportunity", 5), story.Of(Answer).Regarding?.Record);
        Assert.Equal(Reference("opportunity", 5), story.Of(First).Regarding?.Record);
    }

    [Fact]
    public void What_a_person_says_it_is_about_is_changed_by_the_next_word_and_comes_back_with_its_undo()
    {
        var story = Of(FilterMethod.All);
        story.See(First, Ana);
        story.Do(ActKind.Regarding, First, minute: 100, record: Reference("opportunity", 5));
        story.Do(ActKind.Regarding, First, minute: 110, record: Reference("incident", 6));
        Assert.Equal(Reference("incident", 6), story.Of(First).Regarding?.Record);
        Assert.Null(story.Undo());
        Assert.Equal(Reference("opportunity", 5), story.Of(First).Regarding?.Record);
    }

    [Fact]
    public void A_hand_stays_against_the_rule_of_a_folder_until_it_is_taken_back()
    {
        var story = Of(FilterMethod.All, null, new TrackingFolder("Inbox/Fabrikam", Reference("account", 9)));
        story.See(First, Ana);
        story.Do(ActKind.Regarding, First, record: Reference("opportunity", 5));
        story.See(First.In(Ana, "Inbox/Fabrikam"));
        Assert.Equal(Reference("opportunity", 5), story.Of(First).Regarding?.Record);
        Assert.Null(story.Undo());
        Assert.Equal(Reference("account", 9), story.Of(First).Regarding?.Record);
    }

    [Fact]
    public void A_mail_that_is_taken_out_stays_out_however_often_a_filter_that_wants_it_sees_it()
    {
        var story = Of(FilterMethod.All).Mailbox("ben@contoso.com");
        story.See(First, Ana);
        story.Do(ActKind.Untrack, First);
        story.See(First, "ben@contoso.com");
        Assert.Equal(ReasonCode.UntrackedByHand, story.Of(First).LeftOut);
        Assert.Null(story.Undo());
        Assert.Null(story.Of(First).LeftOut);
    }

    [Theory]
    [InlineData(20, 30, true)]
    [InlineData(30, 20, false)]
    public void Of_a_word_on_a_mail_and_a_stop_of_its_conversation_the_later_one_counts(int stopped, int tracked, bool isTracked)
    {
        var story = Of(FilterMethod.All);
        story.See(First, Ana);
        story.Do(ActKind.Stop, First, minute: stopped);
        story.See(Answer.Minute(40), Ana);
        story.Do(ActKind.Track, Answer, minute: tracked);
        Assert.Equal(isTracked ? null : ReasonCode.ConversationStopped, story.Of(Answer).LeftOut);
    }

    [Fact]
    public void A_track_in_a_stopped_conversation_that_is_taken_back_leaves_the_mail_to_the_stop()
    {
        var story = Of(FilterMethod.All);
        story.See(First, Ana);
        story.Do(ActKind.Stop, First, minute: 20);
        story.See(Answer.Minute(40), Ana);
        story.Do(ActKind.Track, Answer, minute: 50);
        Assert.Null(story.Of(Answer).LeftOut);
        Assert.Null(story.Undo());
        Assert.Equal(ReasonCode.ConversationStopped, story.Of(Answer).LeftOut);
    }
}
