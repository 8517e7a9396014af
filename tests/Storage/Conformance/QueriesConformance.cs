using System.Globalization;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What people are shown.</summary>
public abstract class QueriesConformance : StoreConformance
{
    private static readonly Letter Parent = new("parent@contoso.com") { Subject = "Offer 100%" };
    private static readonly Letter Reply = new("reply@fabrikam.com")
    {
        From = Bo, To = Ana, Answers = Parent.Id, Subject = "Re: Offer 100%", Minute = 5,
    };

    private static readonly Letter Untracked = new("lone@adatum.com") { From = "zoe@adatum.com", Minute = 9 };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Silo.DeliverAsync(Parent.In(Bo), Parent.In(Ana));
        await Silo.DeliverAsync(Reply.In(Ana));
        await Silo.DeliverAsync(Untracked.In(Cleo));
    }

    [Fact]
    public async Task A_mail_that_was_sent_is_found_by_its_id_also_where_that_copy_is_an_activity_of_its_own()
    {
        await Silo.Directory.SaveSettingsAsync(
            Organization,
            new TrackingSettings { TracksSentItems = true, InternalMail = new InternalMailSettings { IsOneActivity = false } },
            "ana",
            Time.Now);
        var sent = new Letter("sent@contoso.com") { Minute = 3 };
        var names = new EmailNames(Silo.Queries);
        await Silo.DeliverAsync(sent.In(Ana, "Sent Items", FolderKind.SentItems));
        foreach (var name in new[] { sent.Id, $"<{sent.Id}>", MessageKey.OfSent(sent.Key).ToString() })
        {
            Assert.Equal(MessageKey.OfSent(sent.Key), (await names.FindAsync(Organization, name, CancellationToken.None))!.Key);
        }

        // Where both are known the id is the received one's.
        await Silo.DeliverAsync(sent.In(Bo));
        Assert.Equal(sent.Key, (await names.FindAsync(Organization, sent.Id, CancellationToken.None))!.Key);
        Assert.Null(await names.FindAsync(Organization, "nobody@contoso.com", CancellationToken.None));
    }

    //          subject    address            from     until    outcome    -> newest first
    [Theory]
    [InlineData(null,      null,              null,    null,    null,      "lone reply parent")]
    [InlineData("OFFER",   null,              null,    null,    null,      "reply parent")]
    [InlineData("0%",      null,              null,    null,    null,      "reply parent")]
    [InlineData("re: off", null,              null,    null,    null,      "reply")]
    [InlineData(null,      Bo,                null,    null,    null,      "reply parent")]
    [InlineData(null,      "zoe@adatum.com",  null,    null,    null,      "")]
    [InlineData(null,      null,              "08:05", null,    null,      "reply")]
    [InlineData(null,      null,              null,    "08:05", null,      "parent")]
    [InlineData(null,      null,              null,    null,    "Tracked", "reply parent")]
    [InlineData(null,      null,              null,    null,    "Skipped", "lone")]
    [InlineData(null,      null,              null,    null,    "Waiting", "")]
    [InlineData("offer",   null,              null,    null,    "Skipped", "")]
    public async Task Every_condition_of_a_list_holds(
        string? subject, string? address, string? from, string? until, string? outcome, string expected)
    {
        var rows = await Silo.Queries.ListAsync(Organization, new EmailFilter
        {
            Subject = subject,
            Address = address is null ? null : Letter.Address(address),
            From = Time(from),
            Until = Time(until),
            Outcome = outcome is null ? null : Enum.Parse<Outcome>(outcome),
        });

        var names = new Dictionary<MessageKey, string> { [Parent.Key] = "parent", [Reply.Key] = "reply", [Untracked.Key] = "lone" };
        Assert.Equal(expected, string.Join(' ', rows.Select(row => names[row.Key])));

        static DateTimeOffset? Time(string? time) => time is null
            ? null
            : DateTimeOffset.Parse($"2026-03-01T{time}:00Z", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_list_is_as_long_as_asked() =>
        Assert.Equal(2, (await Silo.Queries.ListAsync(Organization, new EmailFilter { CountMax = 2 })).Length);

    [Fact]
    public async Task A_tracked_email_shows_its_activity()
    {
        var row = (await Silo.FindAsync(Reply))!;

        Assert.Equal((Outcome.Tracked, ReasonCode.AcceptAll), (row.Outcome, row.Reason));
        var activity = row.Activity!;
        Assert.Equal(NamedId.OfActivity(Organization, Reply.Key), activity.ActivityId);
        Assert.Equal(Reply.Id, activity.MessageId);
        Assert.Equal(Reply.Subject, activity.Subject);
        Assert.Equal(Bo, activity.Sender?.Value);
        Assert.Equal(Reply.Facts.Thread.SentOn, activity.SentOn);
        Assert.Equal(NamedId.OfActivity(Organization, Parent.Key), activity.CorrelatedActivityId);
        Assert.Equal(activity.CorrelatedActivityId, activity.ParentActivityId);
        Assert.Equal(Reply.In(Ana).ContentHash, activity.ContentHash);
        Assert.Equal(Ana, activity.ReceivingMailbox.Value);
        Assert.Equal(Reply.Key, await Silo.Queries.FindKeyAsync(Organization, activity.ActivityId));
    }

    [Fact]
    public async Task An_untracked_email_shows_its_decision_only()
    {
        var row = (await Silo.FindAsync(Untracked))!;

        Assert.Equal((Outcome.Skipped, ReasonCode.NoCorrelationMatch), (row.Outcome, row.Reason));
        Assert.Equal(Cleo, Assert.Single(row.Mailboxes).Value);
        Assert.Null(row.Activity);
        Assert.Empty(await Silo.Queries.ReadTraceAsync(Organization, Untracked.Key));
        Assert.Empty(await Silo.Queries.ReadPartiesAsync(Organization, Untracked.Key));
    }

    [Fact]
    public async Task What_was_never_seen_is_not_found()
    {
        Assert.Null(await Silo.Queries.FindAsync(Organization, new Letter("never@x").Key));
        Assert.Null(await Silo.Queries.FindKeyAsync(Organization, Guid.NewGuid()));
        Assert.Null(await Silo.Queries.ResolveConversationAsync(Organization, Guid.NewGuid()));
        Assert.Empty(await Silo.Queries.ReadConversationAsync(Organization, Guid.NewGuid()));
    }

    [Fact]
    public async Task A_conversation_is_read_in_the_order_of_sending()
    {
        var rows = await Silo.Queries.ReadConversationAsync(Organization, await Silo.ConversationAsync(Reply));

        Assert.Equal([Parent.Key, Reply.Key], rows.Select(row => row.Key));
    }

    [Fact]
    public async Task Why_an_email_is_tracked_is_told()
    {
        var decided = await Silo.DeliverAsync((Reply with { Id = "why@fabrikam.com" }).In(Ana));
        var key = new Letter("why@fabrikam.com").Key;

        var trace = decided.Change.Emails.Single(email => email.After.Facts.Key == key).Trace!.Value;
        Assert.Equal(trace.AsEnumerable(), await Silo.Queries.ReadTraceAsync(Organization, key));
        var decision = Assert.Single(await Silo.Queries.ReadDecisionsAsync(Organization, key));
        Assert.Equal(decided.Change.Decisions[0].Trace, decision.Trace.AsEnumerable());
        Assert.Equal(decided.Change.Decisions[0].Sighting.ReceivedOn, decision.ReceivedOn);
        Assert.Equal(decided.Change.SettingsVersion, decision.SettingsVersion);
    }

    [Fact]
    public async Task Decisions_are_in_order_of_their_mailboxes() => Assert.Equal(
        [Ana, Bo],
        (await Silo.Queries.ReadDecisionsAsync(Organization, Parent.Key)).Select(decision => decision.Place.Mailbox.Value));

    [Fact]
    public async Task Parties_are_as_they_were_resolved()
    {
        var bo = new RecordReference("contact", Guid.NewGuid());
        await Silo.Directory.SaveRecordsAsync(Organization,
            [new CrmRecord(new RecordFacts(bo, true, null, Time.Now), "Bo", [Letter.Address(Bo)])]);
        var mail = new Letter("parties@contoso.com") { To = $"{Bo} {Cleo}", Cc = Ana };
        var delivery = await Silo.DeliverAsync(mail.In(Ana));

        var parties = await Silo.Queries.ReadPartiesAsync(Organization, mail.Key);

        Assert.Equal(delivery.Change.Emails[0].Content!.Parties, parties.AsEnumerable());
        Assert.Equal(bo, parties[1].Record);
    }

    [Fact]
    public async Task The_sender_follows_its_record()
    {
        var bo = new RecordReference("contact", Guid.NewGuid());
        await Silo.Directory.SaveRecordsAsync(Organization,
            [new CrmRecord(new RecordFacts(bo, true, null, Time.Now), "Bo", [Letter.Address(Bo)])]);

        await Silo.DeliverAsync(Reply.In(Ana));

        Assert.Equal(bo, (await Silo.Queries.ReadPartiesAsync(Organization, Reply.Key))[0].Record);
        Assert.Equal(bo, (await Silo.FindAsync(Reply))!.Activity!.State.SenderRecord);
    }

    [Fact]
    public async Task An_export_has_every_email_once_by_key_and_goes_on_after_one()
    {
        var all = await Silo.Queries.ExportAsync(Organization, null);

        Assert.Equal(new[] { Parent.Key, Reply.Key, Untracked.Key }.Order(), all.Select(row => row.Key));
        Assert.Equal(all[1..].Select(row => row.Key), (await Silo.Queries.ExportAsync(Organization, all[0].Key)).Select(row => row.Key));
        Assert.Empty(await Silo.Queries.ExportAsync(Organization, all[^1].Key));
    }

    [Fact]
    public async Task Everything_is_counted()
    {
        var counts = await Silo.Queries.CountAsync(Organization);

        Assert.Equal((2, 1, 0, 0), (counts.Emails, counts.Conversations, counts.Outbox, counts.DeadLetters));
        Assert.Equal(3, counts.Decisions[Outcome.Tracked]);
        Assert.Equal(1, counts.Decisions[Outcome.Skipped]);
    }

    [Theory]
    [InlineData(CrowdedId.DomainsMax, 0)]
    [InlineData(CrowdedId.DomainsMax + 1, 1)]
    public async Task An_unseen_id_that_mail_of_many_domains_names_is_listed(int domains, int listed)
    {
        var lost = new Letter("lost@nowhere.example");
        for (var i = 0; i < domains; i++)
        {
            await Silo.DeliverAsync(new Letter($"m{i}@d{i}.example") { From = $"bo@d{i}.example", Answers = lost.Id, Minute = i }.In(Ana));
            await Silo.DeliverAsync(new Letter($"n{i}@d{i}.example") { From = $"cy@d{i}.example", Answers = "seen@contoso.com", Minute = i }.In(Ana));
        }

        await Silo.DeliverAsync(new Letter("seen@contoso.com").In(Ana));

        var crowded = await Silo.Queries.ReadCrowdedIdsAsync(Organization, 10);
        Assert.Equal(listed, crowded.Length);
        Assert.All(crowded, id => Assert.Equal(new CrowdedId(lost.Key, domains, domains, new Letter("m0@d0.example").Key), id));
    }
}
