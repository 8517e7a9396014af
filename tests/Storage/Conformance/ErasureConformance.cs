using System.Collections.Immutable;
using System.Text;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Of erased mail nothing that can be read is left in any table, and no decision brings it back.</summary>
public abstract class ErasureConformance : StoreConformance
{
    private const string Canary = "zanzibar";
    private const string Gone = "zanzibar@fabrikam.com";
    private const int Races = 40;

    private static readonly Letter Parent = new("parent@fabrikam.com") { From = Gone, To = Ana, Subject = "CRM:0001001 Zanzibar" };
    private static readonly Letter Reply = new("reply@contoso.com") { From = Ana, To = Bo, Answers = Parent.Id, Minute = 5 };
    private static readonly Letter Waiting = new("zanzibar-waits@fabrikam.com") { From = Gone, To = Cleo, Answers = "zanzibar-lost@x.com", Subject = "Zanzibar" };

    private static readonly Letter Alone = Parent with { Id = "zanzibar@fabrikam.com", Answers = "zanzibar-lost@x.com", Minute = 9 };

    private readonly List<string> _raw = [];

    private Guid Id { get; } = Guid.NewGuid();

    private async Task<Sighting> KeptAsync(Letter letter, string mailbox, string folder = "Inbox")
    {
        var raw = await Silo.Content.PutAsync(Organization, Encoding.UTF8.GetBytes($"{letter} {string.Concat(Enumerable.Repeat("Zanzibar ", 50))}"), null);
        _raw.Add(raw.Hash);
        var sighting = letter.In(mailbox, folder);
        return sighting with
        {
            ContentHash = raw.Hash,
            Place = sighting.Place with { Item = raw.Hash },
            Facts = sighting.Facts with
            {
                Participants = [.. sighting.Facts.Participants.Select(one => one with { Name = one.Address?.Value == Gone ? "Zanzibar Jones" : one.Name })],
            },
        };
    }

    private Erasure Erasure(Guid? id = null) => new()
    {
        Id = id ?? Id, Kind = ErasureKind.Address, AddressDigest = new string('a', 64), By = "Ana O'Hara", On = Time.Now, Why = "Her request",
    };

    private async Task EraseAsync(params ImmutableArray<MessageKey> keys)
    {
        foreach (var conversation in (await Silo.Erasures.ReadDueAsync(Organization, Id, 256)).GroupBy(due => due.ConversationId ?? Guid.Empty))
        {
            Assert.All(conversation, due => Assert.Contains(due.Key, keys));
            Assert.NotNull(await Silo.DoAsync(Request([.. conversation.Select(due => due.Key)])));
        }
    }

    private ActRequest Request(ImmutableArray<MessageKey> keys) => new()
    {
        Id = Guid.NewGuid(), Kind = ActKind.Erase, By = "Ana O'Hara", On = Time.Now, Emails = keys, Erasure = Id,
    };

    private async Task AssertNothingIsLeftAsync()
    {
        var dump = await Database.DumpAsync();
        foreach (var hash in _raw)
        {
            if (await Silo.Content.GetAsync(Organization, hash) is { } content)
            {
                dump += Encoding.UTF8.GetString(content.Span);
            }
        }

        var at = dump.IndexOf(Canary, StringComparison.OrdinalIgnoreCase);
        Assert.True(at < 0, at < 0 ? "" : dump[Math.Max(0, at - 200)..Math.Min(dump.Length, at + 100)]);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(Canary)), dump, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToHexString("Zanzibar"u8), dump, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_that_can_be_read_is_left_in_any_table()
    {
        var opportunity = new RecordReference("opportunity", Guid.NewGuid());
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(
            Letter.Address(Ana), null, false, FilterMethod.All, [new TrackingFolder("Deals", opportunity)]));
        await Silo.DeliverAsync(await KeptAsync(Parent, Ana, "Deals"));
        await Silo.DeliverAsync(await KeptAsync(Parent, Bo, "Clients/Zanzibar"));
        await Silo.DeliverAsync(Reply.In(Bo));
        await Silo.DeliverAsync(await KeptAsync(Waiting, Cleo, "Zanzibar"));
        await Silo.DeliverAsync(await KeptAsync(Alone, Ana));
        var deferred = await KeptAsync(Waiting with { Id = "zanzibar-deferred@fabrikam.com" }, Bo, "Zanzibar");
        await Silo.Outbox.DeferAsync(Organization, [deferred], Time.Now);
        var letter = await KeptAsync(Waiting with { Id = "zanzibar-dead@fabrikam.com" }, Bo, "Zanzibar");
        await Silo.Outbox.BuryAsync(Organization, new DeadLetter(letter.Place, "parse", ReasonCode.NotMail, "Zanzibar is no mail.", letter.ContentHash, Time.Now));
        await Silo.DoAsync(new ActRequest
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", On = Time.Now, Emails = [Parent.Key], Record = new RecordReference("incident", Guid.NewGuid()),
        });
        await Silo.ListAllAsync();
        Assert.Equal("zanzibar parent", await Silo.IdsAsync(Listings.Everything with { Text = Canary }));
        var conversation = await Silo.ConversationAsync(Parent);

        var found = (await Silo.Erasures.FindByAddressAsync(Organization, Letter.Address(Gone), 0, 100)).Single(email => email.Key != Alone.Key);
        Assert.Equal((Parent.Key, Parent.Facts.Thread.SentOn), (found.Key, found.SentOn));
        var kept = await Silo.Erasures.ReadKeptAsync(Organization);
        Assert.Equal([Waiting.Key, deferred.Facts.Thread.Key], kept.SelectMany(one => one.Emails).Order().ToHashSet().OrderBy(key => key != Waiting.Key));
        Assert.Equal([letter.ContentHash], kept.Where(one => one.IsLetter).Select(one => one.Hash));
        ImmutableArray<MessageKey> keys = [Parent.Key, Alone.Key, Waiting.Key, deferred.Facts.Thread.Key];
        var (copies, bytes) = await Silo.Erasures.MeasureAsync(Organization, keys, [letter.ContentHash]);

        await Silo.Erasures.BeginAsync(Organization, Erasure(), keys, [letter.ContentHash]);
        await EraseAsync(keys);

        await AssertNothingIsLeftAsync();
        var erasure = (await Silo.Erasures.FindAsync(Organization, Id))!;
        Assert.Equal((4, copies, bytes), (erasure.Emails, erasure.Copies, erasure.Bytes));
        Assert.Equal(5, copies);
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
        var row = (await Silo.FindAsync(Parent))!;
        Assert.Equal((Outcome.Skipped, ReasonCode.Erased, ReasonCode.Erased), (row.Outcome, row.Reason, row.Activity!.State.LeftOut));
        Assert.Equal((null, "", null, null), (row.Activity.MessageId, row.Activity.Subject, row.Activity.Sender, row.Activity.Regarding));
        Assert.Equal((conversation, conversation), (await Silo.ConversationAsync(Parent), await Silo.ConversationAsync(Reply)));
        Assert.Empty(await Silo.Queries.ReadPartiesAsync(Organization, Parent.Key));
        Assert.Equal(TraceCode.LeftOut, Assert.Single(await Silo.Queries.ReadTraceAsync(Organization, Parent.Key)).Code);
        Assert.Equal(ReasonCode.Erased, (await Silo.FindAsync(Waiting))!.Reason);
        Assert.DoesNotContain(await Silo.Queries.ReadLatestActsAsync(Organization, 10), act => act.Kind == ActKind.Erase);
        Assert.Empty(await Silo.Erasures.FindByAddressAsync(Organization, Letter.Address(Gone), 0, 100));
        Assert.Empty(await Silo.Erasures.ReadKeptAsync(Organization));
    }

    [Fact]
    public async Task A_copy_that_comes_later_leaves_nothing_either()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [Parent.Key, Waiting.Key], []);
        await Silo.DoAsync(Request([Parent.Key]));
        await Silo.DeliverAsync(Waiting.In(Cleo));
        Assert.NotNull(await Silo.DoAsync(Request([Waiting.Key])));

        foreach (var letter in new[] { Parent, Parent with { Minute = 1 }, Waiting })
        {
            var answer = Assert.Single((await Silo.DeliverAsync(letter.In(Bo, "Clients/Zanzibar"))).Answers);
            Assert.Equal((Outcome.Skipped, ReasonCode.Erased), (answer.Outcome, answer.Reason));
        }

        await AssertNothingIsLeftAsync();
        var before = await Database.DigestAsync();
        await Silo.DeliverAsync(Parent.In(Bo, "Clients/Zanzibar"));
        Assert.Equal(before, await Database.DigestAsync());
        await Silo.DeliverAsync(Reply.In(Bo));
        Assert.Equal(await Silo.ConversationAsync(Parent), await Silo.ConversationAsync(Reply));
    }

    [Fact]
    public async Task Raw_mail_that_another_email_needs_stays()
    {
        var shared = await KeptAsync(Parent, Ana);
        await Silo.DeliverAsync(shared);
        await Silo.DeliverAsync(Reply.In(Bo) with { ContentHash = shared.ContentHash });
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [Parent.Key, Reply.Key], []);

        await Silo.DoAsync(Request([Parent.Key]));
        Assert.NotNull(await Silo.Content.GetAsync(Organization, shared.ContentHash));
        await Silo.DoAsync(Request([Reply.Key]));
        Assert.Null(await Silo.Content.GetAsync(Organization, shared.ContentHash));
    }

    [Fact]
    public async Task What_a_decision_left_that_had_begun_before_goes_when_the_erasure_is_finished()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        var late = await Silo.DecideAsync(Parent.In(Bo, "Clients/Zanzibar"));
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [Parent.Key], []);
        await Silo.DoAsync(Request([Parent.Key]));
        await Silo.Store.CommitAsync(late.Change);
        await Silo.Outbox.DeferAsync(Organization, [Parent.In(Cleo, "Zanzibar")], Time.Now);
        Assert.Equal([Id], (await Silo.Erasures.ReadAsync(Organization, openOnly: true, 10)).Select(one => one.Id));
        await Silo.Erasures.SweptAsync(Organization, Id, Time.Now);

        await Silo.Erasures.FinishAsync(Organization, Id, Time.Now.AddMinutes(10));
        await Silo.Erasures.FinishAsync(Organization, Id, Time.Now.AddMinutes(20));

        await AssertNothingIsLeftAsync();
        Assert.Null(await Silo.Outbox.NextDueAsync(Organization));
        Assert.Empty(await Silo.Erasures.ReadAsync(Organization, openOnly: true, 10));
        var erasure = Assert.Single(await Silo.Erasures.ReadAsync(Organization, openOnly: false, 10));
        Assert.Equal((Time.Now, Time.Now.AddMinutes(10)), (erasure.SweptOn, erasure.FinishedOn));
        Assert.Equal(("Ana O'Hara", "Her request", new string('a', 64), ErasureKind.Address), (erasure.By, erasure.Why, erasure.AddressDigest, erasure.Kind));
    }

    [Fact]
    public async Task An_erasure_begins_once_and_an_email_is_due_until_it_is_erased()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [Parent.Key], []);
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [Parent.Key, Reply.Key], []);

        var due = Assert.Single(await Silo.Erasures.ReadDueAsync(Organization, Id, 10));
        Assert.Equal((Parent.Key, await Silo.ConversationAsync(Parent)), (due.Key, due.ConversationId!.Value));
        await Silo.DoAsync(Request([Parent.Key]));
        Assert.Empty(await Silo.Erasures.ReadDueAsync(Organization, Id, 10));
        Assert.Null(await Silo.Erasures.FindAsync("other", Id));
    }

    [Fact]
    public async Task Mail_that_was_received_before_a_moment_is_found_until_it_is_erased()
    {
        await Silo.DeliverAsync(Parent.In(Ana));
        await Silo.DeliverAsync((Reply with { Minute = 60 }).In(Bo));
        var until = Parent.In(Ana).ReceivedOn.AddMinutes(1);

        Assert.Equal([Parent.Key], (await Silo.Erasures.FindAgedAsync(Organization, until, 10)).Select(email => email.Key));
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [Parent.Key], []);
        await Silo.DoAsync(Request([Parent.Key]));
        Assert.Empty(await Silo.Erasures.FindAgedAsync(Organization, until, 10));
        await Silo.DeliverAsync(Parent.In(Bo));
        Assert.Empty(await Silo.Erasures.FindAgedAsync(Organization, until, 10));
    }

    [Fact]
    public async Task Mail_that_is_stopped_is_found_by_its_sender()
    {
        await Silo.DeliverAsync(Reply.In(Bo));
        await Silo.DoAsync(new ActRequest { Id = Guid.NewGuid(), Kind = ActKind.Stop, By = "Ana", On = Reply.In(Bo).ReceivedOn, Emails = [Reply.Key] });
        var late = Waiting with { Answers = Reply.Id, Minute = 90 };
        await Silo.DeliverAsync(late.In(Bo));
        Assert.Equal([late.Key], (await Silo.Erasures.FindByAddressAsync(Organization, Letter.Address(Gone), 0, 10)).Select(email => email.Key));

        await Silo.Erasures.BeginAsync(Organization, Erasure(), [late.Key], []);
        await Silo.DoAsync(Request([late.Key]));
        await AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task What_people_chose_for_an_address_goes_with_it(bool isCleared, bool isOwn)
    {
        var contact = new RecordReference("contact", Guid.NewGuid());
        await Silo.Directory.SaveRecordsAsync(
            Organization, [new CrmRecord(new RecordFacts(contact, true, null, Time.Now), "Somebody", [Letter.Address(isOwn ? Gone : Bo)])]);
        await Silo.Directory.ChooseRecordAsync(Organization, new RecordChoice(Letter.Address(Gone), contact, "Ana", "Zanzibar told us"));
        if (isCleared)
        {
            await Silo.Directory.ChooseRecordAsync(Organization, new RecordChoice(Letter.Address(Gone), null, "Ana"));
        }

        var before = (await Silo.Directory.ReadChangesAsync(Organization, 0, 10))[^1].Version;
        await Silo.Erasures.BeginAsync(Organization, Erasure(), [], [], Letter.Address(Gone));

        Assert.Empty(await Silo.Directory.ReadChoiceLogAsync(Organization, contact, 10));
        Assert.Empty(await Silo.Directory.ReadChoicesAsync(Organization, [Letter.Address(Gone)]));

        // What stood is a change of the directory, for mail that comes at the same moment; it is forgotten like any other.
        var changes = await Silo.Directory.ReadChangesAsync(Organization, before, 10);
        Assert.Equal(isCleared ? [] : [Letter.Address(Gone)], changes.SelectMany(change => change.Addresses));
        for (var version = 1; version <= before + changes.Length; version++)
        {
            await Silo.Directory.RemoveChangeAsync(Organization, version);
        }

        if (isOwn)
        {
            Assert.Equal(contact, Assert.Single(await Silo.Erasures.ReadHoldersAsync(Organization, Letter.Address(Gone))));
        }
        else
        {
            await AssertNothingIsLeftAsync();
        }
    }

    [Fact]
    public async Task The_records_that_hold_an_address_are_named()
    {
        var (one, other) = (new RecordReference("contact", Guid.NewGuid()), new RecordReference("lead", Guid.NewGuid()));
        await Silo.Directory.SaveRecordsAsync(Organization, [Record(one, Gone), Record(other, Gone)]);
        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Delete, other, null));
        Assert.Equal(one, Assert.Single(await Silo.Erasures.ReadHoldersAsync(Organization, Letter.Address(Gone))));

        CrmRecord Record(RecordReference reference, string address) =>
            new(new RecordFacts(reference, true, null, Time.Now), "Somebody", [Letter.Address(address)]);
    }

    [Fact]
    public async Task Mail_and_its_erasing_on_two_silos_at_once_never_miss_each_other()
    {
        await using var second = await Database.OpenAsync(Time);
        for (var i = 0; i < Races; i++)
        {
            var letter = Waiting with { Id = $"zanzibar{i}@fabrikam.com", Answers = $"nobody{i}@x.com" };
            if (i % 2 == 0)
            {
                await Silo.DeliverAsync(letter.In(Ana));
            }
            else
            {
                await Silo.DeliverAsync(letter.In(Cleo));
            }

            await Silo.Erasures.BeginAsync(Organization, Erasure(Id), [letter.Key], []);
            await Task.WhenAll(
                Silo.DoAsync(Request([letter.Key])), second.DeliverAsync(letter.In(Bo), letter.In(Ana, "Sent Items", FolderKind.SentItems)));

            var state = (await Silo.FindAsync(letter))!.Activity?.State;
            Assert.True(state is null or { LeftOut: ReasonCode.Erased }, letter.Id);
            Assert.Empty(await Silo.Queries.ReadPartiesAsync(Organization, letter.Key));
        }
    }
}
