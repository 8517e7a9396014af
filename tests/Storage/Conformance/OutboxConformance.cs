using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What is to be decided again, and what cannot be decided.</summary>
public abstract class OutboxConformance : StoreConformance
{
    private static readonly Sighting Mail = new Letter("m@contoso.com").In(Ana, "Inbox");

    [Fact]
    public async Task Deferred_mail_is_due_when_it_was_said()
    {
        await Silo.Outbox.DeferAsync(Organization, [Mail], Time.Now.AddMinutes(5));

        Assert.Empty(await Silo.Outbox.ReadDueAsync(Organization, Time.Now.AddMinutes(4), 10));
        Assert.Equal(Time.Now.AddMinutes(5), await Silo.Outbox.NextDueAsync(Organization));
        Assert.Equal(
            new OutboxItem(Mail.Place, Mail.ContentHash, Mail.FolderKind, Mail.ReceivedOn, 1),
            Assert.Single(await Silo.Outbox.ReadDueAsync(Organization, Time.Now.AddMinutes(5), 10)));
        Assert.Empty(await Silo.Outbox.ReadDueAsync("other", Time.Now.AddMinutes(5), 10));
        Assert.Equal(Outcome.Deferred, (await Silo.FindAsync(new Letter("m@contoso.com")))!.Outcome);
    }

    [Fact]
    public async Task Deferred_mail_that_is_decided_is_done()
    {
        await Silo.Outbox.DeferAsync(Organization, [Mail], Time.Now);
        await Silo.DeliverAsync(Mail with { IsRetry = true });

        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
        Assert.Equal(Outcome.Tracked, (await Silo.FindAsync(new Letter("m@contoso.com")))!.Outcome);
    }

    [Fact]
    public async Task A_retry_whose_decision_stands_is_done_too()
    {
        var waits = new Letter("w@fabrikam.com") { From = Bo, Answers = "m@contoso.com" }.In(Cleo);
        await Silo.DeliverAsync(waits);
        await Silo.Outbox.DeferAsync(Organization, [waits], Time.Now);

        await Silo.DeliverAsync(waits with { IsRetry = true });

        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
        Assert.Equal(1, (await Silo.DeliverAsync(Mail)).Woken);
    }

    [Fact]
    public async Task Mail_that_is_tracked_is_not_deferred()
    {
        await Silo.DeliverAsync(Mail);
        await Silo.Outbox.DeferAsync(Organization, [Mail], Time.Now);

        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
        Assert.Equal(Outcome.Tracked, (await Silo.FindAsync(new Letter("m@contoso.com")))!.Outcome);
    }

    [Fact]
    public async Task A_decision_and_a_deferral_of_one_place_do_not_both_count()
    {
        var decided = await Silo.DecideAsync(Mail);
        await Silo.Outbox.DeferAsync(Organization, [Mail], Time.Now);

        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(decided.Change));
    }

    [Fact]
    public async Task What_is_postponed_comes_later_and_counts()
    {
        var other = new Letter("n@contoso.com").In(Ana);
        await Silo.Outbox.DeferAsync(Organization, [Mail, other], Time.Now);
        await Silo.Outbox.PostponeAsync(Organization, [Mail.Place], Time.Now.AddHours(1));

        Assert.Equal(other.Place, Assert.Single(await Silo.Outbox.ReadDueAsync(Organization, Time.Now, 10)).Place);
        var due = await Silo.Outbox.ReadDueAsync(Organization, Time.Now.AddHours(1), 10);
        Assert.Equal([other.Place, Mail.Place], due.Select(item => item.Place));
        Assert.Equal([1, 2], due.Select(item => item.Attempts));
        Assert.Single(await Silo.Outbox.ReadDueAsync(Organization, Time.Now.AddHours(1), 1));
    }

    [Fact]
    public async Task A_dead_letter_is_listed_once_for_its_place_and_is_not_tried_again()
    {
        await Silo.Outbox.DeferAsync(Organization, [Mail], Time.Now);
        var letter = new DeadLetter(Mail.Place, "parse", ReasonCode.NotMail, "No header.", Mail.ContentHash, Time.Now);
        var later = letter with { Problem = "Still none.", FailedOn = Time.Now.AddHours(1), ReceivedOn = Time.Now.AddDays(-9), IsBackfill = true };
        var other = letter with { Place = Mail.Place with { Item = "other" }, ContentHash = null, FailedOn = Time.Now.AddMinutes(1) };
        await Silo.Outbox.BuryAsync(Organization, letter);
        await Silo.Outbox.BuryAsync(Organization, other);
        await Silo.Outbox.BuryAsync(Organization, later);

        Assert.Equal(new[] { later, other }.AsEnumerable(), await Silo.Queries.ReadDeadLettersAsync(Organization, 10));
        Assert.Equal(later, Assert.Single(await Silo.Queries.ReadDeadLettersAsync(Organization, 1)));
        Assert.Empty(await Silo.Queries.ReadDeadLettersAsync("other", 10));
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
    }

    [Fact]
    public async Task A_dead_letter_goes_unless_it_failed_again_since()
    {
        var letter = new DeadLetter(Mail.Place, "parse", ReasonCode.NotMail, "No header.", Mail.ContentHash, Time.Now);
        var later = letter with { Problem = "Still none.", FailedOn = Time.Now.AddHours(1) };
        var other = letter with { Place = Mail.Place with { Item = "other" }, ContentHash = null };
        await Silo.Outbox.BuryAsync(Organization, letter);
        await Silo.Outbox.BuryAsync(Organization, other);
        Assert.Equal(letter, await Silo.Queries.FindDeadLetterAsync(Organization, Mail.Place));
        Assert.Null(await Silo.Queries.FindDeadLetterAsync("other", Mail.Place));

        await Silo.Outbox.BuryAsync(Organization, later);
        await Silo.Outbox.RemoveDeadLetterAsync(Organization, letter);
        Assert.Equal(later, await Silo.Queries.FindDeadLetterAsync(Organization, Mail.Place));

        await Silo.Outbox.RemoveDeadLetterAsync("other", later);
        await Silo.Outbox.RemoveDeadLetterAsync(Organization, later);
        await Silo.Outbox.RemoveDeadLetterAsync(Organization, later);
        Assert.Null(await Silo.Queries.FindDeadLetterAsync(Organization, Mail.Place));
        Assert.Equal(other, Assert.Single(await Silo.Queries.ReadDeadLettersAsync(Organization, 10)));
    }

    [Fact]
    public async Task Any_text_can_be_a_problem()
    {
        var letter = new DeadLetter(
            Mail.Place with { Item = "a\0b" }, "parse", ReasonCode.NotMail, "\ud800" + new string('x', 5_000), "no hash", Time.Now);
        await Silo.Outbox.BuryAsync(Organization, letter);

        Assert.Equal(2_000, Assert.Single(await Silo.Queries.ReadDeadLettersAsync(Organization, 1)).Problem.Length);
    }

    [Fact]
    public async Task Items_of_busy_mailboxes_are_left_out_by_what_they_need()
    {
        var (kept, bare) = (Mail, new Letter("n@contoso.com").In(Bo) with { ContentHash = Sighting.NoContent });
        await Silo.Outbox.DeferAsync(Organization, [kept, bare], Time.Now);

        Assert.Equal([bare.Place], await PlacesAsync([kept.Place.Mailbox], []));
        Assert.Equal([kept.Place], await PlacesAsync([], [bare.Place.Mailbox]));
        Assert.Equal(2, (await PlacesAsync([bare.Place.Mailbox], [kept.Place.Mailbox])).Count());
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization, Time.Now));
        Assert.Equal(Time.Now, await Silo.Outbox.NextDueAsync(Organization, Time.Now.AddSeconds(-1)));

        async Task<IEnumerable<SightingPlace>> PlacesAsync(ImmutableArray<EmailAddress> withContent, ImmutableArray<EmailAddress> fromServer) =>
            (await Silo.Outbox.ReadDueAsync(Organization, Time.Now, 10, new BusyMailboxes(withContent, fromServer))).Select(item => item.Place);
    }

    [Fact]
    public async Task What_becomes_of_emails_is_numbered_in_their_conversation_without_gaps()
    {
        await TellAsync();
        var (first, second) = (new Letter("m@contoso.com"), new Letter("n@contoso.com") { Answers = "m@contoso.com", Minute = 1 });
        await Silo.DeliverAsync(first.In(Ana), second.In(Ana));
        await Silo.DeliverAsync(first.In(Bo));
        await DoAsync(ActKind.Untrack, first, 1);
        await DoAsync(ActKind.Track, first, 2);
        await Silo.DeliverAsync(new Letter("other@contoso.com") { Minute = 9 }.In(Ana));

        var conversation = (await Silo.FindAsync(first))!.Activity!.State.ConversationId;
        var events = await Silo.Outbox.ReadEventsAsync(Organization, conversation, 0, 10);
        Assert.Equal([1L, 2, 3, 4], events.Select(one => one.Number));
        Assert.Equal(
            [EmailEventKind.Tracked, EmailEventKind.Tracked, EmailEventKind.Untracked, EmailEventKind.Tracked], events.Select(one => one.Event.Kind));
        Assert.Equal([first.Key, first.Key], events.Skip(2).Select(one => one.Event.Email));
        Assert.Equal(events[2], Assert.Single(await Silo.Outbox.ReadEventsAsync(Organization, conversation, 2, 1)));
        Assert.Empty(await Silo.Outbox.ReadEventsAsync("other", conversation, 0, 10));
    }

    [Fact]
    public async Task Nothing_is_told_until_the_organization_wants_copies_labelled()
    {
        var letter = new Letter("m@contoso.com");
        await Silo.DeliverAsync(letter.In(Ana));
        Assert.Empty(await Silo.Outbox.ReadEventsAsync(Organization, (await Silo.FindAsync(letter))!.Activity!.State.ConversationId, 0, 10));
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
    }

    [Fact]
    public async Task Every_mailbox_that_is_read_and_holds_a_copy_is_to_label_it_but_the_one_that_found_it()
    {
        await TellAsync();
        foreach (var (mailbox, enabled) in new[] { (Ana, true), (Bo, true), (Cleo, false) })
        {
            await Silo.Sync.SaveConnectionAsync(Organization, new MailboxConnection
            {
                Mailbox = Letter.Address(mailbox), Profile = "main", UserName = "x", StartsOn = new DateOnly(2026, 1, 1),
                Approval = AccessApproval.Approved, IsEnabled = enabled,
            });
        }

        var letter = new Letter("m@contoso.com");
        await Silo.MailboxAsync(Bo, FilterMethod.None);
        await Silo.DeliverAsync(letter.In(Bo));
        await Silo.DeliverAsync(letter.In(Cleo));
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
        await Silo.DeliverAsync(letter.In(Ana));

        var stamp = Assert.Single(await StampsAsync());
        Assert.Equal((Letter.Address(Bo), 1L, 0), (stamp.Mailbox, stamp.Number, stamp.Attempts));
        Assert.Equal(Time.Now, await Silo.Outbox.NextDueAsync(Organization));
        Assert.Empty(await Silo.Outbox.ReadStampsAsync(Organization, Time.Now, [stamp.Mailbox], 10));
        Assert.Empty(await Silo.Outbox.ReadStampsAsync(Organization, Time.Now.AddSeconds(-1), [], 10));

        await Silo.Outbox.PostponeStampsAsync(Organization, [stamp], Time.Now.AddMinutes(1));
        Assert.Empty(await StampsAsync());
        Assert.Equal(Time.Now.AddMinutes(1), await Silo.Outbox.NextDueAsync(Organization));
        Assert.Equal(
            stamp with { Attempts = 1 }, Assert.Single(await Silo.Outbox.ReadStampsAsync(Organization, Time.Now.AddMinutes(1), [], 10)));

        // What somebody does by hand is for all of them.
        await DoAsync(ActKind.Untrack, letter, 1);
        Assert.Equal([Ana, Bo], (await StampsAsync()).Select(one => one.Mailbox.Value).Order());
        await Silo.Outbox.RemoveStampsAsync(Organization, await StampsAsync());
        await Silo.Outbox.RemoveStampsAsync(Organization, [stamp]);
        await Silo.Outbox.RemoveStampsAsync(Organization, [stamp]);
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
    }

    private async Task TellAsync() => await Silo.Directory.SaveSettingsAsync(
        Organization, await Silo.Directory.ReadSettingsAsync(Organization) with { TracksCategories = true }, "ana", Time.Now);

    private async Task<ImmutableArray<CopyStamp>> StampsAsync() => await Silo.Outbox.ReadStampsAsync(Organization, Time.Now, [], 10);

    private Task DoAsync(ActKind kind, Letter letter, int minute) => Silo.DoAsync(
        new ActRequest { Id = Guid.NewGuid(), Kind = kind, By = "Ana", On = Time.Now.AddMinutes(minute), Emails = [letter.Key] });
}
