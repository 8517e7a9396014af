using EmailTracking.Listing;
using EmailTracking.Silo.Pages.Mail;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Pages;

public sealed class ListStateTests
{
    private static readonly Uri Page = new("http://127.0.0.1:8480/");

    [Fact]
    public void What_is_asked_stands_in_the_address_and_is_read_from_it()
    {
        var state = new ListState(
            "red & blue", "ana@contoso.com", 3, true, false, new DateOnly(2026, 1, 2), new DateOnly(2026, 1, 3), Before: -7);
        Assert.Equal(state, ListState.Of(new Uri(Page, state.ToPath())));
        Assert.Equal("", new ListState().ToPath());
        Assert.Equal(new ListState(), ListState.Of(Page));
    }

    [Theory]
    [InlineData("?correlationmethod=x&directioncode=maybe&from=yesterday&before=soon&search=%20")]
    [InlineData("?other=1")]
    public void What_makes_no_sense_is_not_asked(string query) => Assert.Equal(new ListState(), ListState.Of(new Uri(Page, query)));

    [Fact]
    public void Both_days_count_and_a_record_is_its_list()
    {
        var record = new RecordReference("account", Guid.Empty);
        Assert.True(new ListState(Method: 3, From: new DateOnly(2026, 1, 2), To: new DateOnly(2026, 1, 3), Record: record).TryRead(true, out var query, out _));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), query.From);
        Assert.Equal(new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero), query.Until);
        Assert.Equal(CorrelationMethod.InReplyTo, query.Method);
        Assert.Equal(EmailLists.OfRecord(GrainKeys.DefaultOrganization, record), Assert.Single(query.Within));
        Assert.True(query.WithCount);
    }

    [Theory]
    [InlineData(99, null,   "correlationmethod")]
    [InlineData(3,  "none", "mailbox")]
    public void What_is_wrong_is_said(int method, string? mailbox, string word)
    {
        Assert.False(new ListState(Method: method, Mailbox: mailbox).TryRead(false, out _, out var problem));
        Assert.Contains(word, problem, StringComparison.Ordinal);
    }
}
