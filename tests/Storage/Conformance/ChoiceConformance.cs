using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Records that people chose for an address, in all mail or in one.</summary>
public abstract class ChoiceConformance : StoreConformance
{
    private const string Zoe = "zoe@adatum.com";
    private static readonly EmailAddress ZoeAddress = Letter.Address(Zoe);
    private static readonly RecordReference One = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000001"));
    private static readonly RecordReference Two = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000002"));
    private static readonly RecordReference Three = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000003"));

    [Fact]
    public async Task A_choice_is_a_version_of_the_directory_with_who_and_when()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Zoe));
        var chosen = await ChooseAsync(Two, "Ana", "He told us");
        var again = await ChooseAsync(Two, "Ben");

        Assert.Equal(new RecordAnswer(2, true, null), chosen);
        Assert.Equal(new RecordAnswer(2, false, null), again);
        Assert.Equal([One, Two], (await FactsAsync()).Select(record => record.Reference));
        Assert.Equal([false, true], (await FactsAsync()).Select(record => record.IsChosen));
        var change = (await Silo.Directory.ReadChangesAsync(Organization, 1, 10)).Single();
        Assert.Equal((2, Time.Now, ZoeAddress), (change.Version, change.ChangedOn, change.Addresses.Single()));
        var expected = new AddressChoice(ZoeAddress, Two, "Ana", Time.Now, "He told us", IsCleared: false);
        Assert.Equal(expected, Assert.Single(await Silo.Directory.ReadChoicesAsync(Organization, [Letter.Address(Bo), ZoeAddress])));
        Assert.Equal(expected, Assert.Single(await Silo.Directory.ReadChoiceLogAsync(Organization, Two, 10)));
        Assert.Empty(await Silo.Directory.ReadChoiceLogAsync(Organization, One, 10));
        Assert.Empty(await Silo.Directory.ReadChoicesAsync("other", [ZoeAddress]));
    }

    [Fact]
    public async Task Addresses_that_several_active_records_have_are_told_until_one_is_chosen()
    {
        await SaveAsync(Record(One, Zoe, Bo, Cleo), Record(Two, Zoe, Bo), Record(Three, Zoe));
        var all = await Silo.Directory.ReadSharedAddressesAsync(Organization, null, 10);
        Assert.Equal([(Letter.Address(Bo), 2), (ZoeAddress, 3)], all.Addresses.Select(shared => (shared.Address, shared.Records)).OrderBy(shared => shared.Records));
        Assert.Null(all.Next);

        var first = await Silo.Directory.ReadSharedAddressesAsync(Organization, null, 1);
        var second = await Silo.Directory.ReadSharedAddressesAsync(Organization, first.Next, 1);
        Assert.Equal(all.Addresses.AsEnumerable(), first.Addresses.Concat(second.Addresses));
        Assert.Null(second.Next);

        await ChooseAsync(Two);
        Assert.Equal(Letter.Address(Bo), Assert.Single((await Silo.Directory.ReadSharedAddressesAsync(Organization, null, 10)).Addresses).Address);
        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Deactivate, One, null));
        Assert.Empty((await Silo.Directory.ReadSharedAddressesAsync(Organization, null, 10)).Addresses);
        Assert.Empty((await Silo.Directory.ReadSharedAddressesAsync("other", null, 10)).Addresses);
    }

    [Fact]
    public async Task The_candidates_of_an_address_are_told_the_chosen_one_first()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Zoe, Bo), Record(Three, Cleo));
        await ChooseAsync(Three);
        var candidates = await Silo.Directory.ReadCandidatesAsync(Organization, [Letter.Address(Bo), ZoeAddress, Letter.Address("nobody@x.com")]);

        Assert.Equal(
            [(Letter.Address(Bo), Two, false), (ZoeAddress, Three, true), (ZoeAddress, One, false), (ZoeAddress, Two, false)],
            candidates.Select(one => (one.Address, one.Record.Reference, one.Record.IsChosen)));
        Assert.All(candidates, one => Assert.NotEmpty(one.Name));
        Assert.Empty(await Silo.Directory.ReadCandidatesAsync("other", [ZoeAddress]));
    }

    [Fact]
    public async Task A_record_without_the_address_is_chosen_and_a_load_keeps_the_choice()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Bo));
        await ChooseAsync(Two);
        Assert.Equal([false, true], (await FactsAsync()).Select(record => record.IsByChoiceAlone));
        var digest = await Database.DigestAsync();

        // As it was loaded: not a change, and the choice is none of its addresses.
        await SaveAsync(Record(One, Zoe), Record(Two, Bo));
        Assert.Equal(digest, await Database.DigestAsync());
        Assert.Equal([Letter.Address(Bo)], (await Silo.Directory.ReadRecordsAsync(Organization, [Two])).Single().Addresses.AsEnumerable());
        Assert.Equal(2, await ChangesAsync());

        // With other addresses; with the address itself; and without it again.
        foreach (var addresses in new string[][] { [Cleo], [Zoe], [] })
        {
            await SaveAsync(Record(Two, addresses));
            Assert.Equal((true, 2), (Facts(await FactsAsync(), Two).IsChosen, (await FactsAsync()).Length));
            Assert.Equal(!addresses.Contains(Zoe), Facts(await FactsAsync(), Two).IsByChoiceAlone);
        }

        await SaveAsync(Record(Two, Zoe));
        await ChooseAsync(null);
        Assert.False(Facts(await FactsAsync(), Two).IsChosen);
        await SaveAsync(Record(Two));
        Assert.Equal([One], (await FactsAsync()).Select(record => record.Reference));
    }

    [Fact]
    public async Task An_address_has_one_choice_and_to_clear_it_leaves_what_was_there_before()
    {
        await SaveAsync(Record(One, Zoe), Record(Two), Record(Three, Zoe));
        await ChooseAsync(One, "Ana");
        await ChooseAsync(Two, "Ben");
        Assert.Equal([One, Two, Three], (await FactsAsync()).Select(record => record.Reference));
        Assert.Equal([false, true, false], (await FactsAsync()).Select(record => record.IsChosen));
        Assert.Equal(
            ["Ben True", "Ana False"],
            (await Silo.Directory.ReadChoiceLogAsync(Organization, One, 10)).Select(choice => $"{choice.By} {choice.IsCleared}"));

        Assert.True((await ChooseAsync(null, "Cleo")).IsChanged);
        Assert.Equal([One, Three], (await FactsAsync()).Select(record => record.Reference));
        Assert.All(await FactsAsync(), record => Assert.False(record.IsChosen));
        Assert.Empty(await Silo.Directory.ReadChoicesAsync(Organization, [ZoeAddress]));
        Assert.Equal(
            ["Cleo True", "Ben False"],
            (await Silo.Directory.ReadChoiceLogAsync(Organization, Two, 10)).Select(choice => $"{choice.By} {choice.IsCleared}"));
        Assert.False((await ChooseAsync(null, "Cleo")).IsChanged);
        Assert.Single(await Silo.Directory.ReadChoiceLogAsync(Organization, Two, 1));
    }

    [Fact]
    public async Task Choices_at_once_leave_one()
    {
        RecordReference[] records = [One, Two, Three];
        await SaveAsync(Record(One, Zoe), Record(Two, Zoe), Record(Three, Zoe));
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => ChooseAsync(i % 4 == 3 ? null : records[i % 4]))));
        await ChooseAsync(null);
        await ChooseAsync(Three);
        Assert.Equal(Three, Assert.Single(await FactsAsync(), record => record.IsChosen).Reference);
    }

    [Fact]
    public async Task A_refused_choice_changes_nothing_and_one_of_a_deleted_record_means_nobody()
    {
        await SaveAsync(Record(One, Zoe), Record(Two));
        await ChooseAsync(Two);
        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Delete, Two, null));
        Assert.Equal([One], (await FactsAsync()).Select(record => record.Reference));
        Assert.Empty(await Silo.Directory.ReadChoicesAsync(Organization, [ZoeAddress]));
        Assert.Contains(ZoeAddress, (await Silo.Directory.ReadChangesAsync(Organization, 2, 10)).Single().Addresses);

        var digest = await Database.DigestAsync();
        Assert.Contains("There is no record", (await ChooseAsync(Three)).Problem, StringComparison.Ordinal);
        await ChooseAsync(Two);
        Assert.Equal(digest, await Database.DigestAsync());

        // Loaded again, it is chosen again.
        await SaveAsync(Record(Two));
        Assert.True(Facts(await FactsAsync(), Two).IsChosen);
    }

    [Fact]
    public async Task A_choice_follows_its_record_into_the_one_that_it_is_merged_into()
    {
        await SaveAsync(Record(One, Zoe), Record(Two, Zoe));
        await ChooseAsync(One);
        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Merge, One, Two));
        var record = Assert.Single(await FactsAsync());
        Assert.Equal((Two, true), (record.Reference, record.IsChosen));
        Assert.Contains("is merged into", (await Silo.Directory.ChooseRecordAsync(
            Organization, new RecordChoice(Letter.Address(Bo), One, "Ana"))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_mail_and_new_mail_resolve_by_the_choice()
    {
        var (old, late) = (Mail("old@x"), Mail("late@x"));
        await Silo.DeliverAsync(old.In(Ana));
        await SaveAsync(Record(One, Zoe), Record(Two));
        await LinkAsync();
        Assert.Equal($"{One} {One}", await PartiesAsync(old));

        await ChooseAsync(Two);
        await LinkAsync();
        await Silo.DeliverAsync(late.In(Ana));
        Assert.Equal($"{Two} {Two}", await PartiesAsync(old));
        Assert.Equal($"{Two} {Two}", await PartiesAsync(late));
        Assert.Equal(Two, (await Silo.FindAsync(late))!.Activity!.State.SenderRecord);
        Assert.Equal(2, (await Silo.Queries.ReadTouchedAsync(Organization, null, [ZoeAddress])).Count);
    }

    [Fact]
    public async Task An_address_is_resolved_in_one_mail_and_the_undo_takes_it_back()
    {
        var (one, two) = (Mail("one@x"), Mail("two@x"));
        await Silo.DeliverAsync(one.In(Ana), two.In(Ana));
        await SaveAsync(Record(One), Record(Two));
        var resolve = Resolve(one, One);
        Assert.Equal(0, await Silo.DoAsync(resolve));

        var act = (await Silo.Queries.FindActAsync(Organization, resolve.Id))!;
        Assert.Equal((ZoeAddress, One, One), (act.Address, act.Record, act.Meant));
        var change = (await Silo.Directory.ReadChangesAsync(Organization, 0, 10)).Single();
        Assert.Equal((Time.Now, ZoeAddress), (change.ChangedOn, change.Addresses.Single()));
        await LinkAsync();
        Assert.Equal($"{One} {One}", await PartiesAsync(one));
        Assert.Equal(" ", await PartiesAsync(two));

        // A further copy of the mail that stands for it by now, and a choice for all mail: the mail's own word stays.
        await ChooseAsync(Two);
        await Silo.DeliverAsync((one with { Cc = Bo }).In(Bo), (one with { Cc = Cleo }).In(Bo, "Other"));
        await LinkAsync();
        Assert.Equal($"{One} {One}", await PartiesAsync(one));
        Assert.Equal($"{Two} {Two}", await PartiesAsync(two));

        var undo = new ActRequest { Id = Guid.NewGuid(), Kind = ActKind.Undo, By = "Ben", On = Time.Now, Undone = act };
        Assert.Equal(0, await Silo.DoAsync(undo));
        await LinkAsync();
        Assert.Equal($"{Two} {Two}", await PartiesAsync(one));
    }

    [Fact]
    public async Task What_a_person_said_of_one_mail_follows_a_merge_and_ends_with_the_record()
    {
        var letter = Mail("one@x");
        await Silo.DeliverAsync(letter.In(Ana));
        await SaveAsync(Record(One), Record(Two), Record(Three, Zoe));
        await Silo.DoAsync(Resolve(letter, One));
        await LinkAsync();

        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Merge, One, Two));
        await LinkAsync();
        Assert.Equal($"{Two} {Two}", await PartiesAsync(letter));

        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Delete, Two, null));
        await LinkAsync();
        Assert.Equal($"{Three} {Three}", await PartiesAsync(letter));

        await SaveAsync(Record(Two));
        await LinkAsync();
        Assert.Equal($"{Two} {Two}", await PartiesAsync(letter));
    }

    [Fact]
    public async Task A_mail_and_what_a_person_says_of_it_on_two_silos_at_once_never_miss_each_other()
    {
        await using var second = await Database.OpenAsync(Time);
        await SaveAsync(Record(One), Record(Two));
        for (var i = 0; i < 20; i++)
        {
            var letter = Mail($"race{i}@x");
            await Silo.DeliverAsync(letter.In(Ana));
            await Task.WhenAll(Silo.DoAsync(Resolve(letter, One)), second.DeliverAsync((letter with { Cc = Cleo }).In(Bo)));
            await LinkAsync();
            Assert.Equal($"{One} {One}", await PartiesAsync(letter));
        }
    }

    private static Letter Mail(string id) => new(id) { From = Zoe, To = $"{Ana} {Zoe}" };

    private static CrmRecord Record(RecordReference reference, params string[] addresses) => new(
        new RecordFacts(reference, true, null, new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        "N",
        [.. addresses.Select(Letter.Address)]);

    private static RecordFacts Facts(RecordFacts[] records, RecordReference reference) =>
        Assert.Single(records, record => record.Reference == reference);

    private ActRequest Resolve(Letter letter, RecordReference record) => new()
    {
        Id = Guid.NewGuid(),
        Kind = ActKind.Resolve,
        By = "Ana",
        On = Time.Now,
        Emails = [letter.Key],
        Record = record,
        Address = ZoeAddress,
        Parties = [ZoeAddress],
    };

    private Task SaveAsync(params CrmRecord[] records) => Silo.Directory.SaveRecordsAsync(Organization, [.. records]);

    private Task<RecordAnswer> ChooseAsync(RecordReference? record, string by = "Ana", string? why = null) =>
        Silo.Directory.ChooseRecordAsync(Organization, new RecordChoice(ZoeAddress, record, by, why));

    private async Task<int> ChangesAsync() => (await Silo.Directory.ReadChangesAsync(Organization, 0, 100)).Length;

    private async Task<RecordFacts[]> FactsAsync() =>
    [
        .. (await Silo.Store.ReadFactsAsync(Organization, [new Letter("asked@x") { From = Zoe, To = "nobody@x.com" }.In(Ana)])).RecordsOf(ZoeAddress),
    ];

    // The records of the sender, and of the recipient with the same address.
    private async Task<string> PartiesAsync(Letter letter) => string.Join(' ', (await Silo.Queries.ReadPartiesAsync(Organization, letter.Key))
        .Where(party => party.Participant.Address == ZoeAddress)
        .Select(party => party.Record?.ToString()));

    private async Task LinkAsync()
    {
        foreach (var change in await Silo.Directory.ReadChangesAsync(Organization, 0, 1_000))
        {
            var rows = await Silo.Store.FindUnlinkedAsync(Organization, change, 0, 100);
            foreach (var linked in await Silo.RelinkAsync(rows, Time.Now))
            {
                await Of<CommitResult.Durable>(Silo.Store.CommitAsync(linked));
            }
        }
    }
}
