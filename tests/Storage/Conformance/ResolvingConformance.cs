using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Owners, queue items, records that senders became, and what belongs to senders.</summary>
public abstract class ResolvingConformance : StoreConformance
{
    private static readonly RecordReference User = new("systemuser", Guid.NewGuid());
    private static readonly RecordReference Queue = new("queue", Guid.NewGuid());
    private static readonly EmailAddress QueueAddress = Letter.Address("help@contoso.com");

    private static readonly Letter Mail = new("m@x") { From = "new@shop.example", To = "help@contoso.com ana@contoso.com" };

    [Fact]
    public async Task Owner_and_queue_item_are_stored_once_and_shown()
    {
        await SaveQueueAsync();
        await Silo.DeliverAsync(Mail.In(QueueAddress.Value));
        await Silo.DeliverAsync(Mail.In(QueueAddress.Value, "Archive"));
        await Silo.DeliverAsync(Mail.In(Ana));

        var row = (await Silo.Queries.FindAsync(Organization, Mail.Key))!;
        Assert.Equal(new EmailOwner(User.Id, OwnerRule.FirstRecipient), row.Activity!.Owner);
        var item = Assert.Single(await Silo.Queries.ReadQueueAsync(Organization, Queue.Id, 10));
        Assert.Equal((Time.Now, Mail.Key), (item.EnteredOn, item.Email.Key));
        Assert.Equal([Queue.Id], (await Silo.Queries.ReadQueuesOfAsync(Organization, Mail.Key)).AsEnumerable());
        Assert.Empty(await Silo.Queries.ReadQueueAsync("other", Queue.Id, 10));
        Assert.Equal(
            new EmailOwner(User.Id, OwnerRule.FirstRecipient),
            (await Silo.Store.ReadFactsAsync(Organization, [Mail.In(Ana)])).Emails[Mail.Key].Owner);
    }

    [Fact]
    public async Task Mails_of_one_unknown_sender_at_once_make_one_record_and_the_directory_tells_of_it()
    {
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Ana), User, IsQueue: false, FilterMethod.All, [])
        {
            Options = new PersonalOptions { Creates = RecordCreation.Contact },
        }, new MailboxChange("any", "", "", "test", Time.Now, null));
        var before = (await Silo.Directory.ReadChangesAsync(Organization, 0, 100)).Select(change => change.Version).Append(0).Max();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Silo.DeliverAsync(
            new Letter($"m{i}@x") { From = "new@shop.example", To = Ana, Minute = i }.In(Ana))));

        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [new Letter("next@x") { From = "new@shop.example" }.In(Ana)]);
        var contact = Assert.Single(snapshot.Directory[Letter.Address("new@shop.example")]);
        Assert.Equal((Tables.Contact, User.Id, true), (contact.Reference.LogicalName, contact.OwnerId, contact.IsActive));
        var change = Assert.Single(await Silo.Directory.ReadChangesAsync(Organization, before, 100));
        Assert.Equal(["new@shop.example"], change.Addresses.Select(address => address.Value));
        for (var i = 0; i < 20; i++)
        {
            var parties = await Silo.Queries.ReadPartiesAsync(Organization, new Letter($"m{i}@x").Key);
            Assert.Equal(contact.Reference, parties[0].Record);
        }
    }

    [Fact]
    public async Task A_record_that_was_made_and_deleted_is_there_again_with_the_next_mail()
    {
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Ana), User, IsQueue: false, FilterMethod.All, [])
        {
            Options = new PersonalOptions { Creates = RecordCreation.Lead },
        }, new MailboxChange("any", "", "", "test", Time.Now, null));
        var first = new Letter("one@x") { From = "new@shop.example", To = Ana };
        await Silo.DeliverAsync(first.In(Ana));
        var lead = (await Silo.Queries.ReadPartiesAsync(Organization, first.Key))[0].Record!.Value;
        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Delete, lead, null));
        Assert.Empty((await Silo.Store.ReadFactsAsync(Organization, [first.In(Ana)])).Directory);

        await Silo.DeliverAsync(new Letter("two@x") { From = "new@shop.example", To = Ana, Minute = 1 }.In(Ana));
        Assert.Null(Assert.Single(await Silo.Directory.ReadLivesAsync(Organization, [lead])).DeletedOn);
    }

    [Fact]
    public async Task Where_somebody_loaded_a_record_meanwhile_none_is_made_and_the_mail_is_resolved_anew()
    {
        var mailbox = new MailboxFacts(Letter.Address(Ana), User, IsQueue: false, FilterMethod.All, [])
        {
            Options = new PersonalOptions { Creates = RecordCreation.Contact },
        };
        await Silo.Directory.SaveMailboxAsync(Organization, mailbox, new MailboxChange("any", "", "", "test", Time.Now, null));
        var letter = new Letter("m@x") { From = "new@shop.example", To = Ana };
        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [letter.In(Ana)]);
        var decided = Assert.IsType<TrackingDecision.Decided>(Tracker.Decide(Organization, [letter.In(Ana)], snapshot));
        Assert.Single(decided.Change.Records);
        var loaded = new RecordReference("contact", Guid.NewGuid());
        await Silo.Directory.SaveRecordsAsync(
            Organization, [new CrmRecord(new RecordFacts(loaded, IsActive: true, null, Time.Now), "loaded", [Letter.Address("new@shop.example")])]);
        var before = (await Silo.Directory.ReadChangesAsync(Organization, 0, 100))[^1].Version;

        await Of<CommitResult.Durable>(Silo.Store.CommitAsync(decided.Change));

        var records = (await Silo.Store.ReadFactsAsync(Organization, [letter.In(Ana)])).Directory[Letter.Address("new@shop.example")];
        Assert.Equal(loaded, Assert.Single(records).Reference);
        var change = Assert.Single(await Silo.Directory.ReadChangesAsync(Organization, before, 100));
        Assert.Equal(["new@shop.example"], change.Addresses.Select(address => address.Value));
        Assert.Single(await Silo.Store.FindUnlinkedAsync(Organization, change, 0, 10));
    }

    public static TheoryData<bool> Nobodies => [true, false];

    [Theory]
    [MemberData(nameof(Nobodies))]
    public async Task Records_that_stand_for_nobody_keep_none_from_being_made(bool merged)
    {
        var address = Letter.Address("new@shop.example");
        var (site, gone) = (new RecordReference(merged ? "contact" : "new_site", Guid.NewGuid()), new RecordReference("contact", Guid.NewGuid()));
        await Silo.Directory.SaveTableAsync(Organization, new TableDefinition
        {
            LogicalName = "new_site", EmailColumns = ["new_mail"], NameColumn = "new_name", IsActivityEnabled = false,
        });
        await Silo.Directory.SaveRecordsAsync(
            Organization,
            [
                new CrmRecord(new RecordFacts(site, IsActive: true, null, Time.Now), "Site", [address]),
                new CrmRecord(new RecordFacts(gone, IsActive: true, null, Time.Now), "Gone", []),
            ]);
        if (merged)
        {
            await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Merge, site, gone));
            await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Delete, gone, null));
        }

        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Ana), User, IsQueue: false, FilterMethod.All, [])
        {
            Options = new PersonalOptions { Creates = RecordCreation.Contact },
        }, new MailboxChange("any", "", "", "test", Time.Now, null));
        var letter = new Letter("m@x") { From = address.Value, To = Ana };
        await Silo.DeliverAsync(letter.In(Ana));

        var made = Assert.Single((await Silo.Store.ReadFactsAsync(Organization, [letter.In(Ana)])).Directory[address]).Reference;
        Assert.Equal(made, (await Silo.FindAsync(letter))!.Activity!.State.SenderRecord);
        Assert.DoesNotContain(made, new[] { site, gone });
    }

    [Fact]
    public async Task The_records_of_the_mailbox_that_accepted_a_mail_are_read_wherever_a_copy_of_it_is_seen()
    {
        await SaveQueueAsync();
        var hidden = new Letter("hidden@x") { From = "new@shop.example", To = Bo };
        await Silo.DeliverAsync(hidden.In(QueueAddress.Value));

        var facts = await Silo.Store.ReadFactsAsync(Organization, [hidden.In(Ana)]);

        Assert.Equal((Queue, User.Id), Assert.Single(facts.Directory[QueueAddress]) is { } record ? (record.Reference, record.OwnerId!.Value) : default);
    }

    [Fact]
    public async Task The_records_of_recipients_mailboxes_are_read_where_these_are_asked()
    {
        await SaveQueueAsync("alias@contoso.com");
        await Silo.Directory.SaveSettingsAsync(
            Organization, new TrackingSettings { Acceptance = new AcceptanceSettings { AsksSyncingMailboxOnly = false } }, "test", Time.Now);

        var facts = await Silo.Store.ReadFactsAsync(Organization, [new Letter("m@x") { From = Bo, To = "alias@contoso.com" }.In(Ana)]);

        Assert.Contains(QueueAddress, facts.Mailboxes);
        Assert.Equal(Queue, Assert.Single(facts.Directory[QueueAddress]).Reference);
    }

    [Fact]
    public async Task What_is_open_for_a_sender_is_read_when_the_settings_propose_it()
    {
        var (contact, account) = (new RecordReference("contact", Guid.NewGuid()), new RecordReference("account", Guid.NewGuid()));
        RecordReference[] cases = [.. Enumerable.Range(0, 4).Select(_ => new RecordReference("incident", Guid.NewGuid()))];
        CrmRecord Record(RecordReference reference, RecordReference? customer, bool active = true, params EmailAddress[] addresses) =>
            new(new RecordFacts(reference, active, null, Time.Now), "a record", [.. addresses], customer);
        await Silo.Directory.SaveRecordsAsync(
            Organization,
            [
                Record(account, null),
                Record(contact, account, addresses: Letter.Address(Bo)),
                Record(cases[0], contact),
                Record(cases[1], account),
                Record(cases[2], contact, active: false),
                Record(cases[3], contact),
            ]);
        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Delete, cases[3], null));
        var sighting = new Letter("m@x") { From = Bo, To = Ana }.In(Ana);

        var related = (await Silo.Store.ReadFactsAsync(Organization, [sighting])).Related;
        Assert.Equal(new[] { cases[0], cases[1], account }.OrderBy(one => one.Id), related[contact].OrderBy(one => one.Id));

        await Silo.Directory.SaveSettingsAsync(
            Organization, new TrackingSettings { Parties = new PartySettings { RegardingFromSender = RegardingFromSender.Off } }, "test", Time.Now);
        Assert.Empty((await Silo.Store.ReadFactsAsync(Organization, [sighting])).Related);
    }

    [Fact]
    public async Task A_copy_that_an_import_brought_is_decided_again_as_such()
    {
        await Silo.Directory.SaveMailboxAsync(
            Organization, new MailboxFacts(Letter.Address(Ana), null, IsQueue: false, FilterMethod.Replies, []));
        var parent = new Letter("parent@x") { From = Bo, To = Bo };
        await Silo.DeliverAsync(new Letter("waits@x") { From = Bo, To = Ana, Answers = "parent@x", Minute = 1 }.In(Ana) with { IsBackfill = true });
        await Silo.Outbox.DeferAsync(Organization, [new Letter("deferred@x") { From = Bo, To = Ana }.In(Ana) with { IsBackfill = true }], Time.Now);
        await Silo.DeliverAsync(parent.In(Bo));

        var due = await Silo.Outbox.ReadDueAsync(Organization, Time.Now, 10);
        Assert.Equal(2, due.Length);
        Assert.All(due, item => Assert.True(item.IsBackfill));
    }

    private async Task SaveQueueAsync(params string[] aliases)
    {
        await Silo.Directory.SaveRecordsAsync(
            Organization,
            [
                new CrmRecord(new RecordFacts(Queue, IsActive: true, User.Id, Time.Now), "Help", [QueueAddress, .. aliases.Select(Letter.Address)]),
            ]);
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(QueueAddress, Queue, IsQueue: true, FilterMethod.All, []));
    }
}
