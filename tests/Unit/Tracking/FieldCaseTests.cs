using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Mail that broke trackers in the field: parties, regarding, privacy.</summary>
public sealed class FieldCaseTests
{
    private const string Ana = "ana@contoso.com";
    private const string Ben = "ben@contoso.com";
    private const string Help = "help@contoso.com";
    private const string Bo = "bo@fabrikam.com";

    [Fact]
    public void An_address_that_is_a_queue_and_a_contact_is_a_queue_for_the_work_and_proposes_nothing_of_its_own()
    {
        var story = new Story()
            .Record(Help, Record(Tables.Queue, 40, owner: 4)).Record(Help, Record(Tables.Contact, 50))
            .Related(Reference(Tables.Contact, 50), Reference(Tables.Incident, 60))
            .Mailbox(Help, isQueue: true, owner: Id(40));
        var received = story.See(An.Email("received").From(Bo).To(Help), Help)!;
        Assert.Equal(new EmailOwner(Id(4), OwnerRule.FirstRecipient), received.Owner);
        Assert.Equal(Id(40), Assert.Single(story.Store.QueueItems).QueueId);
        Assert.Null(received.State.Regarding);
    }

    [Fact]
    public void A_reply_that_drops_a_queue_gives_it_no_new_item()
    {
        const string sales = "sales@contoso.com";
        var story = new Story()
            .Record(Help, Record(Tables.Queue, 40)).Record(sales, Record(Tables.Queue, 41))
            .Mailbox(Help, isQueue: true, owner: Id(40)).Mailbox(sales, isQueue: true, owner: Id(41)).Mailbox(Ana);
        var first = An.Email("first").From(Bo).To(Help, sales);
        var reply = An.Email("reply").From(Bo).To(Help).Answering(first).Minute(1);
        story.See(first, Help);
        story.See(reply, Help);
        Assert.Equal([Id(40), Id(41)], Of(first));
        Assert.Equal([Id(40)], Of(reply));
        Guid[] Of(Letter letter) => [.. story.Store.QueueItems.Where(item => item.Email == letter.Key).Select(item => item.QueueId).Order()];
    }

    [Fact]
    public void The_private_talk_below_a_forward_stays_out_where_only_answers_are_tracked()
    {
        var story = new Story
        {
            Settings = new TrackingSettings { Correlation = new CorrelationSettings { ForwardsAnswerNothing = true } },
        };
        story.Mailbox("sales@contoso.com").Mailbox(Ben, FilterMethod.Replies);
        var tracked = An.Email("tracked").From(Bo).To(Ana);
        var forward = An.Email("forward").From(Ana).To(Ben).About("Fwd: Order").Answering(tracked).Minute(1);
        var talk = An.Email("talk").From("cleo@contoso.com").To(Ben).About("Re: Fwd: Order").Answering(forward).Naming(tracked, forward).Minute(2);
        story.See(tracked);
        Assert.Null(story.See(forward, Ben));
        Assert.Null(story.See(talk, Ben));

        // Without the policy both name tracked mail.
        var open = new Story().Mailbox("sales@contoso.com").Mailbox(Ben, FilterMethod.Replies);
        open.See(tracked);
        Assert.NotNull(open.See(forward, Ben));
        Assert.NotNull(open.See(talk, Ben));
    }

    [Fact]
    public void The_same_local_part_at_a_foreign_domain_is_nobody_of_ours()
    {
        var story = new Story()
            .Record(Help, Record(Tables.Queue, 40, owner: 4)).Mailbox(Help, isQueue: true, owner: Id(40)).Mailbox(Ana);
        var mail = story.See(An.Email("m").From(Bo).To(Ana).Cc("help@other.example"), Ana)!;
        Assert.Empty(story.Store.QueueItems);
        Assert.Equal(OwnerRule.None, mail.Owner.Rule);
    }

    [Theory]
    [InlineData("Bcc")]
    [InlineData("list")]
    [InlineData("alias")]
    public void A_mailbox_that_the_mail_does_not_name_accepts_it_and_says_so(string how)
    {
        var story = new Story().Record("alias@contoso.com", Record(Tables.SystemUser, 7)).Mailbox(Ana, owner: Id(7));
        var mail = how switch
        {
            "list" => An.Email("m").From(Bo).To("dev@lists.example"),
            "alias" => An.Email("m").From(Bo).To("alias@contoso.com"),
            _ => An.Email("m").From(Bo).To("other@fabrikam.com"),
        };
        Assert.NotNull(story.See(mail, Ana));

        // An address that the user's record has is theirs: then it is named.
        Assert.Equal(how != "alias", story.Traces.Exists(entry => entry.Code == TraceCode.NotAddressed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_disabled_user_is_never_the_sender_and_a_contact_with_the_address_is(bool hasContact)
    {
        var story = new Story().Record(Bo, Record(Tables.SystemUser, 1, active: false)).Mailbox(Ana);
        if (hasContact)
        {
            story.Record(Bo, Record(Tables.Contact, 2));
        }

        var mail = story.See(An.Email("m").From(Bo).To(Ana), Ana)!;
        Assert.Equal(hasContact ? Reference(Tables.Contact, 2) : null, mail.State.SenderRecord);
        Assert.False(mail.Facts.SenderIsUser);
    }

    [Fact]
    public void A_blocked_a_protected_and_a_mailbox_blocked_address_have_three_effects()
    {
        var story = new Story
        {
            Settings = new TrackingSettings { Privacy = new PrivacySettings { BlockedSenders = ["blocked.example"], NeverTracked = ["protected.example"] } },
        };
        story.Mailbox(Ana, options: new PersonalOptions { Blocked = ["own.example"] }).Mailbox(Ben);
        Letter[] mails = [.. new[] { "blocked", "protected", "own" }.Select(name => An.Email(name).From($"x@{name}.example").To(Ana))];
        foreach (var mail in mails)
        {
            story.See(mail, Ana);
            story.See(mail, Ben);
        }

        // Ben's mailbox: what Ana blocks for herself alone comes in there.
        Assert.Equal(["own"], Tracked());
        Array.ForEach(mails, mail => story.Do(ActKind.Track, mail));
        Assert.Equal(["blocked", "own"], Tracked());
        string[] Tracked() => [.. mails.Where(mail => story.Store.Emails.ContainsKey(mail.Key)).Select(mail => mail.MessageId!.Trim('<', '>').Split('@')[0]).Order()];
    }

    [Fact]
    public void Who_is_left_out_by_one_of_ten_participants_is_told_so()
    {
        var story = new Story
        {
            Settings = new TrackingSettings { Privacy = new PrivacySettings { NeverTracked = ["p7@tailspin.com"] } },
        };
        story.Mailbox(Ana);
        var mail = An.Email("m").From(Bo).To([Ana, .. Enumerable.Range(0, 9).Select(i => $"p{i}@tailspin.com")]);
        Assert.Null(story.See(mail, Ana));
        Assert.Equal(ReasonCode.NeverTracked, story.Store.Decisions[mail.In(Ana).Place].Decision.Reason);
        Assert.Contains(story.Traces, entry => entry.Code == TraceCode.FilterAsked && entry.Values[2] == "110");
    }

    private static readonly TrackingSettings Two = new()
    {
        TracksSentItems = true, InternalMail = new InternalMailSettings { IsOneActivity = false },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void To_switch_between_one_and_two_activities_doubles_nothing_that_is_tracked(bool toOne)
    {
        var mail = An.Email("m").From(Ana).To(Ben);
        var before = new Story { Settings = toOne ? Two : Two with { InternalMail = new InternalMailSettings() } }.Mailbox(Ana).Mailbox(Ben);
        before.See(mail, Ana, "Sent Items");
        var after = new Story { Settings = toOne ? Two with { InternalMail = new InternalMailSettings() } : Two, Past = before.Store }.Mailbox(Ana).Mailbox(Ben);
        after.See(mail, Ana, "Sent Items");
        Assert.Single(after.Store.Emails);
    }

    [Fact]
    public void Other_mail_under_the_id_of_a_sent_copy_joins_nothing()
    {
        var story = new Story { Settings = Two }.Mailbox(Ana).Mailbox(Ben);
        var sent = An.Email("m").From(Ana).To(Bo);
        var forged = An.Email("m").From("eve@evil.example").To(Ben).About("Invoice");
        story.See(sent, Ana, "Sent Items");
        var other = story.See(forged, Ben)!;
        Assert.Equal(2, story.Store.Emails.Count);
        Assert.Equal(2, story.Store.Emails.Values.Select(email => email.State.ConversationId).Distinct().Count());
        Assert.NotEqual(other.Facts.IdKey, other.Facts.Key);

        // Two sent mails under one id are two.
        story.See(An.Email("m").From(Ana).To(Bo).About("Another") with { Date = sent.Date!.Value.AddDays(30) }, Ana, "Sent Items");
        Assert.Equal(3, story.Store.Emails.Count);
    }

    [Fact]
    public void A_sent_mail_that_is_moved_stays_the_sent_copy()
    {
        var story = new Story { Settings = Two }.Mailbox(Ana);
        var sent = An.Email("m").From(Ana).To(Bo);
        story.See(sent, Ana, "Sent Items");
        story.See(sent, Ana, "Archive");
        Assert.Single(story.Store.Emails);
    }

    [Fact]
    public void A_list_that_writes_its_own_address_into_From_becomes_no_contact()
    {
        var story = new Story().Mailbox("sales@contoso.com").Mailbox(Ana, options: new PersonalOptions { Creates = RecordCreation.Contact });
        var mail = An.Email("m").From("ext@shop.example").To(Ana);
        story.See(mail, "sales@contoso.com");
        story.See(mail.From("list@lists.example").OnList("list.lists.example"), Ana);
        Assert.Empty(story.Store.NewRecords);
    }

    [Fact]
    public void What_a_person_deleted_is_not_made_again_by_seeing_old_mail_again()
    {
        var story = new Story().Mailbox(Ana, options: new PersonalOptions { Creates = RecordCreation.Contact });
        var mail = An.Email("m").From("new@shop.example").To(Ana);
        story.See(mail, Ana);
        var made = Assert.Single(story.Store.NewRecords.Keys);
        story.Store.Forget(made);
        story.See(mail, Ana, "Archive");
        Assert.Null(story.Of(mail).SenderRecord);
        Assert.Empty(story.Store.NewRecords);
    }

    [Fact]
    public void Records_of_a_queues_owner_come_first_for_what_the_queue_accepts()
    {
        var story = new Story()
            .Record(Help, Record(Tables.Queue, 40, owner: 4)).Mailbox(Help, isQueue: true, owner: Id(40))
            .Record(Bo, Record(Tables.Contact, 1, owner: 9, day: 1)).Record(Bo, Record(Tables.Contact, 2, owner: 4, day: 2));
        Assert.Equal(Reference(Tables.Contact, 2), story.See(An.Email("m").From(Bo).To(Help), Help)!.State.SenderRecord);
    }

    [Theory]
    [InlineData("X-Classification: Secret, internal", "x-classification: secret, internal", true)]
    [InlineData("Keywords: a, Private", "keywords: private", true)]
    [InlineData("X-Label: a, b", "x-label: b", false)]
    public void A_label_is_the_whole_value_but_keywords_are_a_list(string header, string label, bool found) => Assert.Equal(
        found, EmailTracking.Tracking.Mail.LabelHeaders.Normal([header]).Contains(label));

    [Theory]
    [InlineData("*.Clinic.example", "clinic.example")]
    [InlineData("clinic.example", "clinic.example")]
    [InlineData("Ana@Clinic.example", "ana@clinic.example")]
    [InlineData(".clinic.example", null)]
    [InlineData("clinic.example.", null)]
    [InlineData("clinic", null)]
    [InlineData("*", null)]
    [InlineData("a b.example", null)]
    public void A_pattern_is_an_address_or_a_domain(string text, string? pattern)
    {
        Assert.Equal(pattern is not null, EmailTracking.Tracking.Mail.AddressPattern.TryParse(text, out var read));
        Assert.Equal(pattern ?? "", read);
    }

    [Theory]
    [InlineData("merger", "The merger", true)]
    [InlineData("merger", "Submergers", false)]
    [InlineData("合併", "公司合併案", true)]
    public void A_keyword_is_a_word(string word, string subject, bool excluded)
    {
        var story = new Story { Settings = new TrackingSettings { Privacy = new PrivacySettings { ExcludedKeywords = [word] } } };
        story.Mailbox(Ana);
        Assert.Equal(excluded, story.See(An.Email("m").From(Bo).To(Ana).About(subject), Ana) is null);
    }
}
