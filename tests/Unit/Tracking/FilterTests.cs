using System.Collections.Immutable;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tracking.Deciding.FilterMethod;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class FilterTests
{
    private const string Queue = "queue";
    private const string User = "user";

    /// <summary>
    /// Whose mailbox, its filter, where the mail lies, the table of the other side's record (! of nobody readable), what the mail
    /// answers; then the verdict. Sent mail is tracked, but in folder "sent, off".
    /// </summary>
    private static readonly ImmutableArray<(string Owner, FilterMethod Method, string Folder, string Other, string Answers, ReasonCode Reason)> Rows =
    [
        .. new[] { User, Queue }.SelectMany(owner => new[]
        {
            (owner, All,                   "inbox",     "",                "",          ReasonCode.AcceptAll),
            (owner, All,                   "sent",      "",                "",          ReasonCode.AcceptAll),
            (owner, All,                   "sent, off", "",                "",          ReasonCode.SentItemsOff),
            (owner, All,                   "inbox",     "!",               "",          ReasonCode.AcceptAll),
            (owner, Replies,               "inbox",     "",                "tracked",   ReasonCode.CorrelationMatch),
            (owner, Replies,               "inbox",     "",                "untracked", ReasonCode.WaitsForParent),
            (owner, Replies,               "inbox",     "",                "both",      ReasonCode.CorrelationMatch),
            (owner, Replies,               "inbox",     "contact",         "",          ReasonCode.NoCorrelationMatch),
            (owner, Replies,               "sent",      "",                "tracked",   ReasonCode.CorrelationMatch),
            (owner, Replies,               "sent",      "",                "untracked", ReasonCode.WaitsForParent),
            (owner, Replies,               "sent",      "contact",         "",          ReasonCode.NoCorrelationMatch),
            (owner, Replies,               "sent, off", "",                "tracked",   ReasonCode.SentItemsOff),
            (owner, LeadsContactsAccounts, "inbox",     "lead",            "",          ReasonCode.SenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "contact",         "",          ReasonCode.SenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "account",         "",          ReasonCode.SenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "team account",    "",          ReasonCode.SenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "systemuser",      "",          ReasonCode.NoSenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "team",            "tracked",   ReasonCode.NoSenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "",                "",          ReasonCode.NoSenderMatch),
            (owner, LeadsContactsAccounts, "inbox",     "!",               "",          ReasonCode.InvalidSender),
            (owner, LeadsContactsAccounts, "sent",      "contact",         "",          ReasonCode.RecipientMatch),
            (owner, LeadsContactsAccounts, "sent",      "team",            "",          ReasonCode.NoSenderMatch),
            (owner, LeadsContactsAccounts, "sent",      "!",               "",          ReasonCode.NoSenderMatch),
            (owner, LeadsContactsAccounts, "sent, off", "contact",         "",          ReasonCode.SentItemsOff),
            (owner, EmailEnabledRecords,   "inbox",     "cr123_approver",  "",          ReasonCode.SenderMatch),
            (owner, EmailEnabledRecords,   "inbox",     "",                "",          ReasonCode.NoSenderMatch),
            (owner, EmailEnabledRecords,   "inbox",     "!",               "",          ReasonCode.InvalidSender),
            (owner, EmailEnabledRecords,   "sent",      "cr123_approver",  "",          ReasonCode.RecipientMatch),
            (owner, EmailEnabledRecords,   "sent",      "",                "",          ReasonCode.NoSenderMatch),
            (owner, EmailEnabledRecords,   "sent, off", "cr123_approver",  "",          ReasonCode.SentItemsOff),
            (owner, None,                  "inbox",     "contact",         "tracked",   ReasonCode.FilterNone),
            (owner, None,                  "sent",      "contact",         "tracked",   ReasonCode.FilterNone),
            (owner, None,                  "sent, off", "contact",         "tracked",   ReasonCode.SentItemsOff),
        }),

        // A tracked folder takes all that lies in it, whatever the filter says.
        .. Enum.GetValues<FilterMethod>().SelectMany(method => new[]
        {
            (User,  method, "deals",     "!", "", ReasonCode.FolderRule),
            (Queue, method, "deals sent", "", "", ReasonCode.FolderRule),
            (User,  method, "deals filed", "", "", ReasonCode.FolderRule),

            // Filters look at the Inbox only.
            (User,  method, "filed",     "contact", "tracked", ReasonCode.OutsideInbox),
            (Queue, method, "filed",     "contact", "tracked", ReasonCode.OutsideInbox),
        }),
    ];

    private static readonly ImmutableHashSet<ReasonCode> Accepting =
    [
        ReasonCode.CorrelationMatch, ReasonCode.SenderMatch, ReasonCode.AcceptAll, ReasonCode.FolderRule, ReasonCode.RecipientMatch,
    ];

    /// <summary>Codes that something else gives, or that only Dataverse does.</summary>
    private static readonly ImmutableHashSet<ReasonCode> NotOfTheFilter =
    [
        ReasonCode.Unknown, ReasonCode.Duplicate, ReasonCode.NoRecipientMatch, ReasonCode.InternalEmailReject,
        ReasonCode.TrackedByHand, ReasonCode.UntrackedByHand, ReasonCode.ConversationStopped, ReasonCode.Erased,

        // What keeps mail out before a filter is asked has its rows in the acceptance matrix.
        ReasonCode.NeverTracked, ReasonCode.BlockedSender, ReasonCode.BlockedByMailbox, ReasonCode.InternalOnly, ReasonCode.ExcludedHeader,
        ReasonCode.ExcludedKeyword, ReasonCode.RequiredHeaderMissing, ReasonCode.AutoTrackingOff, ReasonCode.SharedSender,
        ReasonCode.Contended, ReasonCode.NotMail, ReasonCode.TooLarge, ReasonCode.Poison, ReasonCode.UnknownMailbox,
        ReasonCode.ContentNeeded,
    ];

    public static TheoryData<int> RowNumbers => [.. Enumerable.Range(0, Rows.Length)];

    [Theory]
    [MemberData(nameof(RowNumbers))]
    public void Its_own_mailbox_decides_a_sighting(int number)
    {
        var row = Rows[number];
        var isSent = row.Folder.Contains("sent", StringComparison.Ordinal);
        var letter = (row.Other, isSent) switch
        {
            ("!", false) => An.Email("m").FromText("nobody").To("other@tailspin.com"),
            ("!", true) => An.Email("m"),
            (_, false) => An.Email("m").From("other@tailspin.com"),
            (_, true) => An.Email("m").To("nobody@tailspin.com").Bcc("other@tailspin.com"),
        };
        var sighting = letter.In("sales@contoso.com", row.Folder) with
        {
            FolderKind = isSent ? FolderKind.SentItems
                : row.Folder.Contains("filed", StringComparison.Ordinal) ? FolderKind.Filed
                : FolderKind.Inbox,
        };
        var records = row.Other.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(table => table != "!")
            .Select((table, i) => Known.Record(table, i + 1));
        var mailbox = new MailboxFacts(
            SimMail.Address("sales@contoso.com"),
            null,
            row.Owner == Queue,
            row.Method,
            [new TrackingFolder("deals", null), new TrackingFolder("deals sent", null), new TrackingFolder("deals filed", null)]);
        var verdict = Filter.Decide(new FilterQuestion
        {
            Sighting = sighting,
            Mailbox = mailbox,
            Settings = new TrackingSettings { TracksSentItems = row.Folder == "sent" },
            Directory = address => address == SimMail.Address("other@tailspin.com") ? records : [],
            AnswersTracked = row.Answers is "tracked" or "both",
            NamesUntracked = row.Answers is "untracked" or "both",
        });
        Assert.Equal(new FilterVerdict(Accepting.Contains(row.Reason), row.Reason, mailbox), verdict);
    }

    [Fact]
    public void Every_filter_has_a_row_for_each_owner_in_received_and_in_sent_mail() => Assert.Empty(
        from method in Enum.GetValues<FilterMethod>()
        from owner in new[] { User, Queue }
        from folder in new[] { "inbox", "sent", "sent, off" }
        where !Rows.Any(row => row.Method == method && row.Owner == owner && row.Folder == folder)
        select (method, owner, folder));

    [Fact]
    public void Every_reason_that_the_filter_can_give_has_a_row()
    {
        var given = Rows.Select(row => row.Reason).ToHashSet();
        Assert.Empty(given.Intersect(NotOfTheFilter));
        Assert.Equal(Enum.GetValues<ReasonCode>().Order(), given.Concat(NotOfTheFilter).Order());
    }

    [Fact]
    public void A_reply_that_came_before_its_parent_is_taken_when_the_parent_is_tracked()
    {
        var first = An.Email("first");
        var reply = An.Email("reply").Answering(first).Minute(1);
        var story = new Story().Mailbox("ben@contoso.com", Replies).Mailbox("sales@contoso.com");
        Assert.Null(story.See(reply, "ben@contoso.com"));
        Assert.Equal(Outcome.Waiting, story.Store.Decisions[reply.In("ben@contoso.com").Place].Decision.Outcome);
        story.See(first);
        Assert.Equal(Outcome.Tracked, story.Store.Decisions[reply.In("ben@contoso.com").Place].Decision.Outcome);
        Assert.Equal(first.Key, story.Of(reply).Correlation.Email);
    }

    [Fact]
    public void A_mail_that_names_the_same_unseen_mail_as_a_tracked_one_is_not_accepted_for_that()
    {
        // A phantom sibling links, it does not accept.
        var lost = An.Email("lost");
        var story = new Story().Mailbox("ben@contoso.com", Replies).Mailbox("sales@contoso.com");
        story.See(An.Email("one").Answering(lost));
        Assert.Null(story.See(An.Email("two").Answering(lost), "ben@contoso.com"));
    }

    [Theory]
    [InlineData(0, false)]    // The first mail of a conversation answers nothing by its index,
    [InlineData(1, true)]     // a reply answers whoever is tracked of it.
    public void A_Thread_Index_is_answered_by_replies_only(int depth, bool accepted)
    {
        var story = new Story().Mailbox("ben@contoso.com", Replies).Mailbox("sales@contoso.com");
        story.See(An.Email("one").Indexed(1, 2));
        Assert.Equal(accepted, story.See(An.Email("two").Indexed(1, depth), "ben@contoso.com") is not null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_one_batch_any_accepted_copy_answers_for_its_Thread_Index(bool leads)
    {
        var plain = An.Email("one");
        var copy = plain.CopyThat(leads, one => one.Indexed(1, 0));
        var answers = new Story().Mailbox("ben@contoso.com", Replies).Mailbox("sales@contoso.com").Mailbox("ana@contoso.com").See(
            plain.In("sales@contoso.com"), copy.In("ana@contoso.com"), An.Email("two").Indexed(1, 1).In("ben@contoso.com"));
        Assert.All(answers, answer => Assert.Equal(Outcome.Tracked, answer.Outcome));
    }

    [Fact]
    public void An_email_is_tracked_if_any_mailbox_wants_it()
    {
        var story = new Story().Mailbox("ana@contoso.com", None).Mailbox("sales@contoso.com");
        Assert.Null(story.See(An.Email("m"), "ana@contoso.com"));
        var email = story.See(An.Email("m"))!;
        Assert.Equal(email.ActivityId, story.See(An.Email("m"), "ana@contoso.com", "Archive")!.ActivityId);
        Assert.Equal(3, story.Store.Decisions.Count);
    }
}
