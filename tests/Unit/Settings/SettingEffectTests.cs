using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Tests.Unit.Tracking;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Settings;

/// <summary>What each setting changes for the mail that comes next: the same story with it and without it.</summary>
public sealed class SettingEffectTests
{
    private const string Ana = "ana@contoso.com";
    private const string Ben = "ben@contoso.com";
    private const string Help = "help@contoso.com";
    private const string Bo = "bo@fabrikam.com";

    private static readonly Letter FromBo = An.Email("m").From(Bo).To(Ana);

    /// <summary>Ana and Ben are users with mailboxes of their own, help is a queue, and all of them take all mail.</summary>
    private static Story With(string setting, string value, FilterMethod ana = FilterMethod.All) => new Story { Settings = Set(setting, value) }
        .Record(Ana, Record(Tables.SystemUser, 901))
        .Record(Ben, Record(Tables.SystemUser, 902))
        .Record(Help, Record(Tables.Queue, 903))
        .Mailbox(Ana, ana)
        .Mailbox(Ben)
        .Mailbox(Help, isQueue: true);

    private static TrackingSettings Set(string setting, string value) =>
        SettingCatalogue.Find(setting)!.Write(new TrackingSettings(), value).Settings!;

    private static bool IsTracked(Story story, Letter letter, string mailbox = Ana, string folder = "Inbox") =>
        story.See(letter, mailbox, folder) is not null;

    [Theory]
    [InlineData("-1", true)]
    [InlineData("4", false)]
    [ShowsSetting("SSSForceFilteringMethodForUserMailboxes")]
    public void One_filter_is_forced_on_all_users_and_on_no_queue(string value, bool tracked)
    {
        var story = With("SSSForceFilteringMethodForUserMailboxes", value);
        Assert.Equal(tracked, IsTracked(story, FromBo));
        Assert.True(IsTracked(story, An.Email("other").From(Bo), Help));
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    [ShowsSetting("UseFilteringMethodOfSyncingMailboxOnlyForCorrelation")]
    public void A_recipients_filter_may_let_in_what_lies_in_anothers_mailbox(string value, bool tracked)
    {
        var story = With("UseFilteringMethodOfSyncingMailboxOnlyForCorrelation", value, ana: FilterMethod.None);
        Assert.Equal(tracked, IsTracked(story, FromBo.To(Help)));
        if (tracked)
        {
            Assert.Equal(Help, story.Of(FromBo).Accepting!.Mailbox.Value);
        }
    }

    [Theory]
    [InlineData("HideTrackAllOption", FilterMethod.All, true)]
    [InlineData("HideTrackAllOption", FilterMethod.LeadsContactsAccounts, false)]
    [InlineData("HideEmailAutoTrackOptions", FilterMethod.All, true)]
    [InlineData("HideEmailAutoTrackOptions", FilterMethod.EmailEnabledRecords, true)]
    [InlineData("HideEmailAutoTrackOptions", FilterMethod.Replies, false)]
    [InlineData("HideEmailAutoTrackOptions", FilterMethod.None, false)]
    [ShowsSetting("HideTrackAllOption")]
    [ShowsSetting("HideEmailAutoTrackOptions")]
    public void A_hidden_filter_may_not_be_chosen(string setting, FilterMethod method, bool hidden)
    {
        Assert.Equal(hidden ? setting : null, MailboxOption.HiddenBy(method, Set(setting, "true").Acceptance));
        Assert.Null(MailboxOption.HiddenBy(method, Set(setting, "false").Acceptance));
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    [ShowsSetting("DoNotAutoTrackEmail")]
    public void No_filter_tracks_and_people_do(string value, bool tracked)
    {
        var story = With("DoNotAutoTrackEmail", value);
        Assert.Equal(tracked, IsTracked(story, FromBo));
        Assert.Null(story.Do(ActKind.Track, FromBo));
        Assert.Null(story.Of(FromBo).LeftOut);
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    [ShowsSetting("OverrideV5SenderConflictResolution")]
    public void A_sender_whom_two_records_share_counts_as_none_for_the_filter(string value, bool tracked)
    {
        var story = With("OverrideV5SenderConflictResolution", value, ana: FilterMethod.LeadsContactsAccounts)
            .Record(Bo, Record(Tables.Contact, 1)).Record(Bo, Record(Tables.Contact, 2));
        Assert.Equal(tracked, IsTracked(story, FromBo));
    }

    [Fact]
    [ShowsSetting("OverrideTrackInCrmBehaviour")]
    public void Who_tracks_by_hand_has_to_say_what_it_is_about()
    {
        var story = With("OverrideTrackInCrmBehaviour", "true", ana: FilterMethod.None);
        Assert.False(IsTracked(story, FromBo));
        Assert.Contains("Say what the mail is about", story.Do(ActKind.Track, FromBo), StringComparison.Ordinal);
        Assert.Null(story.Do(ActKind.Track, FromBo, record: Reference("opportunity", 5)));
        Assert.Null(With("OverrideTrackInCrmBehaviour", "false").Do(ActKind.Track, FromBo));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [ShowsSetting("IsFolderBasedTrackingEnabled")]
    public void Tracked_folders_count_or_do_not(string value, bool tracked)
    {
        var story = new Story { Settings = Set("IsFolderBasedTrackingEnabled", value) }
            .Mailbox(Ana, FilterMethod.None, folders: new TrackingFolder("Deals", Reference("opportunity", 5)));
        Assert.Equal(tracked, IsTracked(story, FromBo, Ana, "Deals"));
    }

    [Theory]
    [InlineData("true", 5)]
    [InlineData("false", 7)]
    [ShowsSetting("TrackedFolderRegardingFirst")]
    public void A_tracked_folders_record_goes_before_all_else_or_not(string value, int record)
    {
        foreach (var only in new[] { true, false })
        {
            var story = new Story { Settings = Set("TrackedFolderRegardingFirst", value) }
                .Mailbox(Ana, FilterMethod.All, folders: new TrackingFolder("Deals", Reference("opportunity", 5)));
            story.See(FromBo, Ana, "Deals");
            Assert.Null(story.Do(ActKind.Regarding, FromBo, record: Reference("opportunity", 7), only: only));
            Assert.Equal(Reference("opportunity", record), story.Of(FromBo).Regarding!.Record);
        }
    }

    [Theory]
    [InlineData("none",           "none",          true)]
    [InlineData("Sales, Service", "none",          false)]
    [InlineData("Sales, Service", "service, Desk", true)]
    [InlineData("Sales, Service", "Desk",          false)]
    [ShowsSetting("TrackCategorizedItemsTeams")]
    [ShowsSetting("mailbox Teams")]
    public void Labels_count_in_the_mailboxes_of_the_teams_that_are_named(string teams, string ofMailbox, bool counts)
    {
        var settings = SettingCatalogue.Find("TrackCategorizedItemsTeams")!.Write(Set("TrackCategorizedItems", "true"), teams).Settings!;
        var mailbox = MailboxOption.Find("Teams")!
            .Write(new MailboxFacts(Simulation.SimMail.Address(Ana), null, IsQueue: false, FilterMethod.None, []), ofMailbox).Mailbox!;
        Assert.Equal(counts, settings.TracksCategoriesOf(mailbox));
        Assert.False((settings with { TracksCategories = false }).TracksCategoriesOf(mailbox));
    }

    [Theory]
    [InlineData("true", ActKind.Track)]
    [InlineData("false", null)]
    [ShowsSetting("TrackCategorizedItems")]
    public void A_label_that_somebody_sets_tracks_or_does_not(string value, ActKind? act)
    {
        var settings = Set("TrackCategorizedItems", value);
        Assert.Equal((ItemLabel.Present, act), ItemLabels.Decide(ItemLabel.Absent, isSeen: true, settings.TracksCategories));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [ShowsSetting("IgnoreInternalEmail")]
    public void The_two_copies_of_an_internal_mail_are_one_activity_or_two_of_one_conversation(bool sentFirst)
    {
        var mail = An.Email("m").From(Ana).To(Ben);
        foreach (var (value, activities) in new[] { ("true", 1), ("false", 2) })
        {
            var story = new Story { Settings = Set("IgnoreInternalEmail", value) with { TracksSentItems = true } }
                .User(Ana).User(Ben).Mailbox(Ana).Mailbox(Ben);
            foreach (var isSent in new[] { sentFirst, !sentFirst })
            {
                story.See(isSent ? mail.In(Ana, "Sent Items") : mail.In(Ben));
            }

            var answer = An.Email("answer").From(Ben).To(Ana).Answering(mail).Minute(1);
            story.See(answer.In(Ana));
            var all = story.Store.Emails.Values.Where(email => email.Facts.IdKey == mail.Key).ToArray();
            Assert.Equal(activities, all.Length);
            Assert.Equal(activities, all.Select(email => email.ActivityId).Distinct().Count());
            Assert.Single(story.Store.Emails.Values.Select(email => email.State.ConversationId).Distinct());
            Assert.Single(all, email => email.State.IsOutgoing);

            // Seen again, nothing new.
            story.See(mail.In(Ana, "Sent Items"));
            story.See(mail.In(Ben));
            Assert.Equal(activities + 1, story.Store.Emails.Count);
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [ShowsSetting("IgnoreInternalEmailDetectionEnhancement")]
    public void Without_comparing_copies_all_mail_of_users_is_refused(string value, bool tracked) => Assert.Equal(
        tracked, IsTracked(With("IgnoreInternalEmailDetectionEnhancement", value), An.Email("m").From(Ana).To(Ben), Ben));

    [Theory]
    [InlineData("true", Help)]
    [InlineData("false", Ana)]
    [ShowsSetting("DoNotIgnoreInternalEmailToQueues")]
    public void A_queue_takes_what_a_user_sent_it_also_when_the_sent_copy_is_tracked(string value, string accepting)
    {
        var story = new Story { Settings = Set("DoNotIgnoreInternalEmailToQueues", value) with { TracksSentItems = true } }
            .User(Ana).Mailbox(Ana).Mailbox(Help, isQueue: true);
        var mail = An.Email("m").From(Ana).To(Help);
        story.See(mail, Ana, "Sent Items");
        story.See(mail, Help);
        Assert.Equal(accepting, story.Of(mail).Accepting!.Mailbox.Value);
    }

    [Theory]
    [InlineData("false", Outcome.Tracked)]
    [InlineData("true", Outcome.Skipped)]
    [ShowsSetting("IgnoreInternalEmailFromQueues")]
    public void What_a_queue_sent_is_refused_where_it_is_received(string value, Outcome outcome)
    {
        var story = new Story { Settings = Set("IgnoreInternalEmailFromQueues", value) with { TracksSentItems = true } }
            .Record(Help, Record(Tables.Queue, 903)).Mailbox(Help, isQueue: true).Mailbox(Ana);
        var mail = An.Email("m").From(Help).To(Ana);
        story.See(mail, Help, "Sent Items");
        story.See(mail, Ana);
        Assert.Equal(outcome, story.Store.Decisions[mail.In(Ana).Place].Decision.Outcome);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [ShowsSetting("UseTrackingTokens")]
    public void A_token_ties_a_mail_to_its_conversation(string value, bool together)
    {
        var story = With("UseTrackingTokens", value);
        var sent = An.Email("sent").From(Ana).To(Bo).About("Order CRM:0001001");
        var answer = An.Email("answer").From(Bo).To(Ana).About("About CRM:0001001").Minute(1);
        story.See(sent, Ben);
        story.See(answer, Ben);
        Assert.Equal(together, story.AreTogether(sent, answer));
    }

    [Fact]
    [ShowsSetting("TrackingPrefix")]
    public void A_token_begins_with_the_prefix_or_an_earlier_one()
    {
        var story = With("TrackingPrefix", "REF:");
        Letter[] sent = [.. new[] { "REF:0001001", "CRM:0001002", "XYZ:0001003" }.Select((token, i) =>
            An.Email($"sent {i}").From(Ana).To(Bo).About($"Order {token}"))];
        Letter[] answers = [.. sent.Select((one, i) => An.Email($"answer {i}").From(Bo).To(Ana).About($"Again {one.Subject}").Minute(1))];
        foreach (var letter in sent.Concat(answers))
        {
            story.See(letter, Ben);
        }

        Assert.Equal([true, true, false], sent.Zip(answers, story.AreTogether));
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    [ShowsSetting("IgnoreConversationIndexAndInReplyToForCorrelation")]
    public void Headers_tie_a_mail_to_its_conversation(string value, bool together)
    {
        var story = With("IgnoreConversationIndexAndInReplyToForCorrelation", value);
        var answer = An.Email("answer").From(Ana).To(Bo).Answering(FromBo).Minute(1);
        story.See(FromBo, Ana);
        story.See(answer, Ana);
        Assert.Equal(together, story.AreTogether(FromBo, answer));
    }

    [Theory]
    [InlineData("false", "Fwd: Order", true)]
    [InlineData("true", "Fwd: Order", false)]
    [InlineData("true", "[team] WG: Order", false)]
    [InlineData("true", "Re: Order", true)]
    [ShowsSetting("DoNotCorrelateForwardedEmailsAsReplies")]
    public void A_forward_goes_on_with_the_conversation_or_starts_one(string value, string subject, bool together)
    {
        var story = With("DoNotCorrelateForwardedEmailsAsReplies", value);
        var forward = An.Email("forward").From(Ana).To(Ben).About(subject).Answering(FromBo).Minute(1);
        story.See(FromBo, Ana);
        story.See(forward, Ana);
        Assert.Equal(together, story.AreTogether(FromBo, forward));
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    [ShowsSetting("UnresolveSenderInCaseOfMultipleMatch")]
    public void A_sender_of_two_records_is_resolved_or_not(string value, bool resolved)
    {
        var story = With("UnresolveSenderInCaseOfMultipleMatch", value).Record(Bo, Record(Tables.Contact, 1)).Record(Bo, Record(Tables.Contact, 2));
        Assert.Equal(resolved, story.See(FromBo, Ana)!.State.SenderRecord is not null);
    }

    [Theory]
    [InlineData("false", 2)]
    [InlineData("true", 1)]
    [ShowsSetting("UnresolveEmailAddressIfMultipleMatch")]
    public void A_recipient_of_two_records_is_both_or_one_unresolved(string value, int parties)
    {
        RecordFacts[] records = [Record(Tables.Contact, 1), Record(Tables.Contact, 2)];
        var resolved = Parties.Resolve(
            An.Email("m").From(Ana).To(Bo).Facts, null, address => address.Value == Bo ? records : [], Set("UnresolveEmailAddressIfMultipleMatch", value));
        Assert.Equal(parties, resolved.Length - 1);
        Assert.Equal(parties == 2, resolved[1].Record is not null);
    }

    [Theory]
    [InlineData("true",  "inactive inactive",        1)]    // The earliest of several inactive ones,
    [InlineData("false", "inactive inactive",        null)] // or nobody.
    [InlineData("false", "inactive",                 1)]    // A single one is meant whatever its state.
    [InlineData("false", "inactive active",          2)]
    [InlineData("false", "inactive active inactive", 2)]
    [InlineData("true",  "inactive active inactive", 2)]    // Active ones come first either way.
    [ShowsSetting("ResolveForInactiveEntities")]
    public void Inactive_records_count_among_several_or_do_not(string value, string states, int? expected)
    {
        var story = With("ResolveForInactiveEntities", value);
        foreach (var (index, state) in states.Split(' ').Index())
        {
            story.Record(Bo, Record(Tables.Contact, index + 1, active: state == "active", day: index));
        }

        Assert.Equal(expected is { } number ? Reference(Tables.Contact, number) : null, story.See(FromBo, Ana)!.State.SenderRecord);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [ShowsSetting("IgnoreSubaddress")]
    public void A_subaddress_stands_for_the_records_of_the_plain_address(string value, bool resolved)
    {
        var story = With("IgnoreSubaddress", value, ana: FilterMethod.LeadsContactsAccounts).Record(Bo, Record(Tables.Contact, 1));
        var mail = An.Email("m").From("bo+news@fabrikam.com");
        Assert.Equal(resolved, IsTracked(story, mail));
        Assert.Equal(resolved, story.See(mail, Ben)!.State.SenderRecord == Reference(Tables.Contact, 1));
    }

    [Theory]
    [InlineData("BlockedSenders", "fabrikam.com", true)]
    [InlineData("NeverTrack", "fabrikam.com", false)]
    [InlineData("ExcludedKeywords", "order", true)]
    [InlineData("ExcludedHeaders", "Sensitivity: Private", true)]
    [InlineData("RequiredHeaders", "X-Label: crm", true)]
    [ShowsSetting("BlockedSenders")]
    [ShowsSetting("NeverTrack")]
    [ShowsSetting("ExcludedKeywords")]
    [ShowsSetting("ExcludedHeaders")]
    [ShowsSetting("RequiredHeaders")]
    public void Mail_is_kept_out_and_a_person_may_still_track_it_or_not(string setting, string value, bool byHand)
    {
        var letter = FromBo with { Labels = ["Sensitivity: Private"] };
        Assert.True(IsTracked(With(setting, "none"), letter));
        var story = With(setting, value);
        Assert.False(IsTracked(story, letter));
        Assert.Null(story.Do(ActKind.Track, letter));
        Assert.Equal(byHand, story.Store.Emails.ContainsKey(letter.Key));
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [ShowsSetting("NeverTrackNeedsAll")]
    public void One_of_several_on_the_list_is_enough_or_all_outside_have_to_be(string value, bool tracked)
    {
        var settings = Set("NeverTrackNeedsAll", value);
        var story = new Story { Settings = settings with { Privacy = settings.Privacy with { NeverTracked = [Bo] } } }.User(Ana).Mailbox(Ana);
        Assert.Equal(tracked, IsTracked(story, FromBo.Cc("cy@tailspin.com")));
        Assert.False(IsTracked(story, An.Email("alone").From(Bo).To(Ana)));
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", false)]
    [ShowsSetting("IgnoreInternalOnlyEmail")]
    public void Mail_among_ourselves_is_tracked_or_not(string value, bool tracked)
    {
        var story = With("IgnoreInternalOnlyEmail", value);
        Assert.Equal(tracked, IsTracked(story, An.Email("m").From(Ana).To(Ben), Ben));
        Assert.True(IsTracked(story, An.Email("outside").From(Ana).To(Ben).Cc(Bo), Ben));
    }

    [Fact]
    [ShowsSetting("mailbox BlockedSenders")]
    public void A_persons_block_list_is_effective_for_their_mailbox_alone()
    {
        var story = new Story()
            .Mailbox(Ana, options: new PersonalOptions { Blocked = ["fabrikam.com"] })
            .Mailbox(Ben);
        Assert.False(IsTracked(story, FromBo));
        Assert.True(IsTracked(story, FromBo, Ben));
        Assert.Equal(ReasonCode.BlockedByMailbox, story.Store.Decisions[FromBo.In(Ana).Place].Decision.Reason);
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(null, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [ShowsSetting("mailbox AutoTrackSentFolderItems")]
    public void A_mailbox_tracks_sent_mail_as_it_chose_else_as_the_organization_says(bool? own, bool organizations, bool tracked) => Assert.Equal(
        tracked,
        IsTracked(
            new Story { Settings = new TrackingSettings { TracksSentItems = organizations } }
                .Mailbox(Ana, options: new PersonalOptions { TracksSentItems = own }),
            An.Email("m").From(Ana).To(Bo),
            Ana,
            "Sent Items"));

    [Theory]
    [InlineData(FilterMethod.All, true)]
    [InlineData(FilterMethod.Replies, false)]
    [InlineData(FilterMethod.None, false)]
    [ShowsSetting("mailbox IncomingEmailFilteringMethod")]
    public void The_filter_of_a_mailbox_says_which_of_its_mail_is_tracked(FilterMethod method, bool tracked) =>
        Assert.Equal(tracked, IsTracked(new Story().Mailbox(Ana, method), FromBo));

    private static Story WithQueues(string setting, string value) => new Story { Settings = Set(setting, value) }
        .Record(Help, Record(Tables.Queue, 903))
        .Record("sales@contoso.com", Record(Tables.Queue, 904))
        .Mailbox(Ana)
        .Mailbox(Help, isQueue: true, owner: Id(903))
        .Mailbox("sales@contoso.com", isQueue: true, owner: Id(904));

    private static int[] Queues(Story story) =>
        [.. story.Store.QueueItems.Select(item => item.QueueId == Id(903) ? 903 : item.QueueId == Id(904) ? 904 : 0).Order()];

    [Theory]
    [InlineData("true", new[] { 903 })]
    [InlineData("false", new int[0])]
    [ShowsSetting("CreateQueueItemsForAcceptingQueueRecipients")]
    public void A_queue_that_is_named_gets_an_item(string value, int[] queues)
    {
        var story = WithQueues("CreateQueueItemsForAcceptingQueueRecipients", value);
        story.See(FromBo.To(Help), Ana);
        story.See(FromBo.To(Help), Ana, "Archive");
        Assert.Equal(queues, Queues(story));
    }

    [Theory]
    [InlineData("true", new[] { 903 })]
    [InlineData("false", new int[0])]
    [ShowsSetting("CreateQueueItemForSynchronizingMailbox")]
    public void The_queue_where_a_mail_lies_gets_an_item_also_when_it_is_not_named(string value, int[] queues)
    {
        var story = WithQueues("CreateQueueItemForSynchronizingMailbox", value);
        story.See(FromBo, Help);
        story.See(FromBo, Help, "Archive");
        Assert.Equal(queues, Queues(story));
    }

    [Theory]
    [InlineData("true", new[] { 903, 904 })]
    [InlineData("false", new[] { 903 })]
    [ShowsSetting("SSSCreateAdditionalQueueItemsForAlreadyTrackedEmail")]
    public void A_queue_that_a_tracked_mail_reaches_later_gets_an_item_or_not(string value, int[] queues)
    {
        var story = WithQueues("SSSCreateAdditionalQueueItemsForAlreadyTrackedEmail", value);
        story.See(FromBo, Help);
        story.See(FromBo, "sales@contoso.com");
        Assert.Equal(queues, Queues(story));
    }

    [Theory]
    [InlineData("off",     "incident 1",              null, false)]
    [InlineData("suggest", "incident 1",              null, true)]
    [InlineData("link",    "incident 1",              1,    true)]
    [InlineData("link",    "incident 1, opportunity 2", null, true)]     // Two are open: a person has to say.
    [InlineData("link",    "incident 1, account 3",   1,    true)]       // What is open goes before the account,
    [InlineData("link",    "account 3",               3,    true)]       // which is taken when nothing is.
    [InlineData("link",    "",                        null, false)]
    [ShowsSetting("RegardingFromSender")]
    public void A_mail_that_correlates_with_nothing_may_be_about_what_is_open_for_its_sender(
        string value, string related, int? expected, bool proposed)
    {
        var story = With("RegardingFromSender", value).Record(Bo, Record(Tables.Contact, 50)).Related(
            Reference(Tables.Contact, 50),
            [
                .. related.Split(", ", StringSplitOptions.RemoveEmptyEntries)
                    .Select(one => Reference(one.Split(' ')[0], int.Parse(one.Split(' ')[1]))),
            ]);
        var email = story.See(FromBo, Ana)!;
        Assert.Equal(expected is { } number ? Id(number) : null, email.State.Regarding?.Record.Id);
        Assert.Equal(proposed, story.Traces.Exists(entry => entry.Code == TraceCode.RegardingProposed));

        // What it answers says more than who sent it.
        var answer = An.Email("answer").From(Bo).To(Ana).Answering(An.Email("unregarded").From(Ana).To(Bo)).Minute(2);
        story.See(An.Email("unregarded").From(Ana).To(Bo).Minute(1), Ben);
        Assert.Null(story.See(answer, Ana)!.State.Regarding);
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    [ShowsSetting("AutoCreateContactOnPromote")]
    public void The_unknown_sender_of_mail_that_a_person_tracks_becomes_a_contact(string value, int contacts)
    {
        var story = With("AutoCreateContactOnPromote", value, ana: FilterMethod.None);
        story.See(FromBo.In(Ana) with { IsBackfill = true });
        Assert.Empty(story.Store.NewRecords);
        story.Do(ActKind.Track, FromBo);
        Assert.Equal(contacts, story.Store.NewRecords.Count);
        Assert.Equal(contacts > 0, story.Of(FromBo).SenderRecord is not null);
        Assert.All(story.Store.NewRecords.Keys, record => Assert.Equal(Tables.Contact, record.LogicalName));
    }

    [Theory]
    [InlineData(RecordCreation.None,    false, "",                null)]
    [InlineData(RecordCreation.Contact, false, "",                Tables.Contact)]
    [InlineData(RecordCreation.Lead,    false, "",                Tables.Lead)]
    [InlineData(RecordCreation.Contact, true,  "",                null)]    // Old mail makes no contacts,
    [InlineData(RecordCreation.Contact, false, "auto-replied",    null)]    // nor do programs.
    [ShowsSetting("mailbox AutoCreateContactOnPromote")]
    public void The_unknown_sender_of_mail_that_a_mailbox_accepts_becomes_what_its_owner_chose(
        RecordCreation creates, bool isBackfill, string autoSubmitted, string? table)
    {
        var story = new Story().Mailbox(Ana, options: new PersonalOptions { Creates = creates });
        var first = FromBo.In(Ana) with { IsBackfill = isBackfill };
        var facts = first.Facts with { AutoSubmitted = autoSubmitted.Length > 0 ? autoSubmitted : null };
        story.See(first with { Facts = facts });
        story.See(An.Email("again").From(Bo).To(Ana).Minute(1).In(Ana) with { IsBackfill = isBackfill, Facts = An.Email("again").From(Bo).To(Ana).Minute(1).Facts with { AutoSubmitted = facts.AutoSubmitted } });
        Assert.Equal(table is null ? [] : [table], story.Store.NewRecords.Keys.Select(record => record.LogicalName));
        Assert.Equal(table, story.Of(FromBo).SenderRecord?.LogicalName);
    }

    [Theory]
    [InlineData("0", 1000, false)]
    [InlineData("30", 29, false)]
    [InlineData("30", 31, true)]
    [InlineData("36500", 1000, false)]
    [ShowsSetting("RetentionDays")]
    public void Mail_that_was_received_long_enough_ago_is_erased(string value, int daysLater, bool goes)
    {
        var story = With("RetentionDays", value);
        story.See(FromBo, Ana);
        var now = FromBo.Date!.Value.AddDays(daysLater);
        Assert.Equal(goes, Retention.IsOver(story[FromBo], story.Settings, now));
        story.Erase(FromBo);
        Assert.False(Retention.IsOver(story[FromBo], story.Settings, now));
    }
}
