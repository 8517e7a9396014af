using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>The ledger of decisions: every copy, tracked or not, in an order in which pages hold.</summary>
public abstract class LedgerConformance : StoreConformance
{
    private static readonly Letter Parent = new("parent@contoso.com");
    private static readonly Letter Taken = new("taken@contoso.com") { Minute = 3 };
    private static readonly Letter Lone = new("lone@adatum.com") { From = "zoe@adatum.com", Minute = 5 };
    private static readonly Letter Other = new("other@adatum.com") { From = "zoe@adatum.com", Minute = 7 };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Silo.DeliverAsync(Parent.In(Bo), Parent.In(Ana));
        await Silo.DeliverAsync(Taken.In(Ana));
        await Silo.DeliverAsync(Lone.In(Cleo));
        await Silo.DeliverAsync(Other.In(Cleo));
        await Silo.DoAsync(new ActRequest { Id = Guid.NewGuid(), Kind = ActKind.Untrack, By = "Ana", On = Time.Now, Emails = [Taken.Key] });
    }

    //          mailbox  tracked  reason               from     until    -> newest first; of one moment by the mailbox backwards
    [Theory]
    [InlineData(null,    null,    null,                null,    null,    "other/cleo lone/cleo taken/ana parent/bo parent/ana")]
    [InlineData(Ana,     null,    null,                null,    null,    "taken/ana parent/ana")]
    [InlineData(Cleo,    null,    null,                null,    null,    "other/cleo lone/cleo")]
    [InlineData("x@y.z", null,    null,                null,    null,    "")]
    [InlineData(null,    true,    null,                null,    null,    "parent/bo parent/ana")]
    [InlineData(null,    false,   null,                null,    null,    "other/cleo lone/cleo taken/ana")]
    [InlineData(null,    null,    "NoCorrelationMatch", null,   null,    "other/cleo lone/cleo")]
    [InlineData(null,    null,    "UntrackedByHand",   null,    null,    "taken/ana")]
    [InlineData(null,    true,    "UntrackedByHand",   null,    null,    "")]
    [InlineData(null,    null,    null,                "08:05", null,    "other/cleo lone/cleo")]
    [InlineData(null,    null,    null,                null,    "08:05", "taken/ana parent/bo parent/ana")]
    [InlineData(Cleo,    false,   "NoCorrelationMatch", "08:05", "08:07", "lone/cleo")]
    public async Task Every_condition_holds(string? mailbox, bool? isTracked, string? reason, string? from, string? until, string expected)
    {
        var page = await Silo.Ledger.ReadAsync(Organization, new LedgerQuery
        {
            Mailboxes = mailbox is null ? null : [Letter.Address(mailbox)],
            IsTracked = isTracked,
            Reasons = reason is null ? [] : [Enum.Parse<ReasonCode>(reason)],
            From = Moment(from),
            Until = Moment(until),
        });

        Assert.Equal(expected, Words(page.Rows));
        Assert.Null(page.Next);

        static DateTimeOffset? Moment(string? time) => time is null
            ? null
            : DateTimeOffset.Parse($"2026-03-01T{time}:00Z", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task No_mailboxes_have_no_decisions() =>
        Assert.Empty((await Silo.Ledger.ReadAsync(Organization, new LedgerQuery { Mailboxes = [] })).Rows);

    [Fact]
    public async Task A_row_says_what_was_decided_of_the_copy()
    {
        var rows = (await Silo.Ledger.ReadAsync(Organization, new LedgerQuery())).Rows;

        var (lone, taken, parent) = (rows[1], rows[2], rows[4]);
        Assert.Equal((Lone.Key, Outcome.Skipped, null), (lone.Email, lone.Outcome, lone.ActivityId));
        Assert.Equal(Lone.In(Cleo).Place, lone.Place);
        Assert.Equal((Lone.In(Cleo).ReceivedOn, Time.Now, false), (lone.ReceivedOn, lone.DecidedOn, lone.IsBackfill));
        Assert.Equal((Outcome.Skipped, ReasonCode.UntrackedByHand), (taken.Outcome, taken.Reason));
        Assert.Equal((Outcome.Tracked, ReasonCode.AcceptAll), (parent.Outcome, parent.Reason));
        Assert.Equal(NamedId.OfActivity(Organization, Parent.Key), parent.ActivityId);
    }

    // Copies of one moment lie on both sides of where a page ends, and mail comes in between.
    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, true)]
    [InlineData(7, false)]
    public async Task Pages_hold_while_mail_arrives(int countMax, bool? isTracked)
    {
        for (var i = 0; i < 12; i++)
        {
            var letter = new Letter($"m{i}@adatum.com") { From = "zoe@adatum.com", Minute = i / 4 };
            await Silo.DeliverAsync(letter.In(Ana), letter.In(Cleo, i % 3 == 0 ? "Inbox" : "Other"));
        }

        var query = new LedgerQuery { IsTracked = isTracked };
        var whole = (await Silo.Ledger.ReadAsync(Organization, query)).Rows;
        Assert.Equal(whole.OrderByDescending(row => row.ReceivedOn).ThenByDescending(row => row.Place.Mailbox.Value, StringComparer.Ordinal)
            .ThenByDescending(row => row.Place.Folder, StringComparer.Ordinal).ThenByDescending(row => row.Place.Item, StringComparer.Ordinal), whole);

        var paged = new List<LedgerRow>();
        LedgerMark? mark = null;
        var late = 0;
        do
        {
            var page = await Silo.Ledger.ReadAsync(Organization, query with { CountMax = countMax, Before = mark });
            Assert.InRange(page.Rows.Length, 0, countMax);
            paged.AddRange(page.Rows);
            mark = page.Next;
            await Silo.DeliverAsync(new Letter($"late{late++}@adatum.com") { From = "zoe@adatum.com", Minute = 30 + late }.In(Ana));
        }
        while (mark is not null);

        Assert.Equal(whole, paged);
    }

    [Theory]
    [InlineData(null,    null,    null,    "Skipped x2 Tracked x3")]
    [InlineData(Ana,     null,    null,    "Tracked x2")]           // What people did later does not count.
    [InlineData(Cleo,    null,    null,    "Skipped x2")]
    [InlineData("x@y.z", null,    null,    "")]
    [InlineData(null,    "08:05", null,    "Skipped x2")]
    [InlineData(null,    null,    "08:05", "Tracked x3")]
    public async Task Decisions_are_added_up(string? mailbox, string? from, string? until, string expected)
    {
        var sums = await Silo.Ledger.SumAsync(Organization, new SumQuery(
            mailbox is null ? null : [Letter.Address(mailbox)], Moment(from ?? "00:00"), Moment(until ?? "23:59")));

        Assert.True(sums.IsWhole);
        Assert.Equal(expected, string.Join(' ', sums.Sums.GroupBy(sum => sum.Outcome).Select(same => $"{same.Key} x{same.Sum(sum => sum.Count)}").Order(StringComparer.Ordinal)));
        Assert.All(sums.Sums, sum => Assert.Equal(Moment("08:00"), sum.Hour));

        static DateTimeOffset Moment(string time) => DateTimeOffset.Parse($"2026-03-01T{time}:00Z", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task How_long_it_took_is_told_of_what_was_tracked_and_is_not_old()
    {
        await Silo.DeliverAsync(new Letter("old@contoso.com").In(Ana) with { IsBackfill = true });
        var received = Parent.In(Ana).ReceivedOn;
        var sums = await Silo.Ledger.SumAsync(Organization, new SumQuery([Letter.Address(Ana)], received, received.AddHours(1)));

        var tenths = Math.Max(0, (long)Math.Floor((Time.Now - received).TotalSeconds * 10));
        Assert.Contains(sums.Sums, sum => sum.Delay == tenths);
        Assert.Equal(1, sums.Sums.Where(sum => sum.Delay is null).Sum(sum => sum.Count));
    }

    [Theory]
    [InlineData(0,       100_000)]
    [InlineData(1,       100_000)]
    [InlineData(10,      10_000)]
    [InlineData(5_000,   100)]
    public void So_many_are_looked_at(int mailboxes, int each) => Assert.Equal(each, SumQuery.LookedAt(mailboxes));

    private static string Words(ImmutableArray<LedgerRow> rows)
    {
        var names = new Dictionary<MessageKey, string> { [Parent.Key] = "parent", [Taken.Key] = "taken", [Lone.Key] = "lone", [Other.Key] = "other" };
        return string.Join(' ', rows.Select(row => $"{names[row.Email]}/{row.Place.Mailbox.Value.Split('@')[0]}"));
    }
}
