using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Creation rules in versions, and what they create.</summary>
public abstract class RuleConformance : StoreConformance
{
    private static readonly RecordReference Contact = new(Tables.Contact, new Guid(2, 0, 0, new byte[8]));
    private static readonly RecordReference Account = new(Tables.Account, new Guid(3, 0, 0, new byte[8]));
    private static readonly EmailAddress Support = Letter.Address("support@contoso.com");
    private static readonly EmailAddress Billing = Letter.Address("billing@contoso.com");

    private static readonly Letter Mail = new("m@x") { From = Bo, To = "support@contoso.com ana@contoso.com", Subject = "Zanzibar" };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var queue in new[] { Support, Billing })
        {
            await Silo.Directory.SaveMailboxAsync(
                Organization, new MailboxFacts(queue, new RecordReference(Tables.Queue, Guid.NewGuid()), IsQueue: true, FilterMethod.All, []));
        }

        await Silo.Directory.SaveRecordsAsync(
            Organization,
            [
                new CrmRecord(new RecordFacts(Contact, true, null, Time.Now), "Bo", [Letter.Address(Bo)], Account),
                new CrmRecord(new RecordFacts(Account, true, null, Time.Now), "Fabrikam", []),
            ]);
    }

    [Fact]
    public async Task Versions_are_kept_with_who_when_and_why_and_one_of_two_at_once_loses()
    {
        var rule = Rule() with
        {
            UnknownSenders = UnknownSenders.Allow,
            Resolved = ResolvedRecords.CreateNew,
            WaitAfterResolved = TimeSpan.FromHours(5),
            Customer = RuleCustomer.Account,
            TakesImported = true,
            TakesAutoSubmitted = true,
        };
        var first = new RuleVersion(Support, 1, rule, "Ana", Time.Now, "begins");
        var second = new RuleVersion(Support, 2, null, "Ben", Time.Now.AddHours(1), null);
        Assert.True(await Silo.Rules.SaveRuleAsync(Organization, first));
        Assert.False(await Silo.Rules.SaveRuleAsync(Organization, first));
        Assert.False(await Silo.Rules.SaveRuleAsync(Organization, second with { Version = 3 }));
        Assert.True(await Silo.Rules.SaveRuleAsync(Organization, second));
        Assert.True(await Silo.Rules.SaveRuleAsync(Organization, new RuleVersion(Billing, 1, Rule(Billing), "Ana", Time.Now, null)));

        Assert.Equal([second, first], (await Silo.Rules.ReadRuleHistoryAsync(Organization, Support, 10)).AsEnumerable());
        Assert.Equal([second], (await Silo.Rules.ReadRuleHistoryAsync(Organization, Support, 1)).AsEnumerable());
        Assert.Equal([(Billing, 1L), (Support, 2L)], (await Silo.Rules.ReadRulesAsync(Organization)).Select(version => (version.Queue, version.Version)));
        Assert.Empty(await Silo.Rules.ReadRulesAsync("other"));
        Assert.Empty(await Silo.Rules.ReadRuleHistoryAsync("other", Support, 10));
    }

    [Fact]
    public async Task A_record_is_created_once_with_its_customer_and_owner()
    {
        await SetAsync(Rule() with { Customer = RuleCustomer.Account });
        var stored = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Silo.DeliverAsync(
            i % 2 == 0 ? Mail.In(Support.Value, $"F{i}") : Mail.In(Ana, $"F{i}"))));
        var row = (await Silo.FindAsync(Mail))!.Activity!;
        Assert.Equal(Tables.Incident, row.State.Regarding!.Record.LogicalName);
        var created = Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [row.State.Regarding.Record]));
        Assert.Equal(("Zanzibar", Account, true), (created.Name, created.Customer, created.Facts.IsActive));
        Assert.Equal(row.State.Regarding.Record, Assert.Single(stored.SelectMany(delivery => delivery.Change.Created)).Reference);
    }

    [Fact]
    public async Task What_is_kept_of_a_record_that_is_there_stays_when_the_mail_comes_again()
    {
        await SetAsync(Rule());
        var record = Assert.Single((await Silo.DecideAsync(Mail.In(Support.Value))).Change.Created).Reference;
        await Silo.Directory.SaveRecordsAsync(Organization, [new CrmRecord(new RecordFacts(record, false, null, Time.Now), "Loaded", [])]);
        await Silo.DeliverAsync(Mail.In(Support.Value));
        Assert.Equal("Loaded", Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [record])).Name);
    }

    [Fact]
    public async Task A_copy_goes_by_the_version_that_was_in_force_when_it_was_first_offered()
    {
        await SetAsync(Rule());
        Time.Now += TimeSpan.FromHours(1);
        var sighting = Mail.In(Support.Value);
        await Silo.Outbox.DeferAsync(Organization, [sighting], Time.Now);
        Time.Now += TimeSpan.FromHours(1);
        await SetAsync(Rule() with { Name = "New" }, 2);
        Time.Now += TimeSpan.FromHours(1);

        // Another attempt that fails does not make it newer.
        await Silo.Outbox.DeferAsync(Organization, [sighting], Time.Now);
        var fresh = new Letter("n@x") { From = Bo, To = Support.Value }.In(Support.Value);
        Assert.Equal(1, Assert.Single((await Silo.DecideAsync(sighting with { IsRetry = true })).Change.Created).Version);
        Assert.Equal(2, Assert.Single((await Silo.DecideAsync(fresh)).Change.Created).Version);
    }

    [Fact]
    public async Task Whether_a_case_is_open_and_since_when_it_is_not_is_read_with_the_mail()
    {
        await SetAsync(Rule() with { Resolved = ResolvedRecords.CreateNew, WaitAfterResolved = TimeSpan.FromDays(2) });
        await Silo.DeliverAsync(Mail.In(Support.Value));
        var record = (await Silo.FindAsync(Mail))!.Activity!.State.Regarding!.Record;
        var answer = new Letter("answer@x") { From = Bo, To = Support.Value, Answers = Mail.Id, Minute = 1 }.In(Support.Value);
        Assert.Empty((await Silo.DecideAsync(answer)).Change.Created);

        Assert.True((await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Deactivate, record, null))).IsChanged);
        Assert.Equal(Time.Now, Assert.Single(await Silo.Directory.ReadLivesAsync(Organization, [record])).InactiveOn);
        Assert.Empty((await Silo.DecideAsync(answer with { ReceivedOn = Time.Now.AddDays(1) })).Change.Created);
        Assert.Single((await Silo.DecideAsync(answer with { ReceivedOn = Time.Now.AddDays(2) })).Change.Created);

        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Activate, record, null));
        Assert.Null(Assert.Single(await Silo.Directory.ReadLivesAsync(Organization, [record])).InactiveOn);
    }

    [Fact]
    public async Task A_load_notes_when_a_record_became_inactive()
    {
        var one = new CrmRecord(new RecordFacts(Account, true, null, Time.Now), "Fabrikam", []);
        var inactive = one with { Facts = one.Facts with { IsActive = false } };
        var first = Time.Now += TimeSpan.FromHours(1);
        await Silo.Directory.SaveRecordsAsync(Organization, [inactive]);
        Time.Now += TimeSpan.FromHours(1);
        await Silo.Directory.SaveRecordsAsync(Organization, [inactive]);
        Assert.Equal(first, Assert.Single(await Silo.Directory.ReadLivesAsync(Organization, [Account])).InactiveOn);
        await Silo.Directory.SaveRecordsAsync(Organization, [one]);
        Assert.Null(Assert.Single(await Silo.Directory.ReadLivesAsync(Organization, [Account])).InactiveOn);
    }

    [Fact]
    public async Task Of_an_erased_mail_the_title_of_its_case_goes_too()
    {
        await SetAsync(Rule());
        await Silo.DeliverAsync(Mail.In(Support.Value));
        var record = (await Silo.FindAsync(Mail))!.Activity!.State.Regarding!.Record;
        var id = Guid.NewGuid();
        await Silo.Erasures.BeginAsync(
            Organization, new Erasure { Id = id, Kind = ErasureKind.Address, By = "Ana", On = Time.Now }, [Mail.Key], []);
        await Silo.DoAsync(new ActRequest { Id = id, Kind = ActKind.Erase, By = "Ana", On = Time.Now, Emails = [Mail.Key], Erasure = id });
        Assert.Equal("(erased)", Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [record])).Name);
        Assert.DoesNotContain("Zanzibar", await Database.DumpAsync(), StringComparison.OrdinalIgnoreCase);
    }

    private static CreationRule Rule(EmailAddress? queue = null) => new()
    {
        Name = "Support",
        Queue = queue ?? Support,
        Items =
        [
            new CreationItem("Never", [new CreationCondition(RuleFact.Subject, "never"), new CreationCondition(RuleFact.Sender, "x.y", Not: true)], Tables.Incident),
            new CreationItem("All", [], Tables.Incident),
        ],
    };

    private async Task SetAsync(CreationRule rule, long version = 1) =>
        Assert.True(await Silo.Rules.SaveRuleAsync(Organization, new RuleVersion(rule.Queue, version, rule, "Ana", Time.Now, null)));
}
