using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class PartiesTests
{
    private const int Owner = 7;

    private static RecordReference? SenderOf(params RecordFacts[] records) =>
        Parties.SenderOf(SimMail.Address("bo@fabrikam.com"), Id(Owner), _ => records, new TrackingSettings());

    public static TheoryData<string, RecordFacts[], int> Examples => new()
    {
        // Dynamics' documented rule and worked examples: the records of the sender's address, and the one that is meant.
        { "one record, whatever its state",                   [Record("contact", 1, active: false)], 1 },
        { "two contacts, none owned: the first created",      [Record("contact", 1, day: 2), Record("contact", 2, day: 1)], 2 },
        { "two contacts, both owned: the first created",      [Record("contact", 1, owner: Owner, day: 2), Record("contact", 2, owner: Owner, day: 1)], 2 },
        { "the newer one owned: the owned one",               [Record("contact", 1, owner: Owner, day: 2), Record("contact", 2, day: 1)], 1 },
        { "owned by somebody else is not owned",              [Record("contact", 1, owner: 8, day: 2), Record("contact", 2, day: 1)], 2 },
        { "contacts and an account, all owned: a contact",    [Record("account", 1, owner: Owner, day: 0), Record("contact", 2, owner: Owner, day: 2), Record("contact", 3, owner: Owner, day: 1)], 3 },
        { "only the account owned: the account",              [Record("account", 1, owner: Owner, day: 9), Record("contact", 2), Record("contact", 3)], 1 },
        { "owned outweighs active",                           [Record("contact", 1, active: false, owner: Owner), Record("contact", 2)], 1 },
        { "active outweighs the kind",                        [Record("contact", 1, active: false), Record("businessunit", 2)], 2 },
        { "the kind outweighs age",                           [Record("lead", 1, day: 0), Record("contact", 2, day: 9)], 2 },
        { "age, then id",                                     [Record("contact", 2), Record("contact", 1)], 1 },
        { "a disabled user is nobody",                        [Record("systemuser", 1, active: false), Record("cr123_approver", 2)], 2 },
        { "a disabled user is nobody, owned or not",          [Record("systemuser", 1, active: false, owner: Owner), Record("contact", 2)], 2 },
        { "an inactive contact is somebody",                  [Record("contact", 1, active: false), Record("systemuser", 2, active: false)], 1 },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_sender_is_one_record(string rule, RecordFacts[] records, int expected)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(Id(expected), SenderOf(records)?.Id);
    }

    [Fact]
    public void Kinds_stand_in_Dynamics_order()
    {
        string[] order = ["systemuser", "contact", "account", "lead", "equipment", "team", "businessunit", "queue"];
        for (var i = 0; i < order.Length; i++)
        {
            var records = order.Skip(i).Select((table, at) => Record(table, i + at + 1, day: 20 - at)).ToArray();
            Assert.Equal(order[i], SenderOf([.. records.Reverse()])?.LogicalName);
        }
    }

    public static TheoryData<string, RecordFacts[], bool> Ours => new()
    {
        { "an active user",                              [Record("systemuser", 1)],                                                   true },
        { "a queue",                                     [Record("queue", 1)],                                                        true },
        { "a disabled user",                             [Record("systemuser", 1, active: false)],                                    false },
        { "a contact",                                   [Record("contact", 1)],                                                      false },
        { "a user for whom somebody else was chosen",    [Record("systemuser", 1), Record("contact", 2) with { IsChosen = true }],    true },
        { "a user who was chosen for an outsider",       [Record("systemuser", 1) with { IsChosen = true, IsByChoiceAlone = true }],  false },
        { "one who was chosen for an own address",       [Record("systemuser", 1) with { IsChosen = true }],                          true },
    };

    [Theory]
    [MemberData(nameof(Ours))]
    public void Who_is_one_of_us_is_told_by_own_addresses(string name, RecordFacts[] records, bool isUser)
    {
        Assert.NotEmpty(name);
        Assert.Equal(isUser, Parties.IsUser(SimMail.Address("bo@fabrikam.com"), _ => records));
    }

    [Fact]
    public void Queues_and_other_tables_come_last_by_age() =>
        Assert.Equal("cr123_approver", SenderOf(Record("queue", 1, day: 2), Record("cr123_approver", 2, day: 1))?.LogicalName);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]    // Too many have the address: nobody is meant.
    public void At_most_100_records_may_have_the_address(int count, bool resolved)
    {
        RecordFacts[] records = [.. Enumerable.Range(1, count).Select(i => Record("contact", i))];
        Assert.Equal(resolved, SenderOf(records) is not null);
        var party = Assert.Single(
            Parties.Resolve(An.Email("m").To("bo@fabrikam.com").Facts, null, address => address.Value == "bo@fabrikam.com" ? records : [], new TrackingSettings())
                .Where(party => party.Participant.Type == ParticipationType.ToRecipient)
                .DistinctBy(party => party.Record is null));
        Assert.Equal(resolved, party.Record is not null);
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, false)]    // Two have the address: by these settings nobody is meant.
    [InlineData(1, 1, true)]     // A disabled user is no second one.
    public void Settings_leave_an_address_of_several_records_unresolved(int contacts, int disabledUsers, bool resolved)
    {
        RecordFacts[] records =
        [
            .. Enumerable.Range(1, contacts).Select(i => Record("contact", i)),
            .. Enumerable.Range(50, disabledUsers).Select(i => Record("systemuser", i, active: false)),
        ];
        var bo = SimMail.Address("bo@fabrikam.com");
        var (senders, recipients) = (
            new TrackingSettings { LeavesAmbiguousSenders = true }, new TrackingSettings { LeavesAmbiguousRecipients = true });
        Assert.Equal(resolved, Parties.SenderOf(bo, null, _ => records, senders) is not null);
        Assert.NotNull(Parties.SenderOf(bo, null, _ => records, recipients));
        ActivityParty[] To(TrackingSettings settings) =>
        [
            .. Parties.Resolve(An.Email("m").To("bo@fabrikam.com").Facts, null, address => address == bo ? records : [], settings)
                .Where(party => party.Participant.Type == ParticipationType.ToRecipient),
        ];
        Assert.Equal(resolved, Assert.Single(To(recipients)).Record is not null);
        Assert.Equal(contacts, To(senders).Length);
    }

    public static TheoryData<string, RecordFacts[], int?> Chosen => new()
    {
        // The records of an address, and the one that is meant alone, for a sender and a recipient alike; null: nobody chose.
        { "chosen outweighs owned",            [Record("contact", 1, owner: Owner), Choice("contact", 2)], 2 },
        { "chosen outweighs active",           [Record("contact", 1), Choice("contact", 2, active: false)], 2 },
        { "chosen outweighs the kind",         [Record("systemuser", 1), Choice("cr123_approver", 2)], 2 },
        { "chosen outweighs age",              [Record("contact", 1, day: 1), Choice("contact", 2, day: 2)], 2 },
        { "the only one, and chosen",          [Choice("contact", 1)], 1 },
        { "one of more than 100",              [.. Enumerable.Range(1, 150).Select(i => Record("contact", i)), Choice("lead", 200)], 200 },
        { "a disabled user is nobody",         [Choice("systemuser", 1, active: false), Record("contact", 2), Record("contact", 3)], null },
    };

    private static RecordFacts Choice(string table, int number, bool active = true, int day = 0) =>
        Record(table, number, active, day: day) with { IsChosen = true };

    [Theory]
    [MemberData(nameof(Chosen))]
    public void Whoever_a_person_chose_is_meant_alone_whatever_the_settings_leave_open(string rule, RecordFacts[] records, int? expected)
    {
        Assert.NotEmpty(rule);
        var bo = SimMail.Address("bo@fabrikam.com");
        var mail = An.Email("m").To("bo@fabrikam.com").Facts;
        foreach (var (senders, recipients, inactive) in new[] { (false, false, true), (true, true, true), (true, true, false) })
        {
            var settings = new TrackingSettings
            {
                LeavesAmbiguousSenders = senders,
                LeavesAmbiguousRecipients = recipients,
                Parties = new PartySettings { ResolvesInactive = inactive },
            };
            var choice = Parties.ChooseSender(bo, Id(Owner), _ => records, settings);
            Assert.Equal(expected is not null, choice.Rule == ChoiceRule.Chosen);
            var recipient = Parties.Resolve(mail, null, address => address == bo ? records : [], settings)
                .Where(party => party.Participant.Address == bo)
                .Select(party => party.Record)
                .ToArray();
            if (expected is { } number)
            {
                Assert.Equal((Id(number), records.Length), (choice.Record?.Id, choice.Count));
                Assert.DoesNotContain(choice.Record!.Value, choice.Others);
                Assert.Equal(Id(number), Assert.Single(recipient)?.Id);
            }
            else
            {
                Assert.DoesNotContain(Id(1), recipient.Select(record => record?.Id ?? default));
            }
        }
    }

    [Fact]
    public void The_trace_says_that_a_person_chose_and_who_else_has_the_address()
    {
        var story = new Story()
            .Record("bo@fabrikam.com", Record("contact", 1))
            .Record("bo@fabrikam.com", Choice("lead", 2));
        var mail = story.See(An.Email("m").From("bo@fabrikam.com"));
        Assert.Equal(Reference("lead", 2), mail?.State.SenderRecord);
        Assert.Equal(
            TraceEntry.Of(TraceCode.SenderChosen, Reference("lead", 2).ToString(), "Chosen", "2", Reference("contact", 1).ToString()),
            Assert.Single(story.Traces, entry => entry.Code == TraceCode.SenderChosen));
    }

    [Fact]
    public void A_sender_whom_a_person_chose_is_not_refused_for_being_several()
    {
        Story Of(RecordFacts second) => new Story
        {
            Settings = new TrackingSettings { Acceptance = new AcceptanceSettings { RefusesSharedSenders = true } },
        }.Mailbox("sales@contoso.com", FilterMethod.LeadsContactsAccounts)
            .Record("bo@fabrikam.com", Record("contact", 1))
            .Record("bo@fabrikam.com", second);
        Assert.Null(Of(Record("contact", 2)).See(An.Email("m").From("bo@fabrikam.com")));
        Assert.NotNull(Of(Choice("contact", 2)).See(An.Email("m").From("bo@fabrikam.com")));
    }

    [Fact]
    public void Disabled_users_count_among_the_100() => Assert.Null(
        SenderOf([.. Enumerable.Range(1, 100).Select(i => Record("systemuser", i, active: false)), Record("contact", 101)]));

    [Fact]
    public void Without_a_tracking_owner_nothing_is_owned() => Assert.Equal(
        Id(2),
        Parties.SenderOf(SimMail.Address("bo@fabrikam.com"), null, _ => [Record("contact", 1, day: 2), Record("contact", 2, day: 1, owner: 8)], new TrackingSettings())?.Id);

    [Fact]
    public void A_sender_without_an_address_is_nobody() => Assert.Null(Parties.SenderOf(null, null, _ => [Record("contact", 1)], new TrackingSettings()));

    [Fact]
    public void A_recipient_is_every_record_with_its_address_but_a_disabled_user()
    {
        var parties = Parties.Resolve(
            An.Email("m").To("bo@fabrikam.com").Cc("cy@tailspin.com").Facts,
            Reference("systemuser", 9),
            address => address.Value == "bo@fabrikam.com"
                ? [Record("contact", 2), Record("account", 1), Record("contact", 1, active: false), Record("systemuser", 3, active: false)]
                : [],
            new TrackingSettings());
        Assert.Equal(
            ["Sender systemuser 9", "ToRecipient account 1", "ToRecipient contact 1", "ToRecipient contact 2", "CcRecipient  "],
            parties.Select(party => $"{party.Participant.Type} {party.Record?.LogicalName} {Number(party.Record)}"));
        static string Number(RecordReference? record) => record is { } one ? one.Id.ToString()[..8].TrimStart('0') : "";
    }

    [Fact]
    public void The_order_in_which_records_were_loaded_makes_no_difference()
    {
        string[] tables = ["systemuser", "contact", "account", "lead", "queue", "cr123_approver"];
        var genRecords = Gen.Select(Gen.OneOfConst(tables), Gen.Bool, Gen.Int[6, 8], Gen.Int[0, 2]).Array[0, 8]
            .Select(Gen.Int[0, 20], (rows, chosen) => rows
                .Select((row, i) => Record(row.Item1, i + 1, row.Item2, row.Item3, row.Item4) with { IsChosen = i == chosen })
                .ToArray());
        genRecords.SelectMany(records => Gen.Shuffle(records).Select(shuffled => (records, shuffled))).Sample(
            (records, shuffled) =>
            {
                Assert.Equal(SenderOf(records), SenderOf(shuffled));
                var mail = An.Email("m").To("bo@fabrikam.com").Facts;
                Assert.Equal<ActivityParty>(
                    Parties.Resolve(mail, null, _ => records, new TrackingSettings()),
                    Parties.Resolve(mail, null, _ => shuffled, new TrackingSettings()));
            },
            iter: 500);
    }

    [Theory]
    [InlineData("ana@contoso.com", "ben@contoso.com", 1)]
    [InlineData("ben@contoso.com", "ana@contoso.com", 1)]
    public void The_owner_is_that_of_the_mailbox_that_stands_for_all_whichever_was_read_first(string first, string then, int expected)
    {
        // ana is the first recipient, so her records come first.
        var story = new Story().Mailbox("ana@contoso.com", owner: Id(71)).Mailbox("ben@contoso.com", owner: Id(72))
            .Record("bo@fabrikam.com", Record("contact", 1, owner: 71, day: 2))
            .Record("bo@fabrikam.com", Record("contact", 2, owner: 72, day: 1));
        var mail = An.Email("m").From("bo@fabrikam.com").To("ana@contoso.com", "ben@contoso.com");
        story.See(mail, first);
        story.See(mail, then);
        Assert.Equal(Id(expected), story.Of(mail).SenderRecord?.Id);
    }
}
