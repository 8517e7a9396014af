using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Direction, held mail, and what is taken when more becomes known.</summary>
public sealed class StateTests
{
    private static readonly Letter Mail = An.Email("m").From("ana@contoso.com").To("bo@fabrikam.com");

    private static Story NewStory() => new Story().Mailbox("sales@contoso.com").Mailbox("ana@contoso.com")
        .Mailbox("ben@contoso.com", folders: new TrackingFolder("Deals", Reference("opportunity", 5)));

    [Theory]
    [InlineData("Inbox", "Archive", false)]
    [InlineData("Inbox", "Sent Items", true)]
    [InlineData("Sent Items", "Inbox", true)]
    public void Direction_is_outgoing_once_any_copy_lies_in_Sent_Items(string first, string then, bool isOutgoing)
    {
        // Sent mail is not tracked here: the copy in Sent Items is no reason for the activity, and tells its direction all the same.
        var story = NewStory();
        story.See(Mail, "ana@contoso.com", first);
        story.See(Mail, "sales@contoso.com", then);
        Assert.Equal(isOutgoing, story.Of(Mail).IsOutgoing);
        Assert.Single(story.Store.Emails);
    }

    [Fact]
    public void Direction_stays_outgoing()
    {
        var story = NewStory();
        story.See(Mail, "ana@contoso.com");
        story.See(Mail, "ana@contoso.com", "Sent Items");
        story.See(Mail, "sales@contoso.com");
        Assert.True(story.Of(Mail).IsOutgoing);
    }

    [Fact]
    [EmailTracking.Tests.Unit.Settings.ShowsSetting("AutoTrackSentFolderItems")]
    public void Sent_mail_is_tracked_when_the_settings_say_so()
    {
        var story = new Story { Settings = new TrackingSettings { TracksSentItems = true } };
        Assert.True(story.See(Mail, folder: "Sent Items")!.State.IsOutgoing);
        Assert.Null(new Story().See(Mail, folder: "Sent Items"));
    }

    [Fact]
    public void A_held_mail_inherits_no_regarding_and_hands_none_on()
    {
        var story = NewStory();
        story.See(Mail, "ben@contoso.com", "Deals");
        var held = story.See(An.Email("held").From("eve@evil.example").To("cy@tailspin.com").Answering(Mail).Minute(1))!;
        var friend = story.See(An.Email("friend").From("cy@tailspin.com").Answering(An.Email("held")).Minute(2))!;
        Assert.All(new[] { held, friend }, email => Assert.Equal(Admission.Held, email.State.Admission));
        Assert.All(new[] { held, friend }, email => Assert.Null(email.State.Regarding));
        Assert.Equal(Mail.Key, held.State.Correlation.Email);
    }

    [Fact]
    public void A_held_mail_keeps_the_claim_of_the_folder_where_it_lies()
    {
        var story = NewStory();
        story.See(Mail);
        var held = story.See(An.Email("held").From("eve@evil.example").Answering(Mail).Minute(1), "ben@contoso.com", "Deals")!;
        Assert.Equal((Admission.Held, RegardingSource.Folder), (held.State.Admission, held.State.Regarding!.Source));
    }

    [Fact]
    public void A_further_copy_that_shows_the_sender_took_part_lets_a_held_answer_in()
    {
        var story = NewStory();
        story.See(Mail, "ben@contoso.com", "Deals");
        var answer = An.Email("answer").From("cy@tailspin.com").Answering(Mail).Minute(1);
        Assert.Equal(Admission.Held, story.See(answer)!.State.Admission);
        story.See(Mail.Cc("cy@tailspin.com"), "ana@contoso.com");
        Assert.Equal(Admission.Ground, story.Of(answer).Admission);
        Assert.Equal(Reference("opportunity", 5), story.Of(answer).Regarding!.Record);
    }

    [Fact]
    public void A_parent_that_is_shown_late_takes_back_what_was_taken_for_lack_of_it()
    {
        var parent = An.Email("parent").From("cy@tailspin.com").Minute(1);
        var answer = An.Email("answer").From("eve@evil.example").Answering(parent).Minute(2);
        var story = NewStory();
        Assert.Equal(Admission.AnswersUnseen, story.See(answer)!.State.Admission);
        story.See(parent);
        Assert.Equal(Admission.Held, story.Of(answer).Admission);
    }

    [Fact]
    public void All_who_name_a_lost_mail_count_though_one_of_them_stands_for_it()
    {
        // The earliest who names an unseen id is read with it. Bo has no ground with that one, but with the next.
        var lost = An.Email("lost");
        var story = NewStory();
        story.See(An.Email("eves").From("eve@evil.example").Answering(lost).Minute(1));
        story.See(An.Email("bos").From("bo@fabrikam.com").Answering(lost).Minute(2));
        var far = An.Email("far").From("bo@fabrikam.com").Answering(An.Email("lost too")).Naming(lost).Minute(3);
        story.See(far);
        Assert.True(story.AreTogether(far, An.Email("bos")));
    }

    [Fact]
    public void A_folder_claim_in_any_mailbox_counts_and_answers_take_it()
    {
        var story = NewStory();
        story.See(Mail);
        story.See(An.Email("answer").From("bo@fabrikam.com").Answering(Mail).Minute(1));
        Assert.Null(story.Of(An.Email("answer")).Regarding);
        story.See(Mail, "ben@contoso.com", "Deals");
        Assert.Equal(Reference("opportunity", 5), story.Of(Mail).Regarding!.Record);
        Assert.Equal(
            new(RegardingSource.Correlated, Reference("opportunity", 5), Mail.Key), story.Of(An.Email("answer")).Regarding);
    }

    [Fact]
    public void One_mail_that_goes_to_itself_a_queue_and_a_contact_is_one_activity()
    {
        var story = NewStory();
        var answers = story.See(
            Mail.In("ana@contoso.com"), Mail.In("sales@contoso.com"), Mail.In("ana@contoso.com", "Sent Items"));
        Assert.Single(answers.Select(answer => answer.ActivityId).Distinct());
        Assert.Single(answers, answer => answer.IsFirst);
        Assert.True(story.Of(Mail).IsOutgoing);
    }
}
