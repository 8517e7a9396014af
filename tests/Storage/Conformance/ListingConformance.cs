using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>The lists follow what is stored: each email stands where it should after whatever is written.</summary>
public abstract class ListingConformance : StoreConformance
{
    private const int Races = 40;
    private static readonly Guid Owner = new(1, 0, 0, new byte[8]);
    private static readonly Guid Team = new(2, 0, 0, new byte[8]);
    private static readonly RecordReference Contact = new(Tables.Contact, new Guid(3, 0, 0, new byte[8]));
    private static readonly RecordReference Account = new(Tables.Account, new Guid(4, 0, 0, new byte[8]));
    private static readonly RecordReference Deal = new(Tables.Opportunity, new Guid(5, 0, 0, new byte[8]));
    private static readonly RecordReference Queue = new(Tables.Queue, new Guid(6, 0, 0, new byte[8]));

    private static readonly Letter First = new("first@contoso.com") { Subject = "Offer" };
    private static readonly Letter Second = new("second@contoso.com") { Subject = "Delivery", To = Cleo, Minute = 7 };

    private Task SaveAsync(RecordReference record, Guid? owner = null, RecordReference? customer = null, params string[] addresses) =>
        Silo.Directory.SaveRecordsAsync(
            Organization,
            [new CrmRecord(new RecordFacts(record, true, owner, Time.Now), "N", [.. addresses.Select(Letter.Address)], customer)]);

    private ActRequest Request(ActKind kind, Letter letter) => new()
    {
        Id = Guid.NewGuid(), Kind = kind, By = "Ana", On = Time.Now += TimeSpan.FromMinutes(1), Emails = [letter.Key],
    };

    private Task AboutAsync(Letter letter, RecordReference record) =>
        Silo.DoAsync(Request(ActKind.Regarding, letter) with { Record = record });

    [Fact]
    public async Task An_email_stands_in_the_lists_of_its_mailboxes_participants_owners_and_records()
    {
        await SaveAsync(new RecordReference(Tables.SystemUser, Owner), addresses: Ana);
        await SaveAsync(Account);
        await SaveAsync(Contact, customer: Account, addresses: Bo);
        await SaveAsync(Deal, Team, Account);
        await Silo.DeliverAsync(First.In(Ana));
        await Silo.DeliverAsync(First.In(Bo));
        await Silo.DeliverAsync(Second.In(Ana));
        await AboutAsync(Second, Deal);
        await Silo.ListAllAsync();

        Assert.Equal("second first", await Silo.IdsAsync(EmailLists.Everything(Organization)));
        Assert.Equal("second first", await Silo.IdsAsync(EmailLists.OfMailbox(Organization, Letter.Address(Ana))));
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfMailbox(Organization, Letter.Address(Bo))));
        Assert.Equal("second first", await Silo.IdsAsync(EmailLists.OfMember(Organization, Owner)));
        Assert.Equal("second", await Silo.IdsAsync(EmailLists.OfMember(Organization, Team)));
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfRecord(Organization, Contact)));
        Assert.Equal("second", await Silo.IdsAsync(EmailLists.OfRecord(Organization, Deal)));
        Assert.Equal("second first", await Silo.IdsAsync(EmailLists.OfRecord(Organization, Account)));
        Assert.Equal("", await Silo.IdsAsync(EmailLists.OfRecord("other", Account)));

        var lists = await Silo.Listings.ReadListsAsync(Organization, [First.Key, Second.Key, new Letter("nobody@x.com").Key]);
        Assert.Equal(new[] { First.Key, Second.Key }.Order(), lists.Keys.Order());
        Assert.Contains(EmailLists.OfMember(Organization, Team), lists[Second.Key]);
        Assert.DoesNotContain(EmailLists.OfMember(Organization, Team), lists[First.Key]);
        Assert.Empty(await Silo.Listings.ReadListsAsync("other", [First.Key]));
    }

    [Fact]
    public async Task An_email_that_came_into_a_queue_stands_in_its_list()
    {
        var support = Letter.Address("support@contoso.com");
        await SaveAsync(Queue, Owner, addresses: support.Value);
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(support, Queue, IsQueue: true, FilterMethod.All, []));
        var mail = First with { To = support.Value };
        await Silo.DeliverAsync(mail.In(support.Value));
        await Silo.ListAllAsync();

        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfQueue(Organization, Queue.Id)));
        Assert.Equal(
            new[] { EmailLists.OfQueue(Organization, Queue.Id), EmailLists.OfMailbox(Organization, support) }.Order(),
            (await Silo.Listings.ReadOwnedAsync(Organization, [Team, Owner])).Order());
        Assert.Empty(await Silo.Listings.ReadOwnedAsync(Organization, [Team]));
        Assert.Empty(await Silo.Listings.ReadOwnedAsync("other", [Owner]));
    }

    [Fact]
    public async Task Mail_that_is_not_tracked_or_is_untracked_stands_nowhere()
    {
        await Silo.DeliverAsync(Second.In(Cleo));
        Assert.Equal(0, await Silo.ListAllAsync());

        await Silo.DeliverAsync(First.In(Ana));
        await Silo.ListAllAsync();
        await Silo.DoAsync(Request(ActKind.Untrack, First));
        await Silo.ListAllAsync();
        Assert.Equal("", await Silo.IdsAsync(Listings.Everything));
        Assert.Equal("", await Silo.IdsAsync(Listings.Everything with { Text = "offer" }));

        await Silo.DoAsync(Request(ActKind.Track, First));
        await Silo.ListAllAsync();
        Assert.Equal("first", await Silo.IdsAsync(Listings.Everything with { Text = "offer" }));
    }

    [Fact]
    public async Task A_record_that_gets_another_owner_or_customer_takes_its_emails_along()
    {
        await SaveAsync(Contact, customer: Account, addresses: Bo);
        await SaveAsync(Deal, Owner);
        await Silo.DeliverAsync(First.In(Ana));
        await AboutAsync(First, Deal);
        await Silo.ListAllAsync();
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfMember(Organization, Owner)));

        await SaveAsync(Deal, Owner);
        Assert.Equal(0, await Silo.ListAllAsync());
        await SaveAsync(Deal, Team);
        await SaveAsync(Contact, addresses: Bo);
        await Silo.ListAllAsync();

        Assert.Equal("", await Silo.IdsAsync(EmailLists.OfMember(Organization, Owner)));
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfMember(Organization, Team)));
        Assert.Equal("", await Silo.IdsAsync(EmailLists.OfRecord(Organization, Account)));
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfRecord(Organization, Contact)));
    }

    [Fact]
    public async Task An_email_about_a_record_that_was_merged_stands_with_the_one_that_is_left()
    {
        var left = Deal with { Id = Guid.NewGuid() };
        await SaveAsync(Deal, Owner);
        await SaveAsync(left, Team);
        await Silo.DeliverAsync(First.In(Ana));
        await AboutAsync(First, Deal);
        await Silo.ListAllAsync();

        await Silo.Directory.ChangeRecordAsync(Organization, new RecordAct(RecordActKind.Merge, Deal, left));
        await Silo.ListAllAsync();

        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfRecord(Organization, left)));
        Assert.Equal("", await Silo.IdsAsync(EmailLists.OfRecord(Organization, Deal)));
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfMember(Organization, Team)));
        Assert.Equal("", await Silo.IdsAsync(EmailLists.OfMember(Organization, Owner)));
    }

    [Fact]
    public async Task What_could_not_be_listed_is_due_again()
    {
        await Silo.DeliverAsync(First.In(Ana));
        await Assert.ThrowsAsync<TimeoutException>(() => Silo.Listings.ListDueAsync(Organization, 10, (_, _) => throw new TimeoutException()));
        Assert.Equal("", await Silo.IdsAsync(Listings.Everything));

        Assert.Equal(1, await Silo.ListAllAsync());
        Assert.Equal("first", await Silo.IdsAsync(Listings.Everything));
    }

    [Fact]
    public async Task What_was_read_before_another_listed_does_not_overwrite_it()
    {
        await using var other = await Database.OpenAsync(Time);
        await SaveAsync(Deal, Owner);
        await Silo.DeliverAsync(First.In(Ana));
        await Silo.Listings.ListDueAsync(Organization, 10, async (emails, _) =>
        {
            await AboutAsync(First, Deal);
            await other.ListAllAsync();
            return [.. emails.Select(email => ListedEmail.Of(Organization, email, ""))];
        });

        await Silo.ListAllAsync();
        Assert.Equal("first", await Silo.IdsAsync(EmailLists.OfMember(Organization, Owner)));
    }

    [Fact]
    public async Task Emails_of_one_place_stand_behind_each_other()
    {
        await Silo.DeliverAsync(First.In(Ana));
        await Silo.DeliverAsync(Second.In(Ana));
        await Silo.Listings.ListDueAsync(Organization, 10, (emails, _) => Task.FromResult(
            emails.Select(email => ListedEmail.Of(Organization, email, "") with { Position = 4_711 }).ToImmutableArray()));

        var page = await Silo.Listings.ReadAsync(Organization, Listings.Everything with { CountMax = 1, WithCount = true });
        Assert.Equal((4_712, 2), (page.Next, page.Count));
        var last = await Silo.Listings.ReadAsync(Organization, Listings.Everything with { Before = page.Next });
        Assert.Equal(new[] { "first", "second" }, new[] { Listings.Ids(page), Listings.Ids(last) }.Order());
    }

    [Fact]
    public async Task Two_silos_that_list_while_mail_is_written_leave_each_email_where_it_should_stand()
    {
        await using var other = await Database.OpenAsync(Time);
        await SaveAsync(Deal, Owner);
        for (var i = 0; i < Races; i++)
        {
            var letter = First with { Id = $"m{i}@contoso.com" };
            await Silo.DeliverAsync(letter.In(Ana));
            await Task.WhenAll(Silo.ListAllAsync(), other.ListAllAsync(), AboutAsync(letter, Deal));
        }

        await Silo.ListAllAsync();
        await other.ListAllAsync();
        var all = (await Silo.IdsAsync(Listings.Everything)).Split(' ');
        Assert.Equal(Races, all.Length);
        Assert.Equal(all, (await Silo.IdsAsync(EmailLists.OfMember(Organization, Owner))).Split(' '));
        Assert.Equal(all, (await Silo.IdsAsync(Listings.Everything with { Text = "offer", HasRegarding = true })).Split(' '));
    }
}
