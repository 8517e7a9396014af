using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Which records mail in queues becomes: by the rule of the queue, once, with what is known then.</summary>
public sealed class RuleTests
{
    private const string Support = "support@contoso.com";   // A queue of user 4.
    private const string Billing = "billing@contoso.com";   // A queue.
    private const string Ana = "ana@contoso.com";           // User 1.
    private const string Bo = "bo@fabrikam.com";            // Contact 2, of account 3.
    private const string Eve = "eve@tailspin.com";          // Nobody.

    private static readonly RecordReference Contact = Reference(Tables.Contact, 2);
    private static readonly RecordReference Account = Reference(Tables.Account, 3);

    private static readonly Letter Mail = An.Email("m").From(Bo).To(Support).About("Pump broken");

    private static Story NewStory(CreationRule? support, CreationRule? billing = null)
    {
        var story = new Story()
            .Record(Ana, Record(Tables.SystemUser, 1))
            .Record(Bo, Record(Tables.Contact, 2))
            .Record(Support, Record(Tables.Queue, 40, owner: 4))
            .Record(Billing, Record(Tables.Queue, 41, owner: 4))
            .Related(Contact, Account)
            .Mailbox(Support, isQueue: true, owner: Id(40))
            .Mailbox(Billing, isQueue: true, owner: Id(41))
            .Mailbox(Ana, owner: Id(1));
        story.Store.Now = DateTimeOffset.UnixEpoch.AddDays(1);
        if (support is not null)
        {
            story.Store.Set(SimMail.Address(Support), support);
        }

        if (billing is not null)
        {
            story.Store.Set(SimMail.Address(Billing), billing);
        }

        return story;
    }

    private static CreationRule Rule(string queue = Support, params CreationItem[] items) => new()
    {
        Name = "Rule",
        Queue = SimMail.Address(queue),
        Items = items.Length == 0 ? [Item("All")] : [.. items],
    };

    private static CreationItem Item(string name, params CreationCondition[] when) => new(name, [.. when], Tables.Incident);

    private static string? Skip(Story story) => story.Traces.FirstOrDefault(entry => entry.Code == TraceCode.RuleSkipped)?.Values[2];

    [Fact]
    public void Mail_to_a_queue_with_a_rule_becomes_one_case_that_it_is_about()
    {
        var story = NewStory(Rule());
        story.See(Mail, Support);
        var created = Assert.Single(story.Store.Created.Values);
        Assert.Equal(
            ("Pump broken", Id(4), Contact, Tables.Incident, 1L),
            (created.Name, created.OwnerId, created.Customer, created.Reference.LogicalName, created.Version));
        Assert.Equal(new RegardingLink(RegardingSource.Rule, created.Reference, null), story.Of(Mail).Regarding);
    }

    [Theory]
    [InlineData(Support, Ana, Support)]
    [InlineData(Ana, Support, Ana)]
    [InlineData(Support, Support, Support)]
    public void However_often_and_wherever_else_it_is_seen_it_is_one_case(string first, string second, string third)
    {
        var story = NewStory(Rule());
        story.See(Mail, first);
        story.See(Mail, second, "Archive");
        story.See(Mail, third);
        Assert.Single(story.Store.Created);
    }

    [Fact]
    public void An_answer_gives_no_other_case_and_is_about_the_first()
    {
        var story = NewStory(Rule());
        story.See(Mail, Support);
        var answer = An.Email("answer").From(Bo).To(Support).Answering(Mail).Minute(1);
        story.See(answer, Support);
        Assert.Equal(Assert.Single(story.Store.Created).Key, story.Of(answer).Regarding!.Record);
        Assert.Equal(nameof(RuleSkip.Active), Skip(story));
    }

    [Fact]
    public void A_mail_whose_answer_came_first_is_about_the_case_of_its_answer()
    {
        var story = NewStory(Rule());
        var answer = An.Email("answer").From(Bo).To(Support).Answering(Mail).Minute(1);
        story.See(answer, Support);
        story.See(Mail, Support);
        Assert.Equal(Assert.Single(story.Store.Created).Key, story.Of(Mail).Regarding!.Record);
        Assert.Equal(nameof(RuleSkip.AnsweredBefore), Skip(story));
    }

    // A stranger who guesses an id does not get the mail that bears it.
    [Fact]
    public void An_answer_of_somebody_without_ground_does_not_draw_the_mail_into_its_case()
    {
        var story = NewStory(Rule() with { UnknownSenders = UnknownSenders.Allow });
        story.See(An.Email("guess").From(Eve).To(Support).Answering(Mail).Minute(1), Support);
        story.See(Mail, Support);
        Assert.Equal(2, story.Store.Created.Count);
    }

    [Theory]
    //          sender                        auto-submitted  import  allowed    skipped because
    [InlineData(Bo,                           null,           false,  "",        null)]
    [InlineData(Eve,                          null,           false,  "",        RuleSkip.UnknownSender)]
    [InlineData(Eve,                          null,           false,  "unknown", null)]
    [InlineData(Ana,                          null,           false,  "",        RuleSkip.UnknownSender)]   // Our user is no customer.
    [InlineData(Bo,                           null,           true,   "",        RuleSkip.Imported)]
    [InlineData(Bo,                           null,           true,   "import",  null)]
    [InlineData(Bo,                           "auto-replied", false,  "",        RuleSkip.AutoSubmitted)]
    [InlineData(Bo,                           "auto-replied", false,  "program", null)]
    [InlineData("mailer-daemon@fabrikam.com", null,           false,  "unknown", RuleSkip.AutoSubmitted)]   // A bounce of old.
    [InlineData(Bo,                           null,           false,  "orders",  RuleSkip.NoItem)]
    public void A_gate_that_is_closed_says_which(string sender, string? autoSubmitted, bool isImport, string allowed, RuleSkip? skipped)
    {
        var story = NewStory(Rule(Support, allowed == "orders" ? [Item("Orders", new CreationCondition(RuleFact.Subject, "order"))] : []) with
        {
            UnknownSenders = allowed == "unknown" ? UnknownSenders.Allow : UnknownSenders.Refuse,
            TakesImported = allowed == "import",
            TakesAutoSubmitted = allowed == "program",
        });
        var mail = Mail.From(sender) with { AutoSubmitted = autoSubmitted };
        story.See(mail.In(Support) with { IsBackfill = isImport });
        Assert.Equal(skipped?.ToString(), Skip(story));
        Assert.Equal(skipped is null ? 1 : 0, story.Store.Created.Count);
    }

    [Fact]
    public void A_queue_without_a_rule_makes_nothing()
    {
        var story = NewStory(null);
        story.See(Mail, Support);
        Assert.Empty(story.Store.Created);
    }

    [Fact]
    public void A_held_mail_becomes_nothing()
    {
        var story = NewStory(Rule() with { UnknownSenders = UnknownSenders.Allow });
        story.See(Mail, Ana);
        story.See(An.Email("held").From(Eve).To(Support).Answering(Mail).Minute(1), Support);
        Assert.Equal(nameof(RuleSkip.Held), Skip(story));
        Assert.Empty(story.Store.Created);
    }

    [Fact]
    public void A_mail_that_people_keep_out_becomes_nothing()
    {
        var story = NewStory(Rule());
        story.See(Mail, Ana);
        story.Do(ActKind.Untrack, Mail);
        story.See(Mail, Support);
        Assert.Equal(nameof(RuleSkip.LeftOut), Skip(story));
        Assert.Empty(story.Store.Created);
    }

    [Fact]
    public void An_unknown_sender_becomes_a_contact_when_the_rule_says_so_and_is_the_customer()
    {
        var story = NewStory(Rule() with { UnknownSenders = UnknownSenders.CreateContact });
        story.See(Mail.From(Eve), Support);
        var contact = Assert.Single(story.Store.NewRecords).Key;
        Assert.Equal(contact, Assert.Single(story.Store.Created).Value.Customer);
    }

    [Fact]
    public void An_unknown_sender_who_becomes_a_lead_becomes_no_contact_besides()
    {
        var story = new Story().Mailbox(Support, isQueue: true, options: new PersonalOptions { Creates = RecordCreation.Lead });
        story.Store.Set(SimMail.Address(Support), Rule() with { UnknownSenders = UnknownSenders.CreateContact });
        story.See(Mail.From(Eve), Support);
        Assert.Equal(Tables.Lead, Assert.Single(story.Store.NewRecords).Key.LogicalName);
        Assert.Equal(nameof(RuleSkip.UnknownSender), Skip(story));
    }

    [Theory]
    [InlineData(RuleCustomer.Sender, Tables.Contact)]
    [InlineData(RuleCustomer.Account, Tables.Account)]
    public void The_customer_is_the_sender_or_the_account_that_it_belongs_to(RuleCustomer customer, string table)
    {
        var story = NewStory(Rule() with { Customer = customer });
        story.See(Mail, Support);
        Assert.Equal(table, Assert.Single(story.Store.Created).Value.Customer!.Value.LogicalName);
    }

    [Theory]
    //          fact                       value                    not    holds
    [InlineData(RuleFact.Subject,          "PUMP",                  false, true)]
    [InlineData(RuleFact.Subject,          "valve",                 false, false)]
    [InlineData(RuleFact.Subject,          "valve",                 true,  true)]
    [InlineData(RuleFact.Sender,           "fabrikam.com",          false, true)]
    [InlineData(RuleFact.Sender,           "bo@fabrikam.com",       false, true)]
    [InlineData(RuleFact.Sender,           "kam.com",               false, false)]
    [InlineData(RuleFact.Recipient,        "support@contoso.com",   false, true)]
    [InlineData(RuleFact.Recipient,        "bo@fabrikam.com",       false, false)]
    [InlineData(RuleFact.SenderTable,      "contact",               false, true)]
    [InlineData(RuleFact.SenderTable,      "none",                  false, false)]
    [InlineData(RuleFact.HasAttachments,   "true",                  false, true)]
    [InlineData(RuleFact.Importance,       "high",                  false, true)]
    [InlineData(RuleFact.Importance,       "low",                   false, false)]
    [InlineData(RuleFact.AutoSubmitted,    "false",                 false, true)]
    [InlineData(RuleFact.Header,           "sensitivity: private",  false, true)]
    [InlineData(RuleFact.Header,           "sensitivity: personal", false, false)]
    public void A_condition_holds_by_what_the_mail_says(RuleFact fact, string value, bool not, bool holds)
    {
        var story = NewStory(Rule(Support, Item("One", new CreationCondition(fact, value, not))));
        story.See(Mail with { Attachments = 1, Importance = 2, Labels = ["Sensitivity: Private"] }, Support);
        Assert.Equal(holds ? 1 : 0, story.Store.Created.Count);
    }

    // Case H8.
    [Fact]
    public void Of_two_items_that_match_the_first_decides_and_the_trace_names_the_other()
    {
        var pump = new CreationCondition(RuleFact.Subject, "pump");
        var story = NewStory(Rule(Support, Item("Valves", new CreationCondition(RuleFact.Subject, "valve")), Item("Pumps", pump), Item("All else")));
        story.See(Mail, Support);
        Assert.Equal("Pumps", Assert.Single(story.Store.Created).Value.Item);
        Assert.Equal("Pumps", Assert.Single(story.Traces, entry => entry.Code == TraceCode.RuleFired).Values[2]);
        Assert.Equal(["All else", "incident"], Assert.Single(story.Traces, entry => entry.Code == TraceCode.RuleAlsoMatches).Values.AsEnumerable());
    }

    // Case G4.
    [Theory]
    //          who sends it   what it forwards   customer
    [InlineData(Ana,           Bo,                2)]      // A colleague forwards a customer's mail.
    [InlineData(Eve,           Bo,                null)]   // Anybody can write that he forwards: believed to our users only.
    [InlineData(Ana,           Eve,               null)]   // Who wrote it is nobody we know.
    [InlineData(Bo,            Eve,               2)]      // A customer forwards: he is who writes to us.
    public void A_forward_by_a_colleague_is_a_case_of_who_wrote_it(string sender, string original, int? customer)
    {
        var story = NewStory(Rule() with { UnknownSenders = UnknownSenders.Allow });
        story.See(Mail.From(sender).About("Fwd: Pump broken") with { ForwardedFrom = original }, Support);
        Assert.Equal(
            customer is { } id ? Reference(Tables.Contact, id) : default(RecordReference?), Assert.Single(story.Store.Created).Value.Customer);
    }

    [Fact]
    public void Who_forwards_a_mail_takes_part_in_it_as_its_sender()
    {
        var story = NewStory(Rule());
        var forward = Mail.From(Ana).About("Fwd: Pump broken") with { ForwardedFrom = Bo };
        Assert.Equal(Reference(Tables.SystemUser, 1), story.See(forward, Support)!.State.SenderRecord);
        Assert.Equal("forwarded", Assert.Single(story.Traces, entry => entry.Code == TraceCode.RuleCustomer).Values[2]);
    }

    // Case G6.
    [Theory]
    [InlineData(Support + " " + Billing, Support)]   // To both: in the order of its recipients,
    [InlineData(Billing + " " + Support, Billing)]
    [InlineData(Billing,                 Billing)]   // to one: about the case of that one.
    [InlineData(Support,                 Support)]
    public void An_answer_is_about_the_cases_of_the_queues_that_it_still_goes_to(string to, string about)
    {
        var story = NewStory(Rule(), Rule(Billing));
        var first = Mail.To(Billing);
        story.See(first, Billing);
        story.See(first, Support);
        var ours = An.Email("ours").From(Ana).To(Bo).Answering(first).Minute(1);
        story.See(ours, Ana);
        var queues = to.Split(' ');
        var answer = An.Email("answer").From(Bo).To(queues).Answering(ours).Naming(first, ours).Minute(2);
        foreach (var queue in queues.Reverse())
        {
            story.See(answer, queue);
        }

        Assert.Equal(2, story.Store.Created.Count);
        Assert.Equal(story.Store.Created.Values.Single(record => record.Queue.Value == about).Reference, story.Of(answer).Regarding!.Record);
    }

    // Case G10.
    [Fact]
    public void An_answer_to_a_queue_whose_rule_creates_another_table_becomes_a_record_of_that_kind()
    {
        var opportunity = new CreationItem("Deals", [], Tables.Opportunity);
        var story = NewStory(Rule(), Rule(Billing, opportunity));
        story.See(Mail, Support);
        var answer = An.Email("answer").From(Bo).To(Billing).Answering(Mail).Minute(1);
        story.See(answer, Billing);
        Assert.Equal(Tables.Opportunity, story.Of(answer).Regarding!.Record.LogicalName);
        Assert.Equal(Tables.Incident, story.Of(Mail).Regarding!.Record.LogicalName);

        // An answer to that goes on with it.
        var next = An.Email("next").From(Bo).To(Billing).Answering(answer).Minute(2);
        story.See(next, Billing);
        Assert.Equal(2, story.Store.Created.Count);
        Assert.Equal(story.Of(answer).Regarding!.Record, story.Of(next).Regarding!.Record);
    }

    [Fact]
    public void A_mail_that_a_person_says_is_about_a_record_of_another_table_becomes_nothing()
    {
        var story = NewStory(Rule());
        story.See(Mail, Ana);
        story.Do(ActKind.Regarding, Mail, record: Account);
        story.See(Mail, Support);
        Assert.Equal(nameof(RuleSkip.OtherTable), Skip(story));
        Assert.Equal(Account, story.Of(Mail).Regarding!.Record);
    }

    [Theory]
    //          resolved   rule                          wait  since   created
    [InlineData(false,     ResolvedRecords.CreateNew,    0,    0,      1)]   // It is open.
    [InlineData(true,      ResolvedRecords.Keep,         0,    99,     1)]   // The rule leaves it there.
    [InlineData(true,      ResolvedRecords.CreateNew,    0,    1,      2)]   // At once.
    [InlineData(true,      ResolvedRecords.CreateNew,    24,   23,     1)]   // Resolved a short time ago: it only belongs there.
    [InlineData(true,      ResolvedRecords.CreateNew,    24,   24,     2)]
    [InlineData(true,      ResolvedRecords.CreateNew,    24,   null,   2)]   // Nobody knows since when.
    public void An_answer_about_a_resolved_case_is_a_new_one_when_the_rule_says_so(
        bool isResolved, ResolvedRecords resolved, int waitHours, int? since, int created)
    {
        var story = NewStory(Rule() with { Resolved = resolved, WaitAfterResolved = TimeSpan.FromHours(waitHours) });
        story.See(Mail, Support);
        var first = story.Of(Mail).Regarding!.Record;
        var answer = An.Email("answer").From(Bo).To(Support).Answering(Mail).Minute(9_999);
        story.Store.Lives[first] = new RecordLife(first, !isResolved, null, null)
        {
            InactiveOn = since is { } hours ? answer.Date!.Value.AddHours(-hours) : null,
        };
        story.See(answer, Support);
        Assert.Equal(created, story.Store.Created.Count);
        Assert.Equal(created == 2, story.Of(answer).Regarding!.Record != first);
        Assert.Equal(first, story.Of(Mail).Regarding!.Record);
    }

    [Fact]
    public void An_answer_about_a_case_that_was_deleted_is_a_new_one()
    {
        var story = NewStory(Rule());
        story.See(Mail, Support);
        var first = story.Of(Mail).Regarding!.Record;
        story.Store.Lives[first] = new RecordLife(first, true, null, DateTimeOffset.UnixEpoch);
        story.See(An.Email("answer").From(Bo).To(Support).Answering(Mail).Minute(1), Support);
        Assert.Equal(2, story.Store.Created.Count);
    }

    // Case H11.
    [Fact]
    public void A_mail_that_waited_goes_by_the_rule_that_was_in_force_when_it_arrived()
    {
        var story = new Story()
            .Record(Bo, Record(Tables.Contact, 2))
            .Mailbox(Support, FilterMethod.Replies, isQueue: true, owner: Id(40))
            .Mailbox(Ana, owner: Id(1));
        story.Store.Set(SimMail.Address(Support), Rule(Support, Item("Old")));
        story.Store.Now += TimeSpan.FromHours(1);
        var answer = An.Email("answer").From(Bo).To(Support).Answering(Mail).Minute(1);
        story.See(answer, Support);
        Assert.Empty(story.Store.Created);

        story.Store.Now += TimeSpan.FromHours(1);
        story.Store.Set(SimMail.Address(Support), Rule(Support, Item("New")));
        story.Store.Now += TimeSpan.FromHours(1);
        story.See(Mail, Ana);
        var created = Assert.Single(story.Store.Created.Values);
        Assert.Equal(("Old", 1L, answer.Key), (created.Item, created.Version, created.Email));

        var next = An.Email("next").From(Bo).To(Support).About("Another").Minute(2);
        story.See(An.Email("asked").From(Ana).To(Bo).About("Another"), Ana);
        story.See(next.Answering(An.Email("asked")), Support);
        Assert.Equal("New", story.Store.Created.Values.Single(record => record.Email == next.Key).Item);
    }

    [Fact]
    public void A_mail_that_arrived_before_there_was_a_rule_or_after_it_was_removed_becomes_nothing()
    {
        var story = NewStory(Rule());
        story.Store.Now += TimeSpan.FromHours(1);
        story.Store.Set(SimMail.Address(Support), null);
        story.See(Mail, Support);
        Assert.Equal(nameof(RuleSkip.NoRule), Skip(story));
        Assert.Empty(story.Store.Created);
    }

    [Fact]
    public void Sent_mail_becomes_nothing()
    {
        var story = NewStory(Rule());
        story.See(An.Email("sent").From(Support).To(Bo).In(Support, "Sent Items"));
        Assert.Empty(story.Store.Created);
    }
}
