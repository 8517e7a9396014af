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
}
