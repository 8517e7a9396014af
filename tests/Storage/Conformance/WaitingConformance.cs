using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Mail that is wanted only once what it answers is tracked: neither comes too early for the other.</summary>
public abstract class WaitingConformance : StoreConformance
{
    private const int Pairs = 200;

    [Fact]
    public async Task An_answer_that_waits_is_woken_by_its_parent()
    {
        var (parent, reply) = Pair(0);
        await Silo.DeliverAsync(reply.In(Cleo));
        Assert.Equal(Outcome.Waiting, (await Silo.FindAsync(reply))!.Outcome);
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));

        var delivery = await Silo.DeliverAsync(parent.In(Ana));

        Assert.Equal(1, delivery.Woken);
        Assert.Equal(Time.Now, await Silo.Outbox.NextDueAsync(Organization));
        var item = Assert.Single(await Silo.Outbox.ReadDueAsync(Organization, Time.Now, 10));
        Assert.Equal(reply.In(Cleo).Place, item.Place);
        Assert.Equal(reply.In(Cleo).ContentHash, item.ContentHash);

        Assert.Equal(1, await Silo.DrainAsync([reply.In(Cleo)]));
        Assert.Equal(Outcome.Tracked, (await Silo.FindAsync(reply))!.Outcome);
    }

    [Fact]
    public async Task Naming_the_same_parent_does_not_wake()
    {
        var (parent, reply) = Pair(0);
        await Silo.DeliverAsync(reply.In(Cleo));

        Assert.Equal(0, (await Silo.DeliverAsync((reply with { Id = "sibling@fabrikam.com" }).In(Bo))).Woken);
        Assert.Equal(1, (await Silo.DeliverAsync(parent.In(Ana))).Woken);
    }

    [Fact]
    public async Task A_conversation_by_index_wakes_who_waits_for_it()
    {
        var waits = new Letter("waits@contoso.com") { ThreadIndex = Letter.Index("offer", 1) };
        await Silo.DeliverAsync(waits.In(Cleo));
        Assert.Equal(Outcome.Waiting, (await Silo.FindAsync(waits))!.Outcome);

        var delivery = await Silo.DeliverAsync(new Letter("first@contoso.com") { ThreadIndex = Letter.Index("offer", 0) }.In(Ana));

        Assert.Equal(1, delivery.Woken);
        await Silo.DrainAsync([waits.In(Cleo)]);
        Assert.Equal(Outcome.Tracked, (await Silo.FindAsync(waits))!.Outcome);
    }

    [Fact]
    public async Task The_same_mail_in_another_mailbox_wakes_who_waits_for_its_conversation_by_index()
    {
        var mail = new Letter("mail@contoso.com") { ThreadIndex = Letter.Index("offer", 1) };
        await Silo.DeliverAsync(mail.In(Cleo));

        await Silo.DeliverAsync(mail.In(Ana));
        await Silo.DrainAsync([mail.In(Cleo)]);

        Assert.All((await Silo.Queries.ReadDecisionsAsync(Organization, mail.Key)), row => Assert.Equal(Outcome.Tracked, row.Outcome));
    }

    [Fact]
    public async Task Many_may_wait_for_one()
    {
        var (parent, reply) = Pair(0);
        Letter[] replies = [.. Enumerable.Range(0, 40).Select(i => reply with { Id = $"r{i}@fabrikam.com" })];
        await Task.WhenAll(replies.Select(one => Silo.DeliverAsync(one.In(Cleo))));

        Assert.Equal(replies.Length, (await Silo.DeliverAsync(parent.In(Ana))).Woken);
        Assert.Equal(replies.Length, await Silo.DrainAsync(replies.Select(one => one.In(Cleo))));
        Assert.Equal(replies.Length + 1, (await Silo.Queries.CountAsync(Organization)).Emails);
    }

    [Fact]
    public async Task Who_was_decided_otherwise_does_not_wait_any_more()
    {
        var (parent, reply) = Pair(0);
        await Silo.DeliverAsync(reply.In(Cleo));
        await Silo.MailboxAsync(Cleo, FilterMethod.None);
        await Silo.DeliverAsync(reply.In(Cleo));

        Assert.Equal(0, (await Silo.DeliverAsync(parent.In(Ana))).Woken);
    }

    [Fact]
    public async Task A_change_that_waits_for_what_has_come_is_a_conflict()
    {
        var (parent, reply) = Pair(0);
        var stale = await Silo.DecideAsync(reply.In(Cleo));
        await Silo.DeliverAsync(parent.In(Ana));

        await Of<EmailTracking.Storage.CommitResult.Conflict>(Silo.Store.CommitAsync(stale.Change));
    }

    [Fact]
    public async Task Of_two_that_come_to_an_id_that_was_only_heard_one_counts()
    {
        // Nobody holds the id, so no conversation's version tells the two apart.
        var (parent, reply) = Pair(0);
        await Silo.DeliverAsync(reply.In(Cleo));
        var sibling = await Silo.DecideAsync((reply with { Id = "sibling@fabrikam.com" }).In(Bo));
        await Silo.DeliverAsync(parent.In(Ana));

        await Of<EmailTracking.Storage.CommitResult.Conflict>(Silo.Store.CommitAsync(sibling.Change));
    }

    [Fact]
    public async Task An_answer_and_its_parent_at_once_on_two_silos_never_miss_each_other()
    {
        await using var other = await Database.OpenAsync(Time);
        var pairs = Enumerable.Range(0, Pairs).Select(Pair).ToArray();

        await Task.WhenAll(pairs.SelectMany(pair => new[]
        {
            Task.Run(() => Silo.DeliverAsync(pair.Parent.In(Ana))),
            Task.Run(() => other.DeliverAsync(pair.Reply.In(Cleo))),
        }));
        await Silo.DrainAsync(pairs.Select(pair => pair.Reply.In(Cleo)));

        foreach (var (_, reply) in pairs)
        {
            Assert.Equal(Outcome.Tracked, (await Silo.FindAsync(reply))!.Outcome);
        }
    }

    private static (Letter Parent, Letter Reply) Pair(int number)
    {
        var parent = new Letter($"parent{number}@contoso.com");
        return (parent, new Letter($"reply{number}@fabrikam.com") { From = Cleo, To = Ana, Answers = parent.Id, Minute = 1 });
    }
}
