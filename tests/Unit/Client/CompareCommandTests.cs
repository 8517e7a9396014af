using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Back-fill and audit, against a server with messages of which some are not decided.</summary>
public sealed class CompareCommandTests
{
    private static readonly DateOnly Day = new(2026, 1, 1);

    private readonly FakeCluster _cluster = new();

    private int _missing = 2_500;
    private uint _unreadable;

    public CompareCommandTests()
    {
        _cluster.Servers.Compare = request =>
        {
            // Those that cannot be decided come first, and are passed over once they were tried.
            var after = request.After.GetValueOrDefault("Inbox").Number;
            var tried = Math.Min(request.DecideMax, _missing - (int)Math.Min(after, _unreadable));
            var now = tried - (int)Math.Min(_unreadable - Math.Min(after, _unreadable), tried);
            _missing -= now;
            return new MailboxComparison(
            [
                new FolderComparison(
                    "Inbox", 10_214, 10_214 - _missing, 9_031 - _missing, ImmutableDictionary<ReasonCode, int>.Empty
                        .Add(ReasonCode.NoCorrelationMatch, 1_180).Add(ReasonCode.NeverTracked, 3), now)
                {
                    TriedNow = tried, Last = new ItemId(1, after + (uint)tried),
                },
            ]);
        };
    }

    [Theory]
    [InlineData("",         true)]
    [InlineData(" --rules", false)]
    public async Task A_backfill_goes_on_until_nothing_is_missing(string option, bool isBackfill)
    {
        var ran = await RunAsync("backfill ana@contoso.com --since 2026-01-01" + option);

        Assert.Equal(0, ran.Code);
        Assert.Equal([0, 1_000, 1_000, 1_000], _cluster.Servers.Asked.Select(one => one.DecideMax));
        Assert.All(_cluster.Servers.Asked.Skip(1), one => Assert.Equal((Day, isBackfill), (one.Since, one.IsBackfill)));
        Assert.Contains("Inbox 10,214 2,500 10,214 9,031", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backfill_tries_everything_once_and_says_how_many_cannot_be_decided()
    {
        _unreadable = 1_007;

        var ran = await RunAsync("backfill ana@contoso.com --since 2026-01-01");

        Assert.Equal(2, ran.Code);
        Assert.Contains("1,007 messages cannot be decided. Why: emailtracking dead-letters", ran.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerProblemKind.Connection, 75)]
    [InlineData(ServerProblemKind.SignIn,     1)]
    public async Task A_server_that_cannot_be_read_is_told_with_what_to_do(ServerProblemKind kind, int code)
    {
        _cluster.Servers.Compare = _ => throw new MailServerException(kind, "It is away.", "Wait.", new IOException());

        var ran = await RunAsync("backfill ana@contoso.com --since 2026-01-01");

        Assert.Equal((code, "It is away. Wait."), (ran.Code, ran.Errors.Trim()));
        Assert.Single(_cluster.Servers.Asked);
    }

    [Fact]
    public async Task An_audit_says_why_mail_is_not_tracked()
    {
        _missing = 0;

        var ran = await RunAsync("audit ana@contoso.com --since 2026-01-01");

        Assert.Equal(0, ran.Code);
        Assert.Contains(
            "Inbox: observed 10,214 of 10,214; 9,031 tracked; 1,183 not tracked because the mailbox wants only answers to tracked mail, " +
            "and this answers none: 1,180; because somebody takes part whose mail nothing may track: 3",
            ran.Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_without_repair_only_tells()
    {
        var ran = await RunAsync("audit ana@contoso.com --since 2026-01-01 --no-repair");

        Assert.Equal(1, ran.Code);
        Assert.Equal(0, Assert.Single(_cluster.Servers.Asked).DecideMax);
        Assert.Contains("2,500 messages of ana@contoso.com are missing.", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_has_decided_what_is_missing_and_what_is_older_than_the_start_as_old_mail()
    {
        var ana = Rows.Address("ana@contoso.com");
        var start = new DateOnly(2026, 2, 1);
        _cluster.Servers.Profiles["office"] = new ServerProfile { Name = "office", Host = "a", StartsOn = start };
        _cluster.Servers.Statuses[ana] = new MailboxStatus(
            new MailboxConnection { Mailbox = ana, Profile = "office", UserName = "ana", StartsOn = Day }, new MailboxHealth(), []);

        var ran = await RunAsync("audit ana@contoso.com --since 2026-01-01");

        Assert.Equal(0, ran.Code);
        Assert.Equal([(start, false), (Day, true)], _cluster.Servers.Asked.Skip(1).Select(one => (one.Since, one.IsBackfill)).Distinct());
        Assert.Contains("2,500 messages were missing, and were decided now.", ran.Output, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(string line) => Shell.RunAsync(_cluster, line.Split(' '));
}
