using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Queries;

/// <summary>Pages of decisions, of what was looked at in several mailboxes.</summary>
public sealed class LedgerTests
{
    // A letter is a decision, the newest first: t tracked, u not; ! behind it there may be more in its mailbox.
    //          looked at  asked  count   -> page   next
    [Theory]
    [InlineData("",        "",    2,         "",     "")]
    [InlineData("tu",      "",    2,         "tu",   "")]
    [InlineData("tut",     "",    2,         "tu",   "2")]
    [InlineData("tut",     "t",   2,         "tt",   "")]
    [InlineData("tu!t",    "t",   2,         "t",    "2")]      // What is not newer than what was not looked at waits.
    [InlineData("u!",      "t",   2,         "",     "1")]      // A page may be empty, and the next one goes on.
    [InlineData("tt!t",    "t",   2,         "tt",   "2")]
    [InlineData("t!",      "",    1,         "t",    "1")]
    [InlineData("tt!",     "",    1,         "t",    "1")]
    public void A_page_ends_where_more_may_be(string looked, string asked, int countMax, string expected, string next)
    {
        var query = new LedgerQuery { CountMax = countMax, IsTracked = asked.Length == 0 ? null : asked == "t" };
        var rows = looked.Replace("!", "", StringComparison.Ordinal).Select(Row).ToList();
        var lasts = looked.Split('!')[..^1].Select(part => part.Length).ToHashSet();

        var page = LedgerPage.Of(query, rows.Select((row, at) => (row, lasts.Contains(at + 1))));

        Assert.Equal(expected, string.Concat(page.Rows.Select(row => row.Outcome == Outcome.Tracked ? 't' : 'u')));
        Assert.Equal(next, page.Next?.Place.Item ?? "");
    }

    [Theory]
    [InlineData(1,       false, 51)]
    [InlineData(1,       true,  LedgerQuery.LookedAtMax)]
    [InlineData(1_000,   false, 20)]
    [InlineData(1_000,   true,  20)]
    [InlineData(100_000, true,  1)]
    [InlineData(0,       false, 51)]
    public void However_many_mailboxes_there_are_a_page_looks_at_so_much(int mailboxes, bool isSelective, int expected) =>
        Assert.Equal(expected, new LedgerQuery { IsTracked = isSelective ? true : null }.LookedAt(mailboxes));

    private static LedgerRow Row(char letter, int at) => new()
    {
        Email = MessageKey.FromBytes(new byte[16]),
        Place = new SightingPlace(EmailAddress.TryParse("ana@contoso.com", out var ana) ? ana : default, "Inbox", $"{at + 1}"),
        Outcome = letter == 't' ? Outcome.Tracked : Outcome.Skipped,
        Reason = ReasonCode.AcceptAll,
        SettingsVersion = 1,
        ReceivedOn = DateTimeOffset.UnixEpoch.AddMinutes(-at),
        DecidedOn = DateTimeOffset.UnixEpoch,
        IsBackfill = false,
    };
}
