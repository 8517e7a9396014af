using System.Globalization;
using EmailTracking.Listing;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What people find, page by page, among what they may see.</summary>
public abstract class SearchConformance : StoreConformance
{
    private static readonly Letter Offer = new("offer@contoso.com") { Subject = "Offer 4711: Straße, blue desks" };
    private static readonly Letter Answer = new("answer@fabrikam.com")
    {
        From = Bo, To = Ana, Answers = Offer.Id, Subject = "Re: offer, the desk crème", Minute = 5,
    };

    private static readonly Letter Asia = new("asia@contoso.com") { Subject = "会議の予定 chair", Cc = Cleo, Minute = 60 };

    private static readonly Guid AnasList = EmailLists.OfMailbox(Organization, Letter.Address(Ana));
    private static readonly Guid BosList = EmailLists.OfMailbox(Organization, Letter.Address(Bo));

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Silo.DeliverAsync(Offer.In(Ana));
        await Silo.DeliverAsync(Answer.In(Bo));
        await Silo.DeliverAsync(Asia.In(Ana));
        await Silo.ListAllAsync("and a Körper_text");
    }

    [Theory]
    [InlineData("offer", "answer offer")]
    [InlineData("OFFER desk", "answer")]
    [InlineData("desk*", "answer offer")]
    [InlineData("desk* -creme", "offer")]
    [InlineData("-offer", "asia")]
    [InlineData("-offer -chair", "")]
    [InlineData("creme", "answer")]
    [InlineData("strasse", "")]
    [InlineData("straße", "offer")]
    [InlineData("会議", "asia")]
    [InlineData("議の予", "asia")]
    [InlineData("会予", "")]
    [InlineData("körper text", "asia answer offer")]
    [InlineData("bo@fabrikam.com", "asia answer offer")]
    [InlineData("cleo", "asia")]
    [InlineData("copy", "asia")]
    [InlineData("4711", "offer")]
    [InlineData("off", "")]
    [InlineData("off*", "answer offer")]
    [InlineData(" ' \" & | ! ( ) : * ", "asia answer offer")]
    [InlineData("offer' OR \"x NEAR NOT AND", "")]
    [InlineData("_r0", "")]
    public async Task Words_are_found_however_they_are_written(string text, string expected) =>
        Assert.Equal(expected, await Silo.IdsAsync(Listings.Everything with { Text = text }));

    [Fact]
    public async Task What_is_held_is_found_until_somebody_admits_it()
    {
        var stranger = new Letter("stranger@wingtip.example") { From = "zoe@wingtip.example", To = Ana, Answers = Offer.Id, Subject = "Re: offer", Minute = 70 };
        await Silo.DeliverAsync(stranger.In(Ana));
        await Silo.ListAllAsync();
        Assert.Equal("stranger", await Silo.IdsAsync(Listings.Everything with { IsHeld = true }));
        Assert.Equal("asia answer offer", await Silo.IdsAsync(Listings.Everything with { IsHeld = false }));

        await Silo.DoAsync(new ActRequest { Id = Guid.NewGuid(), Kind = ActKind.Admit, By = "Ana", On = Time.Now, Emails = [stranger.Key] });
        await Silo.ListAllAsync();
        Assert.Equal("", await Silo.IdsAsync(Listings.Everything with { IsHeld = true }));
    }

    [Fact]
    public async Task Every_condition_holds()
    {
        var deal = new RecordReference(Tables.Opportunity, Guid.NewGuid());
        await Silo.DoAsync(new ActRequest
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", On = Time.Now, Emails = [Asia.Key], Record = deal,
        });
        await Silo.ListAllAsync();
        var all = Listings.Everything;
        Assert.Equal("answer", await Silo.IdsAsync(all with { Method = CorrelationMethod.InReplyTo }));
        Assert.Equal("asia", await Silo.IdsAsync(all with { HasRegarding = true }));
        Assert.Equal("answer offer", await Silo.IdsAsync(all with { HasRegarding = false }));
        Assert.Equal("asia answer offer", await Silo.IdsAsync(all with { IsOutgoing = false }));
        Assert.Equal("", await Silo.IdsAsync(all with { IsOutgoing = true }));
        Assert.Equal("asia", await Silo.IdsAsync(all with { Address = Letter.Address(Cleo) }));
        Assert.Equal("asia answer", await Silo.IdsAsync(all with { From = At("08:05") }));
        Assert.Equal("offer", await Silo.IdsAsync(all with { Until = At("08:05") }));
        Assert.Equal("answer", await Silo.IdsAsync(all with { From = At("08:05"), Until = At("08:06"), Text = "offer" }));
        Assert.Equal("asia", await Silo.IdsAsync(all with { Within = [EmailLists.OfRecord(Organization, deal)] }));
        Assert.Equal("answer", await Silo.IdsAsync(all with { Within = [BosList], Text = "offer" }));
        Assert.Equal("asia", await Silo.IdsAsync(all with { Within = [AnasList, BosList], Text = "-offer", HasRegarding = true }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("desk*")]
    public async Task Only_what_may_be_seen_is_shown_and_counted(string? text)
    {
        var query = new ListQuery { Visible = [BosList], Text = text, WithCount = true };
        var page = await Silo.Listings.ReadAsync(Organization, query);
        Assert.Equal(("answer", 1), (Listings.Ids(page), page.Count));
        Assert.Equal("answer", await Silo.IdsAsync(query with { Within = [BosList, AnasList] }));
        page = await Silo.Listings.ReadAsync(Organization, query with { Within = [AnasList] });
        Assert.Equal(("", 0), (Listings.Ids(page), page.Count));
        page = await Silo.Listings.ReadAsync(Organization, query with { Visible = [] });
        Assert.Equal(("", 0), (Listings.Ids(page), page.Count));
        page = await Silo.Listings.ReadAsync("other", query with { Visible = [EmailLists.Everything("other")] });
        Assert.Equal(("", 0), (Listings.Ids(page), page.Count));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fabrikam")]
    public async Task A_page_begins_behind_the_one_before_while_mail_arrives(string? text)
    {
        var query = Listings.Everything with { Text = text, CountMax = 2, WithCount = true };
        var first = await Silo.Listings.ReadAsync(Organization, query);
        Assert.Equal(("asia answer", 3), (Listings.Ids(first), first.Count));

        await Silo.DeliverAsync(new Letter("late@contoso.com") { Minute = 90 }.In(Ana));
        await Silo.DeliverAsync(new Letter("old@contoso.com") { Minute = -90 }.In(Ana));
        await Silo.ListAllAsync();
        var second = await Silo.Listings.ReadAsync(Organization, query with { Before = first.Next });

        Assert.Equal(("offer old", 5, null), (Listings.Ids(second), second.Count, second.Next));
    }

    [Fact]
    public async Task Counting_and_pages_hold_with_many_emails_of_one_second()
    {
        const int count = 700;
        foreach (var part in Enumerable.Range(0, count).Chunk(100))
        {
            await Silo.DeliverAsync([.. part.Select(i => new Letter($"n{i}@contoso.com") { Minute = 600, Subject = i == 0 ? "needle" : "hay" }.In(Ana))]);
        }

        await Silo.ListAllAsync();
        foreach (var query in new[] { Listings.Everything, Listings.Everything with { Text = "hay" }, new ListQuery { Visible = [BosList, AnasList] } })
        {
            var seen = new HashSet<MessageKey>();
            long? before = null;
            do
            {
                var page = await Silo.Listings.ReadAsync(Organization, query with { Before = before, CountMax = 64 });
                Assert.All(page.Emails, email => Assert.True(seen.Add(email.Key)));
                before = page.Next;
            }
            while (before is not null);

            Assert.Equal(query.Text is null ? count + 3 : count - 1, seen.Count);
        }

        // Behind so many that do not have it.
        await Silo.DeliverAsync([.. Enumerable.Range(0, 100).Select(i => new Letter($"o{i}@contoso.com") { Minute = 700, Subject = "hay" }.In(Ana))]);
        await Silo.ListAllAsync();
        Assert.Equal("n0", await Silo.IdsAsync(Listings.Everything with { Text = "needle" }));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-03-01T{time}:00Z", CultureInfo.InvariantCulture);
}
