using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What is written is what is read, and a change counts only while what it was decided on stands.</summary>
public abstract class TrackingStoreConformance : StoreConformance
{
    private static readonly RecordReference Case = new("incident", new Guid("11111111-2222-3333-4444-555555555555"));
    private static readonly Letter Parent = new("parent@contoso.com");
    private static readonly Letter Reply = new("reply@fabrikam.com")
    {
        From = Bo, To = Ana, Answers = Parent.Id, Subject = "Re: Offer", Minute = 5,
    };

    [Fact]
    public async Task Nothing_is_known_of_mail_that_was_never_seen()
    {
        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [Reply.In(Bo)]);

        Assert.Empty(snapshot.Emails);
        Assert.Empty(snapshot.Keys);
        Assert.Empty(snapshot.Conversations);
        Assert.Empty(snapshot.Decisions);
        Assert.Equal(Bo, Assert.Single(snapshot.Mailboxes).Key.Value);
    }

    [Fact]
    public async Task An_email_is_read_as_it_was_written()
    {
        await Silo.Directory.SaveRecordsAsync(Organization,
        [
            Record("contact", 1, Bo),
            Record("systemuser", 2, Ana),
        ]);
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(
            Letter.Address(Ana), new RecordReference("systemuser", Id(2)), false, FilterMethod.All, [new TrackingFolder("Case", Case)]));
        await Silo.DeliverAsync(Parent.In(Ana, "Case"));
        var delivery = await Silo.DeliverAsync((Reply with
        {
            References = "first@contoso.com " + Parent.Id,
            ThreadIndex = Letter.Index("offer", 2),
            Subject = "Re: Offer CRM:0001001",
            AutoSubmitted = "auto-replied",
            From = Ana,
            To = Bo,
            Cc = Cleo,
        }).In(Ana));

        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [Reply.In(Bo)]);

        var written = Assert.Single(delivery.Change.Emails).After;
        var read = snapshot.Emails[Reply.Key];
        Assert.NotEqual(0, read.Row);
        Assert.Equal(Describe(written), Describe(read));
        Assert.Equal(written.State, read.State);
        Assert.Equal(Case, read.State.Regarding?.Record);
        Assert.Equal("CRM:0001001", read.TrackingToken);
        Assert.True(read.Facts.SenderIsUser);
        Assert.NotNull(read.State.SenderRecord);

        var parent = snapshot.Emails[Parent.Key];
        Assert.Equal(RegardingSource.Folder, Assert.Single(parent.State.RegardingClaims).Source);
    }

    [Fact]
    public async Task Ids_are_read_as_they_were_written()
    {
        var delivery = await Silo.DeliverAsync((Reply with { References = "first@contoso.com" }).In(Bo));

        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [(Reply with { References = "first@contoso.com" }).In(Bo)]);

        Assert.Equal(3, delivery.Change.Keys.Length);
        Assert.Equal(delivery.Change.Keys.Select(key => key.After), snapshot.Keys.Values.OrderBy(key => key.Key));
        Assert.Equal(1, Assert.Single(snapshot.Conversations).Value.Version);
        Assert.False(Assert.Single(snapshot.Conversations).Value.IsComplete);
    }

    [Fact]
    public async Task A_decision_is_read_as_it_was_written()
    {
        var sighting = Reply.In(Cleo, "Sent", FolderKind.SentItems);
        await Silo.DeliverAsync(sighting);

        var expected = new StandingDecision(
            sighting.Place, Reply.Key, FolderKind.SentItems, Outcome.Skipped, ReasonCode.SentItemsOff, sighting.ContentHash)
        {
            SeenOn = Time.Now,
        };
        Assert.Equal(expected, Assert.Single((await Silo.Store.ReadFactsAsync(Organization, [sighting])).Decisions));
        Assert.Equal(expected, Assert.Single((await Silo.Store.ReadFactsAsync(Organization, [Reply.In(Bo)])).Decisions));
    }

    [Fact]
    public async Task Other_mail_under_a_taken_id_is_an_email_of_its_own()
    {
        var other = Parent with { From = Cleo, Subject = "Lunch", Minute = 100_000 };
        await Silo.DeliverAsync(Parent.In(Ana));
        var delivery = await Silo.DeliverAsync(other.In(Ana));

        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [other.In(Ana)]);

        Assert.Equal(2, snapshot.Emails.Count);
        var variant = Assert.Single(delivery.Change.Emails).After;
        Assert.NotEqual(variant.Facts.Key, variant.Facts.IdKey);
        Assert.Equal(Describe(variant), Describe(snapshot.Emails[variant.Facts.Key]));
        Assert.Equal(Parent.Key, snapshot.Keys[Parent.Key].Holder);
        Assert.Empty((await Silo.DecideAsync(other.In(Ana))).Change.Emails);
    }

    [Fact]
    public async Task Mail_that_carries_a_token_is_found_by_it()
    {
        await Silo.Directory.SaveRecordsAsync(Organization, [Record("systemuser", 2, Ana)]);
        await Silo.Directory.SaveSettingsAsync(
            Organization, new TrackingSettings { TokenPrefixes = ["REF:"] }, "test", Time.Now);
        var first = Parent with { Subject = "Offer REF:0001001" };
        await Silo.DeliverAsync(first.In(Ana));
        var answer = new Letter("new@fabrikam.com") { From = Bo, To = Ana, Subject = "Again REF:0001001", Minute = 9 };

        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [answer.In(Bo)]);

        Assert.Equal(first.Key, Assert.Single(snapshot.Tokens["REF:0001001"]));
        Assert.Contains(first.Key, snapshot.Keys);
        Assert.Equal(CorrelationClaim(), (await Silo.DeliverAsync(answer.In(Bo))).Change.Emails[0].After.Facts.Claims.Single());

        Claim CorrelationClaim() => new(first.Key, ClaimKind.Token);
    }

    [Fact]
    public async Task What_a_copy_does_not_name_but_the_email_does_is_read_with_it()
    {
        await Silo.Directory.SaveRecordsAsync(Organization, [Record("contact", 1, Bo), Record("contact", 3, "list@fabrikam.com")]);
        await Silo.DeliverAsync(Reply.In(Bo));

        // A list took the reply header away and wrote itself into From; the email is known by its id and subject.
        var copy = Reply with { Answers = null, From = "list@fabrikam.com", List = "list.fabrikam.com" };
        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [copy.In(Ana)]);

        Assert.Contains(Parent.Key, snapshot.Keys);
        Assert.Contains(Letter.Address(Bo), snapshot.Directory);
        Assert.Contains(Letter.Address(Bo), snapshot.Mailboxes);
        await Silo.DeliverAsync([copy.In(Ana)], attemptsMax: 1);
        Assert.Equal([Ana, Bo], (await Silo.FindAsync(Reply))!.Mailboxes.Select(mailbox => mailbox.Value));
    }

    [Fact]
    public async Task Deciding_and_committing_again_writes_nothing()
    {
        Sighting[] all = [Parent.In(Ana), Parent.In(Bo), Reply.In(Bo), Reply.In(Cleo), new Letter("x@y") { Minute = 7 }.In(Cleo)];
        await Silo.DeliverAsync(all);
        await Silo.DrainAsync(all);
        var before = await Database.DigestAsync();

        foreach (var sighting in all.Reverse())
        {
            Assert.True((await Silo.DeliverAsync(sighting)).Change.IsEmpty);
        }

        Assert.Equal(before, await Database.DigestAsync());
    }

    [Fact]
    public async Task A_change_that_was_committed_already_is_a_conflict()
    {
        var decided = await Silo.DecideAsync(Parent.In(Ana));
        await Of<CommitResult.Durable>(Silo.Store.CommitAsync(decided.Change));
        var before = await Database.DigestAsync();

        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(decided.Change));

        Assert.Equal(before, await Database.DigestAsync());
    }

    [Fact]
    public async Task A_change_decided_on_an_older_conversation_is_a_conflict()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        var stale = await Silo.DecideAsync(Reply.In(Bo));
        await Silo.DeliverAsync((Reply with { Id = "other@fabrikam.com" }).In(Bo));

        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(stale.Change));

        Assert.Null(await Silo.FindAsync(Reply));
    }

    [Fact]
    public async Task A_conversation_that_is_joined_by_a_late_mail_keeps_one_id_and_the_other_resolves()
    {
        // Two that name no mail in common, until one comes that both sides have ground with.
        var one = new Letter("one@contoso.com");
        var other = new Letter("other@contoso.com") { Minute = 1 };
        await Silo.DeliverAsync(one.In(Ana));
        await Silo.DeliverAsync(other.In(Ana));
        var ids = new[] { await Silo.ConversationAsync(one), await Silo.ConversationAsync(other) };

        await Silo.DeliverAsync((Reply with { Answers = other.Id, References = $"{one.Id} {other.Id}" }).In(Bo));

        Assert.NotEqual(ids[0], ids[1]);
        var now = await Silo.ConversationAsync(one);
        Assert.Equal(now, await Silo.ConversationAsync(other));
        Assert.Equal(now, await Silo.Queries.ResolveConversationAsync(Organization, ids[0]));
        Assert.Equal(now, await Silo.Queries.ResolveConversationAsync(Organization, ids[1]));
        Assert.Equal(3, (await Silo.Queries.ReadConversationAsync(Organization, ids[0])).Length);
        Assert.Equal(3, (await Silo.Queries.ReadConversationAsync(Organization, ids[1])).Length);
    }

    [Fact]
    public async Task An_alias_follows_when_its_conversation_is_joined_again()
    {
        Letter[] starts = [.. Enumerable.Range(0, 4).Select(i => new Letter($"start{i}@contoso.com") { Minute = i })];
        foreach (var start in starts)
        {
            await Silo.DeliverAsync(start.In(Ana));
        }

        var ids = await Task.WhenAll(starts.Select(start => Silo.ConversationAsync(start)));
        await Silo.DeliverAsync(Joining("j1@fabrikam.com", starts[0], starts[1]).In(Bo));
        await Silo.DeliverAsync(Joining("j2@fabrikam.com", starts[2], starts[3]).In(Bo));
        await Silo.DeliverAsync(Joining("j3@fabrikam.com", starts[1], starts[2]).In(Bo));

        foreach (var id in ids)
        {
            Assert.Equal(ids.Min(), await Silo.Queries.ResolveConversationAsync(Organization, id));
            Assert.Equal(7, (await Silo.Queries.ReadConversationAsync(Organization, id)).Length);
        }
    }

    [Fact]
    public async Task A_contested_id_is_read_with_all_that_bear_or_name_it()
    {
        // A stranger to the first thread names a mail of it: the claim stays open.
        var stranger = new Letter("mine@adatum.com") { From = "zoe@adatum.com", To = "max@adatum.com", Minute = 3 };
        var naming = new Letter("naming@adatum.com")
        {
            From = "zoe@adatum.com", To = "max@adatum.com", Answers = stranger.Id, References = $"{Parent.Id} {stranger.Id}", Minute = 4,
        };
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.DeliverAsync(stranger.In(Bo));
        await Silo.DeliverAsync(naming.In(Bo));

        var facts = await Silo.Store.ReadFactsAsync(Organization, [Reply.In(Bo)]);
        var wide = await Silo.Store.ReadMembersAsync(Organization, facts, [.. facts.Conversations.Keys], []);

        Assert.True(facts.Keys[Parent.Key].IsContested);
        Assert.DoesNotContain(naming.Key, facts.Emails);
        Assert.Contains(naming.Key, wide.Emails);
        Assert.True(wide.Conversations[wide.Emails[Parent.Key].State.ConversationId].IsComplete);
        Assert.False(wide.Conversations[wide.Emails[naming.Key].State.ConversationId].IsComplete);
    }

    [Fact]
    public async Task Ids_that_are_asked_for_are_read_with_all_that_bear_or_name_them()
    {
        await Silo.DeliverAsync(Reply.In(Bo));
        var facts = await Silo.Store.ReadFactsAsync(Organization, [new Letter("far@away.com").In(Bo)]);

        var wide = await Silo.Store.ReadMembersAsync(Organization, facts, [], [Parent.Key]);

        Assert.Equal(Reply.Key, wide.Keys[Parent.Key].Holder);
        Assert.Contains(Reply.Key, wide.Emails);
        Assert.Single(wide.Conversations);
    }

    [Fact]
    public async Task A_conversation_that_changed_between_two_reads_fails_the_change()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        var facts = await Silo.Store.ReadFactsAsync(Organization, [Reply.In(Bo)]);
        var old = Assert.Single(facts.Conversations).Value.Version;
        await Silo.DeliverAsync((Reply with { Id = "other@fabrikam.com" }).In(Bo));

        var wide = await Silo.Store.ReadMembersAsync(Organization, facts, [.. facts.Conversations.Keys], []);

        Assert.Equal(2, wide.Emails.Count);
        Assert.Equal(old, Assert.Single(wide.Conversations).Value.Version);
    }

    [Fact]
    public async Task Organizations_do_not_see_each_other()
    {
        await Silo.Directory.SaveMailboxAsync("other", new MailboxFacts(Letter.Address(Bo), null, false, FilterMethod.All, []));
        await Silo.DeliverAsync(Parent.In(Ana));

        var snapshot = await Silo.Store.ReadFactsAsync("other", [Parent.In(Bo), Reply.In(Bo)]);

        Assert.Empty(snapshot.Emails);
        Assert.Empty(snapshot.Decisions);
        Assert.Null(await Silo.Queries.FindAsync("other", Parent.Key));
    }

    private static Letter Joining(string id, Letter one, Letter other) => Reply with
    {
        Id = id, Answers = other.Id, References = $"{one.Id} {other.Id}", Minute = 50,
    };

    private static Guid Id(byte number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, number);

    private static CrmRecord Record(string table, byte number, string address) => new(
        new RecordFacts(new RecordReference(table, Id(number)), true, Id(9), new DateTimeOffset(2020, 1, number, 0, 0, 0, TimeSpan.Zero)),
        "Name",
        [Letter.Address(address)]);

    private static string Describe(KnownEmail email) => string.Join('\n',
        email.ActivityId,
        email.Facts.Key,
        email.Facts.IdKey,
        email.Facts.SentOn,
        string.Join(' ', email.Facts.Claims.Select(claim => $"{claim.Key}:{claim.Kind}")),
        email.Facts.IndexDepth,
        Convert.ToHexStringLower(email.Facts.Voice.ToBytes()),
        Convert.ToHexStringLower(email.Facts.Ground.ToBytes()),
        email.Facts.SenderIsUser,
        email.Sender,
        email.BaseSubject,
        email.Digest,
        email.TrackingToken);
}
