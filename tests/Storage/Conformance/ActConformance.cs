using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What people do by hand is stored with what follows from it, and no mail that comes at the same moment misses it.</summary>
public abstract class ActConformance : StoreConformance
{
    private const int Races = 60;

    private static readonly Letter Parent = new("parent@contoso.com");
    private static readonly Letter Reply = new("reply@fabrikam.com") { From = Bo, To = Ana, Answers = Parent.Id, Minute = 5 };
    private static readonly Letter Other = new("other@contoso.com") { Subject = "Delivery", Minute = 2 };

    private int _acts;

    private ActRequest Request(ActKind kind, params Letter[] letters) => new()
    {
        Id = Guid.NewGuid(),
        Kind = kind,
        By = "Ana O'Hara",
        On = Time.Now.AddSeconds(++_acts),
        Emails = [.. letters.Select(letter => letter.Key)],
    };

    [Fact]
    public async Task An_act_comes_back_as_it_was_done()
    {
        await Silo.DeliverAsync(Parent.In(Ana), Other.In(Ana));
        var request = Request(ActKind.Merge, Parent, Other);
        await Silo.DoAsync(request);
        var about = Request(ActKind.Regarding, Parent) with { Record = new RecordReference("incident", Guid.NewGuid()), ForTheseOnly = true };
        await Silo.DoAsync(about);

        var merge = await Silo.Queries.FindActAsync(Organization, request.Id);
        Assert.Equal(ActKind.Merge, merge!.Kind);
        Assert.Equal("Ana O'Hara", merge.By);
        Assert.Equal(request.On, merge.On);
        Assert.Equal(2, merge.Sides.Length);
        Assert.Equal(Parent.Key, Assert.Single(merge.Sides[0]));
        Assert.Equal(Other.Key, Assert.Single(merge.Sides[1]));
        var all = await Silo.Queries.ReadActsAsync(Organization, [Other.Key, Parent.Key]);
        Assert.Equal([request.Id, about.Id], all.Select(act => act.Id));
        Assert.Equal(about.Record, all[1].Record);
        Assert.True(all[1].ForThisMailOnly);
        Assert.Equal([about.Id], (await Silo.Queries.ReadLatestActsAsync(Organization, 1)).Select(act => act.Id));
        Assert.Null(await Silo.Queries.FindActAsync("other", request.Id));
    }

    [Fact]
    public async Task A_merge_makes_one_conversation_and_its_undo_two()
    {
        await Silo.DeliverAsync(Parent.In(Ana), Other.In(Ana));
        await Silo.DeliverAsync(Reply.In(Bo));
        var merge = Request(ActKind.Merge, Parent, Other);
        await Silo.DoAsync(merge);
        Assert.Equal(await Silo.ConversationAsync(Reply), await Silo.ConversationAsync(Other));

        var undo = Request(ActKind.Undo) with { Undone = await Silo.Queries.FindActAsync(Organization, merge.Id) };
        Assert.NotNull(await Silo.DoAsync(undo));

        Assert.NotEqual(await Silo.ConversationAsync(Parent), await Silo.ConversationAsync(Other));
        Assert.Equal(await Silo.ConversationAsync(Parent), await Silo.ConversationAsync(Reply));
        Assert.Equal(merge.Id, (await Silo.Queries.FindActAsync(Organization, undo.Id))!.Undoes);
        Assert.Null(await Silo.DoAsync(undo with { Id = Guid.NewGuid() }));
    }

    [Fact]
    public async Task Mail_that_names_both_sides_of_a_split_finds_them_parted()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.DeliverAsync(Reply.In(Bo));
        await Silo.DoAsync(Request(ActKind.Split, Reply));
        Assert.NotEqual(await Silo.ConversationAsync(Parent), await Silo.ConversationAsync(Reply));

        var both = new Letter("both@contoso.com") { Answers = Reply.Id, References = $"{Parent.Id} {Reply.Id}", Minute = 9 };
        await Silo.DeliverAsync(both.In(Ana));

        Assert.Equal(await Silo.ConversationAsync(Reply), await Silo.ConversationAsync(both));
        Assert.NotEqual(await Silo.ConversationAsync(Parent), await Silo.ConversationAsync(both));
    }

    [Fact]
    public async Task What_is_left_out_is_shown_as_skipped_and_counted_as_untracked()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.DoAsync(Request(ActKind.Untrack, Parent));

        var row = (await Silo.FindAsync(Parent))!;
        Assert.Equal((Outcome.Skipped, ReasonCode.UntrackedByHand), (row.Outcome, row.Reason));
        Assert.Equal(0, (await Silo.Queries.CountAsync(Organization)).Emails);
        Assert.Empty(await Silo.Queries.ListAsync(Organization, new EmailFilter { Subject = "Offer" }));
        Assert.Single(await Silo.Queries.ListAsync(Organization, new EmailFilter { Outcome = Outcome.Skipped }));
        Assert.Single(await Silo.Queries.ListAsync(Organization, new EmailFilter()));
        Assert.Empty(await Silo.Queries.ListAsync(Organization, new EmailFilter { Outcome = Outcome.Tracked }));
        Assert.Equal(row, (await Silo.Queries.ExportAsync(Organization, null)).Single() with { Mailboxes = row.Mailboxes, Activity = row.Activity });
    }

    [Fact]
    public async Task Of_what_a_stop_kept_out_nothing_is_stored_and_its_raw_mail_is_swept()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.DoAsync(Request(ActKind.Stop, Parent) with { On = Parent.In(Ana).ReceivedOn });
        var kept = await Silo.Content.PutAsync(Organization, new byte[] { 1, 2, 3 }, null);
        var late = Reply.In(Bo) with { ContentHash = kept.Hash };
        var answer = (await Silo.DeliverAsync(late)).Answers.Single();

        Assert.Equal((Outcome.Skipped, ReasonCode.ConversationStopped), (answer.Outcome, answer.Reason));
        Assert.Null(answer.ActivityId);
        var activity = (await Silo.FindAsync(Reply))!.Activity!;
        Assert.Equal("", activity.Subject);
        Assert.Null(activity.MessageId);
        Assert.Empty(await Silo.Queries.ReadPartiesAsync(Organization, Reply.Key));
        Time.Now = Time.Now.AddDays(3);
        Assert.Equal(1, await Silo.Content.SweepAsync(Organization, Time.Now));
        Assert.Null(await Silo.Content.GetAsync(Organization, kept.Hash));
    }

    [Fact]
    public async Task A_stop_that_is_taken_back_has_its_mail_read_again_while_the_raw_mail_is_kept()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        var stop = Request(ActKind.Stop, Parent) with { On = Parent.In(Ana).ReceivedOn };
        await Silo.DoAsync(stop);
        var kept = await Silo.Content.PutAsync(Organization, new byte[] { 1, 2, 3 }, null);
        var late = Reply.In(Bo) with { ContentHash = kept.Hash };
        await Silo.DeliverAsync(late);

        Assert.Equal(1, await Silo.DoAsync(Request(ActKind.Undo) with { Undone = await Silo.Queries.FindActAsync(Organization, stop.Id) }));
        Assert.Equal(1, await Silo.DrainAsync([late]));

        var row = (await Silo.FindAsync(Reply))!;
        Assert.Equal(Outcome.Tracked, row.Outcome);
        Assert.Equal("Offer", row.Activity!.Subject);
        Assert.NotEmpty(await Silo.Queries.ReadPartiesAsync(Organization, Reply.Key));
    }

    [Fact]
    public async Task An_act_on_mail_whose_content_is_gone_waits_until_the_mail_is_offered_again()
    {
        await Silo.DeliverAsync(Reply.In(Cleo));
        Assert.Equal(0, await Silo.DoAsync(Request(ActKind.Track, Reply)));
        Assert.Equal(Outcome.Waiting, (await Silo.FindAsync(Reply))!.Outcome);

        await Silo.DeliverAsync(Reply.In(Cleo));

        var row = (await Silo.FindAsync(Reply))!;
        Assert.Equal((Outcome.Tracked, ReasonCode.TrackedByHand), (row.Outcome, row.Reason));
    }

    [Fact]
    public async Task The_same_act_again_is_a_conflict_and_changes_nothing()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        var request = Request(ActKind.Untrack, Parent);
        var twice = await Silo.DecideAsync(request);
        await Silo.DoAsync(request);
        var before = await Database.DigestAsync();

        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(twice!));
        Assert.Equal(before, await Database.DigestAsync());
    }

    [Fact]
    public async Task An_act_that_was_decided_before_mail_came_is_decided_again()
    {
        await Silo.DeliverAsync(Reply.In(Cleo));
        var act = await Silo.DecideAsync(Request(ActKind.Untrack, Reply));
        var mail = await Silo.DecideAsync(Reply.In(Bo));

        await Of<CommitResult.Durable>(Silo.Store.CommitAsync(act!));
        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(mail.Change));

        await Silo.DeliverAsync(Reply.In(Bo));
        Assert.Equal(ReasonCode.UntrackedByHand, (await Silo.FindAsync(Reply))!.Reason);
    }

    [Fact]
    public async Task Mail_that_came_before_an_act_that_knew_nothing_of_it_has_the_act_decided_again()
    {
        await Silo.DeliverAsync(Reply.In(Cleo));
        var act = await Silo.DecideAsync(Request(ActKind.Untrack, Reply));
        await Silo.DeliverAsync(Reply.In(Bo));

        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(act!));
    }

    // Sent copies are activities of their own then.
    private Task TwoActivitiesAsync(bool two = true) => Silo.Directory.SaveSettingsAsync(
        Organization,
        new TrackingSettings { TracksSentItems = true, InternalMail = new InternalMailSettings { IsOneActivity = !two }, Version = two ? 0 : 1 },
        "ana",
        Time.Now);

    [Fact]
    public async Task An_act_on_a_sent_copy_that_is_not_tracked_counts_when_the_copy_comes_again()
    {
        await TwoActivitiesAsync();
        var copy = (Reply with { From = Cleo }).In(Cleo, "Sent Items", FolderKind.SentItems);
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Cleo), null, false, FilterMethod.None, []));
        var key = MessageKey.OfSent(copy.Facts.Thread.Key);
        await Silo.DeliverAsync(copy);
        Assert.Equal(Outcome.Skipped, (await Silo.Queries.FindAsync(Organization, key))!.Outcome);
        Assert.Equal(0, await Silo.DoAsync(Request(ActKind.Track) with { Emails = [key] }));

        await Silo.DeliverAsync(copy);

        var row = (await Silo.Queries.FindAsync(Organization, key))!;
        Assert.Equal((Outcome.Tracked, ReasonCode.TrackedByHand), (row.Outcome, row.Reason));
    }

    [Fact]
    public async Task What_was_done_with_a_sent_copy_counts_for_its_email_when_copies_are_one_activity_again()
    {
        await TwoActivitiesAsync();
        await Silo.DeliverAsync(Parent.In(Ana, "Sent Items", FolderKind.SentItems));
        var key = MessageKey.OfSent(Parent.Key);
        await Silo.DoAsync(Request(ActKind.Untrack) with { Emails = [key] });
        await TwoActivitiesAsync(two: false);

        var facts = await Silo.Store.ReadFactsAsync(Organization, [Parent.In(Bo)]);
        Assert.Equal(ActKind.Untrack, Assert.Single(facts.Acts).Kind);
        var answer = Assert.Single((await Silo.DeliverAsync(Parent.In(Bo))).Answers);
        Assert.Equal((Outcome.Skipped, ReasonCode.UntrackedByHand), (answer.Outcome, answer.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_whose_key_is_not_its_id_and_an_act_that_knew_nothing_of_it_never_miss_each_other(bool sent)
    {
        await using var second = await Database.OpenAsync(Time);
        await TwoActivitiesAsync();
        for (var i = 0; i < Races; i++)
        {
            // A sent copy that is an activity of its own, or other mail under an id that is taken.
            var letter = Reply with { Id = $"race{i}@fabrikam.com", Answers = null };
            var copy = sent ? letter.In(Bo, "Sent Items", FolderKind.SentItems) : (letter with { From = Ana, Subject = "Other" }).In(Ana);
            if (!sent)
            {
                await Silo.DeliverAsync(letter.In(Ana));
            }

            var key = Identity.KeysOf(copy.Facts)[sent ? 2 : 1];
            var act = await Silo.DecideAsync(Request(ActKind.Untrack) with { Emails = [key] });
            if (i == 0)
            {
                await Silo.DeliverAsync(copy);
                await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(act!));
                continue;
            }

            await Task.WhenAll(Silo.DoAsync(Request(ActKind.Untrack) with { Emails = [key] }), second.DeliverAsync(copy));

            Assert.Equal(ReasonCode.UntrackedByHand, (await Silo.Queries.FindAsync(Organization, key))!.Activity?.State.LeftOut);
        }
    }

    [Fact]
    public async Task A_received_copy_that_is_not_tracked_can_be_acted_on_while_the_sent_one_is()
    {
        await TwoActivitiesAsync();
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Cleo), null, false, FilterMethod.None, []));
        await Silo.DeliverAsync(Parent.In(Ana, "Sent Items", FolderKind.SentItems));
        await Silo.DeliverAsync(Parent.In(Cleo));
        Assert.Null((await Silo.FindAsync(Parent))!.Activity);

        Assert.NotNull(await Silo.DoAsync(Request(ActKind.Track, Parent)));
        await Silo.DeliverAsync(Parent.In(Cleo));

        Assert.Equal(ReasonCode.TrackedByHand, (await Silo.FindAsync(Parent))!.Reason);
    }

    [Fact]
    public async Task An_act_and_mail_on_two_silos_at_once_never_miss_each_other()
    {
        await using var second = await Database.OpenAsync(Time);
        for (var i = 0; i < Races; i++)
        {
            var letter = Reply with { Id = $"race{i}@fabrikam.com", Answers = $"nobody{i}@fabrikam.com" };
            await Silo.DeliverAsync(letter.In(Cleo));
            var act = Request(ActKind.Untrack, letter);

            await Task.WhenAll(Silo.DoAsync(act), second.DeliverAsync(letter.In(Bo)));

            Assert.Equal(ReasonCode.UntrackedByHand, (await Silo.FindAsync(letter))!.Activity?.State.LeftOut);
        }
    }
}
