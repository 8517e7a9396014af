using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class RelinkingTests
{
    private static readonly EmailAddress Bo = SimMail.Address("bo@fabrikam.com");
    private static readonly EmailAddress Cy = SimMail.Address("cy@tailspin.com");
    private static readonly string[] Addresses = ["ana@x.com", "bo@x.com", "cy@y.com", "sales@contoso.com"];
    private static readonly Letter Mail = An.Email("m").From("bo@fabrikam.com").To("sales@contoso.com").Cc("cy@tailspin.com");

    private static ModelStore Store() => new(new SimWorld(
    [
        new MailboxFacts(SimMail.Address("sales@contoso.com"), Reference("systemuser", 7), false, FilterMethod.All, []),
        new MailboxFacts(SimMail.Address("info@contoso.com"), Reference("queue", 8), true, FilterMethod.All, []),
    ]));

    private static ModelStore Seen()
    {
        var cluster = Over(Store());
        cluster.Deliver(Mail.In("sales@contoso.com"));
        return cluster.Store;
    }

    private static ModelCluster Over(ModelStore store) => new(new SimWorld([])) { Store = store };

    private static string Records(ModelStore store) => string.Join(
        ' ', store.Parties[Mail.Key].Select(party => party.Record is { } record ? $"{record.LogicalName}{record.Id.ToString()[7]}" : "-"));

    [Fact]
    public void A_contact_that_is_loaded_later_is_linked_and_the_trace_says_when()
    {
        var store = Seen();
        Assert.Equal("- - -", Records(store));
        store.Save(Record("contact", 1), Bo);
        store.Save(Record("contact", 2), Cy);
        store.Save(Record("account", 3), Cy);
        store.Link();

        Assert.Equal("contact1 - account3 contact2", Records(store));
        Assert.Equal(Reference("contact", 1), store.Emails[Mail.Key].State.SenderRecord);
        Assert.Equal(3, store.Emails[Mail.Key].DirectoryVersion);
        Assert.Equal(
            TraceEntry.Of(TraceCode.LinkedLater, "bo@fabrikam.com", Reference("contact", 1).ToString(), "1970-01-01 00:00:00Z"),
            store.PartyTraceOf(Mail.Key)[0]);
    }

    [Fact]
    public void A_contact_that_loses_its_address_is_unlinked()
    {
        var store = Seen();
        store.Save(Record("contact", 1), Bo, Cy);
        store.Link();
        store.Save(Record("contact", 1), Cy);
        store.Link();

        Assert.Equal("- - contact1", Records(store));
        Assert.Equal(
            TraceEntry.Of(TraceCode.UnlinkedLater, "bo@fabrikam.com", Reference("contact", 1).ToString(), "1970-01-01 00:00:00Z"),
            store.PartyTraceOf(Mail.Key)[^1]);
    }

    [Fact]
    public void A_change_that_means_nothing_for_a_mail_leaves_no_word_and_is_seen()
    {
        var store = Seen();
        store.Save(Record("systemuser", 1, active: false), Bo);
        store.Link();
        Assert.Equal("- - -", Records(store));
        Assert.Empty(store.PartyTraceOf(Mail.Key));
        Assert.Equal(1, store.Emails[Mail.Key].DirectoryVersion);

        var writes = store.Writes;
        store.Link();
        Assert.Equal(writes, store.Writes);
    }

    [Fact]
    public void The_records_of_who_accepted_the_mail_come_first()
    {
        var store = Seen();
        store.Save(Record("contact", 1, day: 1), Bo);
        store.Save(Record("contact", 2, owner: 7, day: 2), Bo);
        store.Link();
        Assert.Equal(Reference("contact", 2), store.Emails[Mail.Key].State.SenderRecord);
    }

    [Fact]
    public void Of_many_links_the_trace_keeps_the_latest()
    {
        var store = Seen();
        for (var i = 0; i < 2 * Relinking.TraceMax; i++)
        {
            store.Save(Record("contact", 1), i % 2 == 0 ? [Bo] : []);
            store.Link();
        }

        var trace = store.PartyTraceOf(Mail.Key);
        Assert.Equal(Relinking.TraceMax, trace.Length);
        Assert.Equal(TraceCode.UnlinkedLater, trace[^1].Code);
    }

    [Fact]
    public void Participants_are_found_again_in_parties_whoever_is_named_twice()
    {
        var genPeople = Gen.Select(Gen.OneOfConst(ParticipationType.ToRecipient, ParticipationType.CcRecipient), Gen.Int[0, 2], Gen.Int[0, 1])
            .Select((type, address, name) => new Participant(
                type, address == 2 ? null : SimMail.Address($"p{address}@x.com"), $"Name {name}"))
            .Array[0, 6];
        genPeople.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Sample((people, first, second) =>
        {
            RecordFacts[][] records =
            [
                [.. Enumerable.Range(1, first).Select(i => Record("contact", i))],
                [.. Enumerable.Range(3, second).Select(i => Record(i % 2 == 0 ? "account" : "contact", i))],
            ];
            ImmutableArray<Participant> participants = [new(ParticipationType.Sender, Bo, "Bo"), .. people.OrderBy(person => person.Type)];
            var parties = Parties.Resolve(
                participants,
                Reference("contact", 9),
                address => address.Value[1] is '0' or '1' ? records[address.Value[1] - '0'] : [],
                new TrackingSettings());
            Assert.Equal(participants.AsEnumerable(), Relinking.ParticipantsOf(parties));
        });
    }

    [Fact]
    public void Records_and_mail_in_any_order_give_the_parties_of_records_first()
    {
        var addresses = Addresses;
        var genAddresses = Gen.OneOfConst(addresses).Array[1, 3].Select(list => list.Distinct().ToArray());
        var genMail = Gen.Select(Gen.OneOfConst(addresses), genAddresses, genAddresses, Gen.Int[-1, 3])
            .Array[1, 4]
            .Select(mails => mails.SelectMany((mail, i) => Copies(i, mail.Item1, mail.Item2, mail.Item3, mail.Item4)).ToArray());
        var genState = Gen.Select(Gen.Bool, Gen.Int[6, 8], Gen.Int[0, 2], Gen.OneOfConst(addresses).Array[0, 2]);
        var genRecords = Gen.Select(Gen.OneOfConst("contact", "account", "systemuser"), genState.Array[1, 3]).Array[0, 4]
            .Select(records => records.Select((record, i) => record.Item2
                .Select(state => new Saved(
                    Record(record.Item1, i + 1, state.Item1, state.Item2, state.Item3), [.. state.Item4.Distinct().Select(SimMail.Address)]))
                .ToArray()).ToArray());
        Gen.Select(genMail, genRecords, Gen.Int[-1, 3].Array[addresses.Length])
            .SelectMany((mails, records, choosing) => Gen.Shuffle(Events(mails, records, choosing))
                .Select(events => (mails, records, choosing, events)))
            .Sample(
                (mails, records, choosing, events) =>
                {
                    var first = Over(Store());
                    foreach (var states in records)
                    {
                        first.Store.Save(states[^1].Facts, states[^1].Addresses);
                    }

                    foreach (var choice in Choices(records, choosing))
                    {
                        first.Store.Choose(choice.Address, choice.Record);
                    }

                    foreach (var mail in mails)
                    {
                        first.Deliver(mail);
                    }

                    var any = Over(Store());
                    var saved = new int[records.Length];
                    foreach (var one in events)
                    {
                        switch (one)
                        {
                            case Sighting sighting:
                                any.Deliver(sighting);
                                break;
                            case int record:
                                var state = records[record][saved[record]++];
                                any.Store.Save(state.Facts, state.Addresses);
                                break;
                            case Chosen choice:
                                any.Store.Choose(choice.Address, choice.Record);
                                break;
                            default:
                                any.Store.Link();
                                break;
                        }
                    }

                    any.Store.Link();
                    Assert.Equal(Report(first.Store), Report(any.Store));
                },
                iter: 400);
    }

    private static object[] Events(Sighting[] mails, Saved[][] records, int[] choosing) =>
        [.. mails, .. records.SelectMany((states, i) => states.Select(_ => (object)i)), .. Choices(records, choosing), "link", "link"];

    // For each address the number of the record that a person chooses for it, be it its own or not.
    private static IEnumerable<Chosen> Choices(Saved[][] records, int[] choosing) => choosing.Index()
        .Where(one => one.Item >= 0 && one.Item < records.Length)
        .Select(one => new Chosen(SimMail.Address(Addresses[one.Index]), records[one.Item][0].Facts.Reference));

    // Two copies of one email, of which either may stand for it.
    private static IEnumerable<Sighting> Copies(int number, string from, string[] to, string[] others, int answers)
    {
        var mail = new SimMail($"m{number}", from, [.. to], answers >= 0 && answers != number ? [$"m{answers}"] : [], [], number);
        yield return new SimSighting(mail, "sales@contoso.com", "Inbox").Sighting();
        yield return new SimSighting(mail with { To = [.. others] }, "info@contoso.com", "Inbox").Sighting();
    }

    private static string Report(ModelStore store) => string.Join('\n', store.Emails.Values
        .OrderBy(email => email.Facts.Key)
        .Select(email => $"{email.State.SenderRecord} {string.Join(' ', store.Parties[email.Facts.Key].Select(party =>
            $"{party.Participant.Type} {party.Participant.Address} {party.Record}"))}"));

    private sealed record Chosen(EmailAddress Address, RecordReference Record);

    private sealed record Saved(RecordFacts Facts, ImmutableArray<EmailAddress> Addresses);
}
