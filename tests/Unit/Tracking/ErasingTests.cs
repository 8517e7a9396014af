using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>An erased email keeps its place by digests, and nothing brings it back.</summary>
public sealed class ErasingTests
{
    private const string Bo = "bo@fabrikam.com";
    private const string Sales = "sales@contoso.com";

    private static readonly Letter First = An.Email("first").To(Bo).About("CRM:0001001 Canary").Minute(1);
    private static readonly Letter Answer = An.Email("answer").From(Bo).To("ana@contoso.com").Answering(First).Minute(2);
    private static readonly Letter Later = An.Email("later").To(Bo).Answering(Answer).Naming(First, Answer).Minute(3);
    private static readonly Letter Other = An.Email("other").From("cy@tailspin.com").To("ana@contoso.com").About("Delivery").Minute(4);

    private static Story Seen(params Letter[] letters)
    {
        var story = new Story()
            .Mailbox(Sales)
            .Mailbox("ben@contoso.com", FilterMethod.None)
            .Mailbox("cleo@contoso.com", FilterMethod.Replies)
            .Mailbox("ana@contoso.com", folders: [new TrackingFolder("Deals", Reference("opportunity", 5))])
            .User("ana@contoso.com")
            .Record(Bo, Record("contact", 1));
        foreach (var letter in letters)
        {
            story.See(letter);
        }

        return story;
    }

    private static void AssertErased(Story story, Letter letter)
    {
        var email = story[letter];
        Assert.True(email is
        {
            IsErased: true, IsWithheld: true, Sender: null, TrackingToken: null,
            State: { Regarding: null, SenderRecord: null, LeftOut: ReasonCode.Erased },
        });
        Assert.Empty(email.State.RegardingClaims);
        Assert.Equal(email.BaseSubject, BaseSubject.Withhold(email.BaseSubject));
        Assert.Empty(story.Store.Parties[letter.Key]);
        Assert.Empty(story.Store.PartyTraceOf(letter.Key));
        foreach (var (decision, _) in story.Store.Decisions.Values.Where(one => one.Decision.Email == letter.Key))
        {
            Assert.Equal((Outcome.Skipped, ReasonCode.Erased), (decision.Outcome, decision.Reason));
            Assert.True(Assert.Single(decision.Trace).Values is ["109", "Ana", "2026-01-01 02:30:00Z"]);
            Assert.True(decision.Sighting.Place.Folder is "Inbox" or "Sent Items" || decision.Sighting.Place.Folder.StartsWith("sha256:", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Nothing_that_can_be_read_stays_and_its_place_does()
    {
        var story = Seen(First, Answer);
        story.See(First, "ana@contoso.com", "Deals");
        var before = story[First];
        Assert.Null(story.Erase(First));

        AssertErased(story, First);
        Assert.True(before.Facts.Claims.SequenceEqual(story[First].Facts.Claims));
        Assert.Equal((before.Facts.Ground, before.Facts.Voice, before.Facts.SentOn), (story[First].Facts.Ground, story[First].Facts.Voice, story[First].Facts.SentOn));
        Assert.Equal((before.State.ConversationId, before.State.Admission), (story.Of(First).ConversationId, story.Of(First).Admission));
        Assert.Null(story.Of(Answer).LeftOut);
        Assert.True(story.AreTogether(First, Answer));
    }

    private static readonly Dictionary<string, Letter> FurtherCopies = new()
    {
        ["the same again"] = First,
        ["one that stands for it"] = First.CopyThat(true, copy => copy.Naming(An.Email("lost"))),
        ["one that does not"] = First.CopyThat(false, copy => copy.Naming(An.Email("lost"))),
        ["one that a list passed on"] = First.From("dev@lists.example").OnList("dev.lists.example").To("dev@lists.example"),
    };

    [Theory]
    [InlineData("the same again")]
    [InlineData("one that stands for it")]
    [InlineData("one that does not")]
    [InlineData("one that a list passed on")]
    public void A_copy_seen_later_is_the_same_email_and_stays_out(string name)
    {
        var story = Seen(First);
        story.Erase(First);
        var copy = FurtherCopies[name];

        foreach (var (mailbox, folder) in (ReadOnlySpan<(string, string)>)[(Sales, "Inbox"), ("ana@contoso.com", "Deals"), ("ana@contoso.com", "Sent Items"), ("cleo@contoso.com", "Inbox")])
        {
            var answer = Assert.Single(story.See(copy.In(mailbox, folder)));
            Assert.Equal((Outcome.Skipped, ReasonCode.Erased, null), (answer.Outcome, answer.Reason, answer.ActivityId));
        }

        AssertErased(story, First);
        Assert.Single(story.Store.Emails);
        var writes = story.Store.Writes;
        story.See(copy.In("ana@contoso.com", "Deals"), copy.In(Sales));
        Assert.Equal(writes, story.Store.Writes);
    }

    [Fact]
    public void The_senders_copy_of_what_a_list_passed_on_is_the_same_email()
    {
        var listed = First.From("dev@lists.example").To("dev@lists.example").OnList("dev.lists.example");
        var story = Seen(listed);
        story.Erase(listed);
        story.See(First.To("dev@lists.example").OnList("dev.lists.example"));
        Assert.Single(story.Store.Emails);
        AssertErased(story, First);
    }

    [Fact]
    public void What_another_sends_under_its_id_is_other_mail()
    {
        var story = Seen(First);
        story.Erase(First);
        Assert.NotNull(story.See(First.From("eve@evil.example").About("Canary")));
        Assert.Equal(2, story.Store.Emails.Count);
    }

    [Theory]
    [InlineData(Sales)]
    [InlineData("cleo@contoso.com")]
    public void An_answer_to_it_finds_its_conversation_and_counts_as_one_to_tracked_mail(string mailbox)
    {
        var story = Seen(First);
        story.Erase(First);
        Assert.NotNull(story.See(Answer, mailbox));
        Assert.True(story.AreTogether(First, Answer));
        Assert.Null(story.Of(Answer).LeftOut);
    }

    [Fact]
    public void What_people_said_of_the_thread_passes_on_and_what_its_folder_said_does_not()
    {
        var story = Seen();
        story.See(First, "ana@contoso.com", "Deals");
        story.See(Answer);
        Assert.Equal(Reference("opportunity", 5), story.Of(Answer).Regarding?.Record);
        story.Erase(First);
        Assert.Null(story.Of(Answer).Regarding);

        story = Seen(First, Answer);
        story.Do(ActKind.Regarding, First, record: Reference("incident", 9));
        story.Erase(First);
        Assert.Equal(Reference("incident", 9), story.Of(Answer).Regarding?.Record);
        story.See(Later);
        Assert.Equal(Reference("incident", 9), story.Of(Later).Regarding?.Record);
        AssertErased(story, First);
    }

    [Fact]
    public void Merges_and_splits_around_it_go_on_and_it_stays_erased()
    {
        var story = Seen(First, Answer, Later, Other);
        story.Erase(First);
        story.Erase(Answer);
        Assert.Null(story.Do(ActKind.Merge, Other, other: First));
        Assert.True(story.AreTogether(Other, Answer));
        AssertErased(story, First);
        AssertErased(story, Answer);
        Assert.Null(story.Undo());
        Assert.Null(story.Do(ActKind.Split, Answer));
        Assert.False(story.AreTogether(First, Answer));
        Assert.True(story.AreTogether(Answer, Later));
        AssertErased(story, Answer);
        Assert.Null(story.Do(ActKind.Stop, First));
        Assert.Null(story.Do(ActKind.Resume, First, minute: 101));
        AssertErased(story, First);
    }

    [Theory]
    [InlineData(ActKind.Track)]
    [InlineData(ActKind.Untrack)]
    [InlineData(ActKind.Regarding)]
    public void No_act_brings_it_back(ActKind kind)
    {
        var story = Seen(First);
        story.Do(ActKind.Untrack, First);
        var before = story.Store.Acts[^1];
        story.Erase(First);
        var erased = story.Store.Acts[^1];

        Assert.Contains("was erased", story.Do(kind, First, minute: 300, record: Reference("incident", 9)), StringComparison.Ordinal);
        Assert.Contains("was erased", story.Undo(before), StringComparison.Ordinal);
        Assert.Contains("nothing is kept", story.Undo(erased), StringComparison.Ordinal);
        AssertErased(story, First);
    }

    [Fact]
    public void What_was_not_tracked_is_never_tracked_once_it_was_erased()
    {
        var story = Seen();
        story.See(First, "ben@contoso.com", "Private");
        Assert.Null(story.Erase(First));

        Assert.Null(story.See(First));
        Assert.Null(story.See(First, "ana@contoso.com", "Sent Items"));
        Assert.Contains("was erased", story.Do(ActKind.Track, First, minute: 300), StringComparison.Ordinal);
        Assert.Empty(story.Store.Emails);
        Assert.All(story.Store.Decisions.Values, one => Assert.Equal(ReasonCode.Erased, one.Decision.Reason));
    }

    private static readonly TrackingSettings Two = new()
    {
        TracksSentItems = true, InternalMail = new InternalMailSettings { IsOneActivity = false },
    };

    [Theory]
    //          erased: the sent copy, where it was an activity of its own; and it is when the others come
    [InlineData(true,  true,  true)]
    [InlineData(true,  true,  false)]
    [InlineData(true,  false, true)]
    [InlineData(false, true,  true)]
    [InlineData(false, true,  false)]
    [InlineData(false, false, true)]
    public void Of_a_mail_that_was_sent_and_received_neither_copy_comes_back(bool sent, bool wereTwo, bool areTwo)
    {
        Sighting[] copies = [First.In("ana@contoso.com", "Sent Items"), First.In(Sales)];
        var before = Under(wereTwo, null);
        before.See(copies[sent ? 0 : 1]);
        Assert.Null(before.Erase([.. before.Store.Emails.Keys]));

        var story = Under(areTwo, before.Store);
        foreach (var copy in copies)
        {
            var answer = Assert.Single(story.See(copy));
            Assert.Equal((Outcome.Skipped, ReasonCode.Erased, null), (answer.Outcome, answer.Reason, answer.ActivityId));
        }

        Assert.True(Assert.Single(story.Store.Emails.Values).IsErased);
        Assert.All(story.Store.Decisions.Values, one => Assert.Equal(ReasonCode.Erased, one.Decision.Reason));

        static Story Under(bool two, ModelStore? past) =>
            new Story { Settings = two ? Two : Two with { InternalMail = new InternalMailSettings() }, Past = past }
                .Mailbox(Sales).Mailbox("ana@contoso.com");
    }

    [Fact]
    public void A_copy_that_was_not_tracked_and_is_erased_keeps_the_sent_one_out()
    {
        var story = new Story { Settings = Two }.Mailbox(Sales, FilterMethod.None).Mailbox("ana@contoso.com");
        story.See(First);
        Assert.Null(story.Erase(First));
        Assert.Equal(ReasonCode.Erased, Assert.Single(story.See(First.In("ana@contoso.com", "Sent Items"))).Reason);
        Assert.Empty(story.Store.Emails);
    }

    [Fact]
    public void Nobody_is_named_in_it_by_what_was_read_of_its_parties_before()
    {
        var story = Seen(First);
        story.Erase(First);
        Assert.Contains("was erased", story.Do(new ActRequest
        {
            Id = Id(2000),
            Kind = ActKind.Resolve,
            By = "Ana",
            On = DateTimeOffset.UnixEpoch,
            Emails = [First.Key],
            Record = Reference("contact", 1),
            Address = SimAddress(Bo),
            Parties = [SimAddress(Bo)],
        }), StringComparison.Ordinal);
        Assert.All(story.Store.Acts, act => Assert.Null(act.Address));
    }

    [Fact]
    public void What_waited_waits_no_more()
    {
        var story = Seen();
        story.See(Answer, "cleo@contoso.com");
        story.Erase(Answer);
        story.See(First);
        Assert.Equal([First.Key], story.Store.Emails.Keys);
    }

    [Fact]
    public void Records_that_change_leave_it_as_it_is()
    {
        var story = Seen(First, Answer);
        story.Erase(First);
        story.Store.Save(Record("contact", 1), SimAddress(Bo));
        story.Store.Save(Record("contact", 2), SimAddress("ana@contoso.com"));
        story.Store.Link();
        AssertErased(story, First);
    }

    private static EmailAddress SimAddress(string text) => Simulation.SimMail.Address(text);
}
