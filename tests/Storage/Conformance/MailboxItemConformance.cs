using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>The messages of mailboxes that were dealt with, beside what was decided of them.</summary>
public abstract class MailboxItemConformance : StoreConformance
{
    private const uint Validity = 7;
    private static readonly FollowedFolder Inbox =
        new(1, "id", "INBOX", "Inbox", FolderRole.Inbox, Validity, new FolderMark(Validity, 100, 5));

    private static readonly Letter Offer = new("offer@fabrikam.com") { From = "x@fabrikam.com", To = Ana };

    private KnownItem Item(uint number, ItemLabel label = ItemLabel.Absent, int folder = 1, string place = "Inbox", uint validity = Validity) =>
        new(folder, new ItemId(validity, number), place, label, Time.Now);

    private Task SaveAsync(params KnownItem[] items) => SaveAsync(Ana, items);

    private Task SaveAsync(string mailbox, params KnownItem[] items) => Silo.Sync.SaveProgressAsync(
        Organization, Letter.Address(mailbox), [new FolderProgress(Inbox, [.. items])]);

    private Task<Delivery> DeliverAsync(Letter letter, KnownItem item, string mailbox = Ana)
    {
        var sighting = letter.In(mailbox, item.PlaceFolder);
        return Silo.DeliverAsync(sighting with { Place = sighting.Place with { Item = item.Name } });
    }

    private Task<ImmutableArray<ItemDecision>> ReadAsync(uint after = 0, int countMax = 100, int folder = 1, uint validity = Validity) =>
        Silo.Sync.ReadItemsAsync(Organization, Letter.Address(Ana), folder, new ItemId(validity, after), countMax);

    private async Task<IEnumerable<uint>> NumbersAsync(uint after = 0, int countMax = 100, int folder = 1, uint validity = Validity) =>
        (await ReadAsync(after, countMax, folder, validity)).Select(one => one.Item.Id.Number);

    private async Task<IEnumerable<uint>> MislabelledAsync(
        DateTimeOffset? since = null, int countMax = 100, string mailbox = Ana, params int[] folders) =>
        (await Silo.Sync.ReadMislabelledAsync(
            Organization, Letter.Address(mailbox), folders.Length > 0 ? [.. folders] : [1], since ?? DateTimeOffset.UnixEpoch, countMax))
            .Select(one => one.Item.Id.Number).Order();

    private ActRequest Act(ActKind kind, Letter letter) =>
        new() { Id = Guid.NewGuid(), Kind = kind, By = "Ana", On = Time.Now.AddMinutes(1), Emails = [letter.Key] };

    [Fact]
    public async Task Messages_are_read_with_what_was_decided_of_them()
    {
        var (tracked, skipped, plain) = (Item(1, ItemLabel.Present), Item(2), Item(3) with { GoneOn = Time.Now });
        var other = Offer with { Id = "other@fabrikam.com", To = Cleo, Minute = 3 };
        await DeliverAsync(Offer, tracked);
        await DeliverAsync(other, skipped, Cleo);
        await SaveAsync(tracked, plain);
        await SaveAsync(Cleo, skipped);

        var read = await ReadAsync();
        Assert.Equal(
            [
                new ItemDecision(tracked, Offer.Key, Outcome.Tracked, ReasonCode.AcceptAll, IsTracked: true),
                new ItemDecision(plain, null, null, null, IsTracked: false),
            ],
            read.AsEnumerable());
        var found = Assert.Single(await Silo.Sync.FindItemsAsync(
            Organization, Letter.Address(Cleo), [skipped.Name, plain.Name, "1.7", "no.such.thing", new string('1', 64), "1.7.99999999999"]));
        Assert.Equal((skipped, other.Key, Outcome.Skipped, false), (found.Item, found.Email!.Value, found.Outcome!.Value, found.IsTracked));
        Assert.Empty(await Silo.Sync.FindItemsAsync(Organization, Letter.Address(Ana), []));
        Assert.Empty(await Silo.Sync.FindItemsAsync("other", Letter.Address(Ana), [tracked.Name]));
    }

    [Fact]
    public async Task Messages_are_read_by_pages_of_one_numbering_of_one_folder()
    {
        await SaveAsync([.. new uint[] { 500, 10, 9, uint.MaxValue, 100 }.Select(number => Item(number))]);
        await SaveAsync(Item(11, folder: 2), Item(12, validity: 8), Item(13, validity: 6));
        await SaveAsync(Bo, Item(14));

        Assert.Equal([9, 10, 100, 500, uint.MaxValue], await NumbersAsync());
        Assert.Equal([9, 10], await NumbersAsync(countMax: 2));
        Assert.Equal([100, 500], await NumbersAsync(after: 10, countMax: 2));
        Assert.Equal([uint.MaxValue], await NumbersAsync(after: 500, countMax: 2));
        Assert.Empty(await NumbersAsync(after: uint.MaxValue));
        Assert.Equal([11], await NumbersAsync(folder: 2));
        Assert.Empty(await Silo.Sync.ReadItemsAsync(Organization, Letter.Address("nobody@contoso.com"), 1, new ItemId(Validity, 0), 10));
    }

    [Fact]
    public async Task A_new_numbering_begins_beside_the_old_one_until_that_is_forgotten()
    {
        await SaveAsync(Item(1, ItemLabel.Present), Item(2));
        var old = await ReadAsync();
        var renumbered = Inbox with { Validity = 8, Mark = new FolderMark(8, 2, 1) };

        await Silo.Sync.SaveProgressAsync(Organization, Letter.Address(Ana),
        [
            new FolderProgress(
                renumbered, [.. old.Select(one => one.Item with { GoneOn = Time.Now }), Item(1, ItemLabel.Present, validity: 8)]),
        ]);

        Assert.Equal(renumbered, Assert.Single(await Silo.Sync.ReadFoldersAsync(Organization, Letter.Address(Ana))));
        Assert.Equal([1], await NumbersAsync(validity: 8));
        Assert.All(await ReadAsync(), one => Assert.Equal(Time.Now, one.Item.GoneOn));
        Assert.Equal(2, await Silo.Sync.ForgetGoneAsync(Organization, Letter.Address(Ana), Time.Now.AddMinutes(1)));
        Assert.Empty(await NumbersAsync());
        Assert.Equal([1], await NumbersAsync(validity: 8));
    }

    [Fact]
    public async Task A_page_that_is_saved_twice_changes_nothing_the_second_time()
    {
        KnownItem[] page = [.. Enumerable.Range(1, 500).Select(number => Item((uint)number, (ItemLabel)(number % 5)))];
        await SaveAsync(page);
        var before = await Database.DigestAsync();

        await SaveAsync(page);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(turn => Task.Run(() => SaveAsync(turn % 2 == 0 ? page : [.. page.Reverse()]))));

        Assert.Equal(before, await Database.DigestAsync());
        Assert.Equal(page.Select(item => item.Label), (await ReadAsync(countMax: 1_000)).Select(one => one.Item.Label));
    }

    [Fact]
    public async Task A_message_that_differs_is_saved_as_it_is_now_and_of_two_in_a_page_the_later_counts()
    {
        var first = Item(1, ItemLabel.Setting);
        await SaveAsync(first);
        var later = first with { Label = ItemLabel.Undeliverable, GoneOn = Time.Now.AddHours(1) };

        await SaveAsync(first with { Label = ItemLabel.Present }, later);
        Assert.Equal(later, Assert.Single(await ReadAsync()).Item);

        // When it was first seen, and where, stays.
        await SaveAsync(first with { SeenOn = Time.Now.AddDays(1), PlaceFolder = "Elsewhere" });
        Assert.Equal(first, Assert.Single(await ReadAsync()).Item);
    }

    [Fact]
    public async Task Progress_and_messages_are_saved_as_one()
    {
        await SaveAsync(Item(1));
        var before = await Database.DigestAsync();
        var ahead = Inbox with { Name = "Renamed", Mark = new FolderMark(Validity, 900, 6) };

        // A page with a message that cannot be: numbers begin with 1.
        await Assert.ThrowsAnyAsync<Exception>(() => Silo.Sync.SaveProgressAsync(
            Organization, Letter.Address(Ana), [new FolderProgress(ahead, [Item(2), Item(0)])]));
        await Assert.ThrowsAnyAsync<Exception>(() => Silo.Sync.SaveProgressAsync(
            Organization, Letter.Address("nobody@contoso.com"), [new FolderProgress(ahead, [Item(2)])]));
        Assert.Equal(before, await Database.DigestAsync());

        await Silo.Sync.SaveProgressAsync(
            Organization, Letter.Address(Ana), [new FolderProgress(ahead, [Item(2)]), new FolderProgress(Inbox with { Number = 2 }, [])]);
        Assert.Equal([ahead, Inbox with { Number = 2 }], (await Silo.Sync.ReadFoldersAsync(Organization, Letter.Address(Ana))).AsEnumerable());
        Assert.Equal([1, 2], await NumbersAsync());
    }

    [Fact]
    public async Task Labels_that_do_not_say_what_the_email_is_are_found_until_they_do()
    {
        var other = Offer with { Id = "other@fabrikam.com", Minute = 3 };
        KnownItem[] tracked = [.. Enumerable.Range(0, 8).Select(label => Item((uint)(10 + label), (ItemLabel)label))];
        KnownItem[] untracked = [.. Enumerable.Range(0, 8).Select(label => Item((uint)(20 + label), (ItemLabel)label))];
        foreach (var item in tracked)
        {
            await DeliverAsync(Offer, item);
        }

        await Silo.MailboxAsync(Ana, FilterMethod.None);
        foreach (var item in untracked)
        {
            await DeliverAsync(other, item);
        }

        await SaveAsync([.. tracked, .. untracked, Item(30), Item(31, ItemLabel.Present)]);

        Assert.Equal([10, 11, 14, 15, 22, 23], await MislabelledAsync());
        Assert.Equal(2, (await MislabelledAsync(countMax: 2)).Count());
        Assert.Empty(await MislabelledAsync(mailbox: Bo));

        // The words of people turn it round.
        await Silo.DoAsync(Act(ActKind.Untrack, Offer));
        Assert.Equal([12, 13, 22, 23], await MislabelledAsync());
        await Silo.DoAsync(Act(ActKind.Track, other));
        await DeliverAsync(other, untracked[0]);
        Assert.Equal([12, 13, 20, 21, 24, 25], await MislabelledAsync());

        await SaveAsync(
            tracked[2] with { Label = ItemLabel.Absent }, untracked[0] with { Label = ItemLabel.Present },
            tracked[3] with { GoneOn = Time.Now }, untracked[1] with { SeenOn = Time.Now, Label = ItemLabel.Present });
        Assert.Equal([24, 25], await MislabelledAsync());
    }

    [Fact]
    public async Task Labels_of_messages_that_were_seen_before_a_moment_are_not_asked()
    {
        await DeliverAsync(Offer, Item(1));
        await DeliverAsync(Offer, Item(2));
        await SaveAsync(Item(1) with { SeenOn = Time.Now.AddDays(-1) }, Item(2));

        Assert.Equal([1, 2], await MislabelledAsync(Time.Now.AddDays(-1)));
        Assert.Equal([2], await MislabelledAsync(Time.Now));
        Assert.Empty(await MislabelledAsync(Time.Now.AddSeconds(1)));
    }

    [Fact]
    public async Task Labels_of_other_folders_do_not_take_the_place_of_those_that_are_asked()
    {
        KnownItem[] items = [Item(1, folder: 2, place: "Left"), Item(2, folder: 2, place: "Left"), Item(3), Item(4, folder: 3, place: "Other")];
        foreach (var item in items)
        {
            await DeliverAsync(Offer, item);
        }

        await SaveAsync(items);

        Assert.Equal([3], await MislabelledAsync(countMax: 1));
        Assert.Equal([3, 4], await MislabelledAsync(folders: [1, 3, 9]));
    }

    [Fact]
    public async Task What_is_tried_again_is_found_when_it_is_due_and_a_count_of_acts_never_falls()
    {
        var (tracking, gone, other) = (
            Item(1, ItemLabel.Tracking) with { Acts = 3, Tries = 1, TryOn = Time.Now.AddMinutes(1) },
            Item(2, ItemLabel.Untracking) with { Acts = 1, Tries = 2, TryOn = Time.Now, GoneOn = Time.Now },
            Item(3, ItemLabel.Tracking, folder: 2, place: "Left") with { Acts = 1, Tries = 1, TryOn = Time.Now });
        await DeliverAsync(Offer, tracking);
        await SaveAsync(tracking, gone, other, Item(4));

        Assert.Empty(await DueAsync(-1));
        Assert.Equal([gone], await DueAsync(0));
        Assert.Equal([gone, tracking], await DueAsync(1));
        var found = await Silo.Sync.ReadLabelRetriesAsync(Organization, Letter.Address(Ana), [1, 2], Time.Now.AddMinutes(1), 2);
        Assert.Equal(2, found.Length);
        Assert.Equal(Offer.Key, Assert.Single(await Silo.Sync.FindItemsAsync(Organization, Letter.Address(Ana), [tracking.Name])).Email);

        await SaveAsync(tracking with { Label = ItemLabel.Present, Acts = 0, Tries = 0, TryOn = null });
        Assert.Equal([gone], await DueAsync(1));
        Assert.Equal(3, Assert.Single(await Silo.Sync.FindItemsAsync(Organization, Letter.Address(Ana), [tracking.Name])).Item.Acts);

        async Task<IEnumerable<KnownItem>> DueAsync(int minutes) =>
            (await Silo.Sync.ReadLabelRetriesAsync(Organization, Letter.Address(Ana), [1], Time.Now.AddMinutes(minutes), 10)).Select(one => one.Item);
    }

    [Fact]
    public async Task The_copies_of_an_email_in_one_mailbox_are_found_those_that_lie_there_first()
    {
        var other = Offer with { Id = "other@fabrikam.com", Minute = 3 };
        KnownItem[] items = [Item(5) with { GoneOn = Time.Now }, Item(6), Item(7, folder: 2, place: "Deals") with { GoneOn = Time.Now.AddHours(1) }];
        foreach (var item in items)
        {
            await DeliverAsync(Offer, item);
        }

        await DeliverAsync(other, Item(8));
        await DeliverAsync(Offer, Item(9));
        await DeliverAsync(Offer, Item(6), Bo);
        await Silo.DeliverAsync(Offer.In(Ana));
        await SaveAsync([.. items, Item(8)]);
        await SaveAsync(Bo, Item(6));

        var found = await Silo.Sync.ReadItemsOfAsync(Organization, Letter.Address(Ana), Offer.Key);

        Assert.Equal([items[1], items[2], items[0]], found.Select(one => one.Item));
        Assert.All(found, one => Assert.Equal((Offer.Key, true), (one.Email!.Value, one.IsTracked)));
        Assert.Empty(await Silo.Sync.ReadItemsOfAsync(Organization, Letter.Address(Cleo), Offer.Key));
        Assert.Empty(await Silo.Sync.ReadItemsOfAsync("other", Letter.Address(Ana), Offer.Key));
    }

    [Fact]
    public async Task Of_many_copies_of_one_email_a_hundred_are_read_and_one_that_lies_there_is_among_them()
    {
        KnownItem[] items = [.. Enumerable.Range(1, 120).Select(number => Item((uint)number) with { GoneOn = number == 77 ? null : Time.Now })];
        foreach (var item in items)
        {
            await DeliverAsync(Offer, item);
        }

        await SaveAsync(items);

        var found = await Silo.Sync.ReadItemsOfAsync(Organization, Letter.Address(Ana), Offer.Key);
        Assert.Equal((100, 77u), (found.Length, found[0].Item.Id.Number));
    }

    [Fact]
    public async Task Messages_that_are_gone_are_forgotten_after_a_while()
    {
        await SaveAsync(
            Item(1), Item(2) with { GoneOn = Time.Now }, Item(3) with { GoneOn = Time.Now.AddHours(1) }, Item(4, folder: 2) with { GoneOn = Time.Now });
        await SaveAsync(Bo, Item(1) with { GoneOn = Time.Now });

        Assert.Equal(0, await Silo.Sync.ForgetGoneAsync(Organization, Letter.Address(Ana), Time.Now));
        Assert.Equal(2, await Silo.Sync.ForgetGoneAsync(Organization, Letter.Address(Ana), Time.Now.AddMinutes(1)));
        Assert.Equal(0, await Silo.Sync.ForgetGoneAsync(Organization, Letter.Address(Ana), Time.Now.AddMinutes(1)));
        Assert.Equal([1, 3], await NumbersAsync());

        // One that came back in time stays.
        await SaveAsync(Item(3));
        Assert.Equal(0, await Silo.Sync.ForgetGoneAsync(Organization, Letter.Address(Ana), Time.Now.AddDays(1)));
        Assert.Equal(1, await Silo.Sync.ForgetGoneAsync(Organization, Letter.Address(Bo), Time.Now.AddDays(1)));
    }

    [Fact]
    public async Task Of_erased_mail_the_names_of_folders_go_and_its_messages_still_find_their_decisions()
    {
        var (known, late) = (Item(1, ItemLabel.Present, place: "Clients/Zanzibar"), Item(2, ItemLabel.Present, place: "Clients/Zanzibar"));
        await DeliverAsync(Offer, known);
        await SaveAsync(known);
        var id = Guid.NewGuid();
        await Silo.Erasures.BeginAsync(
            Organization, new Erasure { Id = id, Kind = ErasureKind.Address, By = "Ana", On = Time.Now }, [Offer.Key], []);
        await Silo.DoAsync(Act(ActKind.Erase, Offer) with { Erasure = id });

        // A label that is written by who read the message before, and a copy that comes later.
        await SaveAsync(known with { Label = ItemLabel.Removing });
        await DeliverAsync(Offer, late);
        await SaveAsync(late);

        Assert.DoesNotContain("Zanzibar", await Database.DumpAsync(), StringComparison.OrdinalIgnoreCase);
        var read = await ReadAsync();
        Assert.Equal([1, 2], read.Select(one => one.Item.Id.Number));
        Assert.All(read, one => Assert.Equal(
            (Offer.Key, Outcome.Skipped, ReasonCode.Erased, false),
            (one.Email!.Value, one.Outcome!.Value, one.Reason!.Value, one.IsTracked)));
        Assert.Equal([1, 2], await MislabelledAsync());
        Assert.Equal(2, (await Silo.Sync.ReadItemsOfAsync(Organization, Letter.Address(Ana), Offer.Key)).Length);
    }
}
