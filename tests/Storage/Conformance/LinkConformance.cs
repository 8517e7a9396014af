using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What becomes of records, what of it is remembered, and mail that is linked anew.</summary>
public abstract class LinkConformance : StoreConformance
{
    private const string Zoe = "zoe@adatum.com";
    private static readonly RecordReference One = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000001"));
    private static readonly RecordReference Two = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000002"));
    private static readonly RecordReference Three = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000003"));
    private static readonly RecordReference Lead = new("lead", Guid.Parse("00000000-0000-0000-0000-000000000004"));

    [Fact]
    public async Task Every_page_that_changes_something_is_one_version_with_its_addresses()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Bo));
        await SaveAsync(Record(One, Zoe, Cleo));
        await SaveAsync(Record(One, Cleo));
        await SaveAsync(Record(One, Cleo), Record(Two, Bo));
        await SaveAsync(Record(One, Cleo) with { Name = "Another" });
        await SaveAsync(Record(Three));
        await SaveAsync(Inactive(Record(One, Cleo)), Record(Two, Bo));

        Assert.Equal(
            [$"1 {Bo} {Zoe}", $"2 {Cleo}", $"3 {Zoe}", $"4 {Cleo}"],
            (await ChangesAsync()).Select(change => $"{change.Version} {Addresses(change)}"));
        Assert.All(await ChangesAsync(), change => Assert.Equal(Time.Now, change.ChangedOn));
        Assert.Equal([3L, 4L], (await Silo.Directory.ReadChangesAsync(Organization, 2, 10)).Select(change => change.Version));
        Assert.Equal(1, Assert.Single(await Silo.Directory.ReadChangesAsync(Organization, 0, 1)).Version);
        Assert.Equal(4, (await FactsAsync(Zoe)).DirectoryVersion);

        await Silo.Directory.RemoveChangeAsync(Organization, 1);
        await Silo.Directory.RemoveChangeAsync(Organization, 1);
        Assert.Equal(2, (await ChangesAsync())[0].Version);
        Assert.Empty(await Silo.Directory.ReadChangesAsync("other", 0, 10));
    }

    [Fact]
    public async Task A_read_has_the_records_of_the_version_that_it_names()
    {
        // The only writer: the version that a save takes is known before.
        await SaveAsync(Record(One, Zoe));
        var writing = Task.Run(async () =>
        {
            for (var version = 2; version <= 60; version++)
            {
                await SaveAsync(Created(Record(One, Zoe), version));
            }
        });
        while (!writing.IsCompleted)
        {
            var facts = await FactsAsync(Zoe);
            var record = Assert.Single(facts.RecordsOf(Letter.Address(Zoe)));
            Assert.Equal(facts.DirectoryVersion, record.CreatedOn.Year - 2000);
        }

        await writing;
    }

    [Fact]
    public async Task Writers_at_once_take_every_version_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => i % 3 == 2
            ? Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Deactivate, One, null))
            : SaveAsync(Record(new RecordReference("contact", Guid.NewGuid()), $"n{i}@x.com")))));

        var versions = (await Silo.Directory.ReadChangesAsync(Organization, 0, 100)).Select(change => change.Version).ToArray();
        Assert.Equal(Enumerable.Range(1, 16).Select(version => (long)version), versions);
        Assert.Equal(16, (await FactsAsync(Zoe)).DirectoryVersion);
    }

    [Fact]
    public async Task A_deleted_record_is_nobody_until_it_is_loaded_again()
    {
        await SaveAsync(Record(One, Zoe));
        var deleted = await DoAsync(RecordActKind.Delete, One);
        var again = await DoAsync(RecordActKind.Delete, One);

        Assert.Equal(new RecordAnswer(2, true, null), deleted);
        Assert.Equal(new RecordAnswer(2, false, null), again);
        Assert.Empty(await ResolvedAsync(Zoe));
        Assert.Equal(Time.Now, (await LifeAsync(One)).DeletedOn);
        Assert.Equal(Zoe, Assert.Single(Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [One])).Addresses).Value);
        Assert.Contains("is deleted", (await DoAsync(RecordActKind.Deactivate, One)).Problem, StringComparison.Ordinal);

        await SaveAsync(Record(One, Zoe));
        Assert.Equal([One], await ResolvedAsync(Zoe));
        Assert.Null((await LifeAsync(One)).DeletedOn);
        Assert.Equal([$"1 {Zoe}", $"2 {Zoe}", $"3 {Zoe}"], (await ChangesAsync()).Select(change => $"{change.Version} {Addresses(change)}"));
    }

    [Fact]
    public async Task A_merged_record_resolves_as_its_master_with_all_that_was_merged_into_it()
    {
        await SaveAsync(Record(One, Zoe, Ana), Record(Two, Bo, Ana), Record(Three, Cleo));
        await DoAsync(RecordActKind.Merge, One, Two);
        Assert.Equal([Two], await ResolvedAsync(Zoe));
        Assert.Equal([Two], await ResolvedAsync(Ana));

        await DoAsync(RecordActKind.Merge, Two, Three);
        Assert.Equal([Three], await ResolvedAsync(Zoe));
        Assert.Equal([Three], await ResolvedAsync(Bo));
        Assert.Equal(new RecordLife(One, false, Three, null) { InactiveOn = Time.Now }, await LifeAsync(One));

        // The master's facts count, and a change of it concerns the addresses of all.
        await SaveAsync(Inactive(Record(Three, Cleo)));
        Assert.False(Assert.Single((await FactsAsync(Zoe)).RecordsOf(Letter.Address(Zoe))).IsActive);
        Assert.Equal($"{Ana} {Bo} {Cleo} {Zoe}", Addresses((await ChangesAsync())[^1]));

        // A load of the merged record as it was makes it nothing else.
        var before = (await ChangesAsync()).Length;
        await SaveAsync(Record(One, Zoe, Ana));
        Assert.Equal(before, (await ChangesAsync()).Length);
        Assert.Equal(new RecordLife(One, false, Three, null) { InactiveOn = Time.Now }, await LifeAsync(One));

        await DoAsync(RecordActKind.Delete, Three);
        Assert.Empty(await ResolvedAsync(Zoe));
    }

    [Fact]
    public async Task A_converted_lead_is_inactive_and_is_meant_by_its_address_still()
    {
        await SaveAsync(Record(Lead, Zoe), Record(One, Bo), Record(Two, Cleo));
        await DoAsync(RecordActKind.Convert, Lead, One);
        await DoAsync(RecordActKind.Merge, One, Two);

        Assert.Equal([Lead], await ResolvedAsync(Zoe));
        Assert.Equal(new RecordLife(Lead, false, Two, null) { InactiveOn = Time.Now }, await LifeAsync(Lead));
        Assert.Null((await DoAsync(RecordActKind.Activate, Lead)).Problem);
        Assert.Equal(new RecordLife(Lead, true, null, null), await LifeAsync(Lead));
        Assert.Contains("merged into", (await DoAsync(RecordActKind.Activate, One)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_act_changes_nothing()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Bo));
        await DoAsync(RecordActKind.Merge, One, Two);
        var digest = await Database.DigestAsync();

        Assert.NotNull((await DoAsync(RecordActKind.Merge, Two, One)).Problem);
        Assert.NotNull((await DoAsync(RecordActKind.Merge, Two, Three)).Problem);
        Assert.NotNull((await DoAsync(RecordActKind.Delete, Three)).Problem);
        Assert.False((await DoAsync(RecordActKind.Merge, One, Two)).IsChanged);

        Assert.Equal(digest, await Database.DigestAsync());
    }

    [Fact]
    public async Task Mail_that_came_before_its_contact_is_linked_and_unlinked()
    {
        var letter = new Letter("m@contoso.com") { From = Zoe, To = $"{Ana} {Bo} {Bo}", Cc = Bo };
        await Silo.DeliverAsync(letter.In(Ana));
        await SaveAsync(Record(One, Zoe), Record(Two, Bo), Record(Three, Bo));

        Assert.Equal(1, await LinkAsync());
        Assert.Equal(
            [$"{Zoe} {One}", $"{Ana} ", $"{Bo} {Two}", $"{Bo} {Three}", $"{Bo} {Two}", $"{Bo} {Three}", $"{Bo} {Two}", $"{Bo} {Three}"],
            await PartiesAsync(letter));
        Assert.Equal(One, (await Silo.FindAsync(letter))!.Activity!.State.SenderRecord);
        Assert.Equal(
            [TraceCode.LinkedLater, TraceCode.LinkedLater, TraceCode.LinkedLater],
            (await Silo.Queries.ReadPartyTraceAsync(Organization, letter.Key)).Select(entry => entry.Code));
        Assert.Equal(0, await LinkAsync());

        await SaveAsync(Record(Two, Cleo));
        await DoAsync(RecordActKind.Delete, One);
        Assert.Equal(1, await LinkAsync());
        Assert.Equal([$"{Zoe} ", $"{Ana} ", $"{Bo} {Three}", $"{Bo} {Three}", $"{Bo} {Three}"], await PartiesAsync(letter));
        Assert.Null((await Silo.FindAsync(letter))!.Activity!.State.SenderRecord);
        Assert.Equal(5, (await Silo.Queries.ReadPartyTraceAsync(Organization, letter.Key)).Length);

        // A copy that is seen again changes nothing of it.
        var digest = await Database.DigestAsync();
        await Silo.DeliverAsync(letter.In(Ana));
        Assert.Equal(digest, await Database.DigestAsync());
    }

    [Fact]
    public async Task A_new_copy_that_stands_for_the_email_is_resolved_afresh()
    {
        var letter = new Letter("m@contoso.com") { From = Zoe, To = Bo };
        var other = letter with { Cc = Cleo };
        var (first, second) = letter.Facts.Digest < other.Facts.Digest ? (other, letter) : (letter, other);
        await Silo.DeliverAsync(first.In(Ana));
        await SaveAsync(Record(One, Zoe));
        await LinkAsync();
        Assert.NotEmpty(await Silo.Queries.ReadPartyTraceAsync(Organization, letter.Key));

        await SaveAsync(Record(Two, Bo));
        await Silo.DeliverAsync(second.In(Bo));

        Assert.Empty(await Silo.Queries.ReadPartyTraceAsync(Organization, letter.Key));
        Assert.Contains($"{Bo} {Two}", await PartiesAsync(letter));
        Assert.Equal(0, await LinkAsync());
    }

    [Theory]
    [InlineData("link copy")]
    [InlineData("copy link")]
    public async Task A_sender_who_is_known_later_says_what_the_mail_and_its_answers_are_about(string events)
    {
        await Silo.Directory.SaveSettingsAsync(
            Organization, new TrackingSettings { Parties = new PartySettings { RegardingFromSender = RegardingFromSender.Link } }, "test", Time.Now);
        var (mail, incident) = (new Letter("m@adatum.com") { From = Zoe, To = $"{Ana} {Bo}" }, new RecordReference("incident", Guid.NewGuid()));
        var answer = new Letter("answer@contoso.com") { From = Ana, To = Zoe, Answers = mail.Id, Minute = 5 };
        await Silo.DeliverAsync(mail.In(Ana));
        await Silo.DeliverAsync(answer.In(Ana));
        await SaveAsync(Record(One, Zoe), new CrmRecord(new RecordFacts(incident, true, null, Time.Now), "Broken", [], One));
        foreach (var one in events.Split(' '))
        {
            await (one == "link" ? LinkAsync() : (Task)Silo.DeliverAsync(mail.In(Bo)));
        }

        Assert.Equal(new RegardingLink(RegardingSource.Sender, incident, null), (await Silo.FindAsync(mail))!.Activity!.State.Regarding);
        Assert.Equal(new RegardingLink(RegardingSource.Correlated, incident, mail.Key), (await Silo.FindAsync(answer))!.Activity!.State.Regarding);

        // Whoever has the address later rewrites nothing.
        await DoAsync(RecordActKind.Delete, One);
        await LinkAsync();
        Assert.Null((await Silo.FindAsync(mail))!.Activity!.State.SenderRecord);
        Assert.Equal(incident, (await Silo.FindAsync(answer))!.Activity!.State.Regarding?.Record);
    }

    [Fact]
    public async Task Emails_are_found_in_pages_by_version_address_and_organization()
    {
        await SaveAsync(Record(One, Zoe));
        Letter[] letters = [.. Enumerable.Range(0, 5).Select(i => new Letter($"m{i}@contoso.com") { From = Zoe, To = $"{Ana} {Zoe}", Minute = i })];
        await Silo.DeliverAsync([.. letters.Select(letter => letter.In(Ana))]);
        await Silo.DeliverAsync(new Letter("other@contoso.com") { From = Bo }.In(Ana));
        var change = new DirectoryChange(2, Time.Now, [Letter.Address(Zoe), Letter.Address("nobody@x.com")]);

        var all = await Silo.Store.FindUnlinkedAsync(Organization, change, 0, 10);
        Assert.Equal(5, all.Length);
        Assert.Equal(all.Order(), all);
        Assert.Equal(all[..2].AsEnumerable(), await Silo.Store.FindUnlinkedAsync(Organization, change, 0, 2));
        Assert.Equal(all[2..].AsEnumerable(), await Silo.Store.FindUnlinkedAsync(Organization, change, all[1], 10));
        Assert.Empty(await Silo.Store.FindUnlinkedAsync(Organization, change with { Version = 1 }, 0, 10));
        Assert.Empty(await Silo.Store.FindUnlinkedAsync("other", change, 0, 10));

        var facts = await Silo.Store.ReadRelinkAsync(Organization, [all[1], all[0], long.MaxValue]);
        Assert.Equal(2, facts.Parties.Length);
        Assert.Equal(Ana, Assert.Single(facts.Facts.Mailboxes).Key.Value);
        Assert.Equal(Zoe, Assert.Single(facts.Facts.Directory).Key.Value);
        Assert.Empty((await Silo.Store.ReadRelinkAsync("other", [all[0]])).Parties);
    }

    [Fact]
    public async Task A_link_that_was_decided_on_an_old_version_of_the_conversation_does_not_count()
    {
        var letter = new Letter("m@contoso.com") { From = Zoe };
        await Silo.DeliverAsync(letter.In(Ana));
        await SaveAsync(Record(One, Zoe));
        var change = (await ChangesAsync())[^1];
        var rows = await Silo.Store.FindUnlinkedAsync(Organization, change, 0, 10);
        var facts = await Silo.Store.ReadRelinkAsync(Organization, rows);
        await Silo.DeliverAsync(new Letter("r@contoso.com") { From = Bo, Answers = letter.Id, Minute = 5 }.In(Ana));

        await Of<CommitResult.Conflict>(Silo.Store.CommitAsync(Assert.IsType<TrackingDecision.Decided>(
            Relinking.Decide(Organization, Assert.Single(Relinking.Parts(facts)), Time.Now)).Change));

        Assert.Equal(1, await LinkAsync());
        Assert.Equal(One, (await Silo.FindAsync(letter))!.Activity!.State.SenderRecord);
    }

    [Fact]
    public async Task Mail_about_a_record_is_shown_about_what_that_became()
    {
        await SaveAsync(Record(Lead, Zoe), Record(One, Bo), Record(Two, Cleo));
        var letter = new Letter("m@contoso.com") { From = Zoe };
        await Silo.DeliverAsync(letter.In(Ana));
        await Silo.DoAsync(new ActRequest
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "ana", On = Time.Now, Emails = [letter.Key], Record = Lead,
        });
        Assert.Equal((Lead, null), await AboutAsync(letter));

        await DoAsync(RecordActKind.Convert, Lead, One);
        await DoAsync(RecordActKind.Merge, One, Two);
        Assert.Equal((Two, null), await AboutAsync(letter));
        Assert.Equal(Lead, (await Silo.FindAsync(letter))!.Activity!.State.Regarding!.Record);
        foreach (var record in new[] { Lead, One, Two })
        {
            Assert.Equal(letter.Key, Assert.Single(await Silo.Queries.ListAsync(Organization, new EmailFilter { Regarding = record })).Key);
        }

        Assert.Empty(await Silo.Queries.ListAsync(Organization, new EmailFilter { Regarding = Three }));
        Assert.Empty(await Silo.Queries.ListAsync("other", new EmailFilter { Regarding = Two }));

        await DoAsync(RecordActKind.Delete, Two);
        Assert.Equal((null, Time.Now), await AboutAsync(letter));
        await SaveAsync(Record(Two, Cleo));
        Assert.Equal((Two, null), await AboutAsync(letter));
    }

    [Fact]
    public async Task What_a_change_touches_is_counted_and_the_latest_are_shown()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Bo));
        for (var i = 0; i < 12; i++)
        {
            await Silo.DeliverAsync(new Letter($"m{i}@contoso.com") { From = Zoe, To = $"{Ana} {Zoe}", Minute = i }.In(Ana));
        }

        var about = new Letter("about@contoso.com") { From = Cleo, To = Ana, Minute = 60 };
        await Silo.DeliverAsync(about.In(Ana));
        await Silo.DoAsync(new ActRequest
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "ana", On = Time.Now, Emails = [about.Key], Record = One,
        });

        var touched = await Silo.Queries.ReadTouchedAsync(Organization, One, []);
        Assert.Equal((13, TouchedEmails.LatestMax), (touched.Count, touched.Latest.Length));
        Assert.Equal([about.Key, new Letter("m11@contoso.com").Key], touched.Latest.Take(2).Select(row => row.Key));
        Assert.Equal(0, (await Silo.Queries.ReadTouchedAsync(Organization, Two, [])).Count);
        Assert.Equal(1, (await Silo.Queries.ReadTouchedAsync(Organization, Two, [Letter.Address(Cleo)])).Count);
        Assert.Equal(0, (await Silo.Queries.ReadTouchedAsync("other", One, [])).Count);

        await DoAsync(RecordActKind.Merge, One, Two);
        Assert.Equal(13, (await Silo.Queries.ReadTouchedAsync(Organization, Two, [])).Count);
    }

    private static CrmRecord Record(RecordReference reference, params string[] addresses) => new(
        new RecordFacts(reference, true, null, new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        "N",
        [.. addresses.Select(Letter.Address)]);

    private static CrmRecord Inactive(CrmRecord record) => record with { Facts = record.Facts with { IsActive = false } };

    private static CrmRecord Created(CrmRecord record, int years) => record with
    {
        Facts = record.Facts with { CreatedOn = new DateTimeOffset(2000 + years, 1, 1, 0, 0, 0, TimeSpan.Zero) },
    };

    private static string Addresses(DirectoryChange change) => string.Join(' ', change.Addresses.Select(address => address.Value));

    private Task SaveAsync(params CrmRecord[] records) => Silo.Directory.SaveRecordsAsync(Organization, [.. records]);

    private Task<RecordAnswer> DoAsync(RecordActKind kind, RecordReference record, RecordReference? other = null) =>
        Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(kind, record, other));

    private Task<ImmutableArray<DirectoryChange>> ChangesAsync() => Silo.Directory.ReadChangesAsync(Organization, 0, 100);

    private async Task<RecordLife> LifeAsync(RecordReference record) =>
        Assert.Single(await Silo.Directory.ReadLivesAsync(Organization, [record]));

    private Task<TrackingSnapshot> FactsAsync(string sender) =>
        Silo.Store.ReadFactsAsync(Organization, [new Letter("asked@x") { From = sender, To = "nobody@x.com" }.In(Ana)]);

    private async Task<IEnumerable<RecordReference>> ResolvedAsync(string address) =>
        (await FactsAsync(address)).RecordsOf(Letter.Address(address)).Select(record => record.Reference);

    private async Task<IEnumerable<string>> PartiesAsync(Letter letter) =>
        (await Silo.Queries.ReadPartiesAsync(Organization, letter.Key)).Select(party => $"{party.Participant.Address} {party.Record}");

    private async Task<(RecordReference? Record, DateTimeOffset? DeletedOn)> AboutAsync(Letter letter)
    {
        var activity = (await Silo.FindAsync(letter))!.Activity!;
        return (activity.Regarding, activity.RegardingFate?.DeletedOn);
    }

    /// <summary>Links all that has not seen the changes, and says how many emails that were.</summary>
    private async Task<int> LinkAsync()
    {
        var count = 0;
        foreach (var change in await ChangesAsync())
        {
            var rows = await Silo.Store.FindUnlinkedAsync(Organization, change, 0, 100);
            count += rows.Length;
            foreach (var linked in await Silo.RelinkAsync(rows, Time.Now))
            {
                await Of<CommitResult.Durable>(Silo.Store.CommitAsync(linked));
            }
        }

        return count;
    }
}
