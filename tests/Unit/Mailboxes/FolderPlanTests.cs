using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Mailboxes;

/// <summary>A rule belongs to a folder, not to a name.</summary>
public sealed class FolderPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ServerFolder Inbox = new("INBOX", "Inbox", FolderRole.Inbox, IsUnderInbox: false, "i", 1);
    private static readonly ServerFolder Deals = new("INBOX/Deals", "Inbox/Deals", FolderRole.None, IsUnderInbox: true, "d", 2);
    private static readonly TrackingFolder Rule = new("Inbox/Deals", Tracking.Known.Reference("opportunity", 5));

    /// <summary>What the server shows then, with ids and without; the rule's name and state after.</summary>
    public static TheoryData<string, ServerFolder[], string, FolderRuleState> Changes => new()
    {
        { "nothing happened", [Deals], "Inbox/Deals", FolderRuleState.Active },
        { "renamed", [At("Inbox/Won", "d", 2)], "Inbox/Won", FolderRuleState.Active },
        { "renamed, and numbered anew", [At("Inbox/Won", "d", 3)], "Inbox/Won", FolderRuleState.Active },
        { "moved below another", [At("Inbox/2026/Deals", "d", 2)], "Inbox/2026/Deals", FolderRuleState.Active },
        { "moved out of the Inbox", [At("Deals", "d", 2, isUnderInbox: false)], "Deals", FolderRuleState.Disabled },
        { "deleted", [], "Inbox/Deals", FolderRuleState.Disabled },
        { "deleted and made again", [At("Inbox/Deals", "e", 3)], "Inbox/Deals", FolderRuleState.Paused },
        { "renamed, and another one made", [At("Inbox/Deals", "e", 3), At("Inbox/Won", "d", 2)], "Inbox/Won", FolderRuleState.Active },
        { "renamed, no ids", [At("Inbox/Won", null, 2)], "Inbox/Won", FolderRuleState.Active },
        { "deleted and made again, no ids", [At("Inbox/Deals", null, 3)], "Inbox/Deals", FolderRuleState.Paused },
        { "nothing is told before it is opened", [At("Inbox/Deals", null, 0)], "Inbox/Deals", FolderRuleState.Active },
        { "copied and deleted, no ids", [At("Inbox/Won", null, 2), At("Inbox/Lost", null, 2)], "Inbox/Deals", FolderRuleState.Disabled },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_rule_goes_along_with_its_folder(string what, ServerFolder[] shown, string name, FolderRuleState state)
    {
        _ = what;
        var known = Known(Inbox, Deals);
        var after = FolderPlan.Of([Inbox, .. shown], known, [Rule], readsSent: false, Now);
        var rule = Assert.Single(after.Rules);
        Assert.Equal((name, state), (rule.Name, rule.State));
        Assert.Equal(state == FolderRuleState.Active, after.Read.Any(folder => folder.Rule is not null));
        Assert.All(after.Read.Where(folder => folder.Rule is not null), folder => Assert.Equal(2, folder.Known.Number));
    }

    [Fact]
    public void A_disabled_rule_is_in_force_again_when_its_folder_is_back()
    {
        var known = Known(Inbox, Deals);
        var gone = FolderPlan.Of([Inbox], known, [Rule], readsSent: false, Now);
        var deals = Assert.Single(gone.Changed);
        Assert.Equal(Now, deals.GoneOn);
        var back = FolderPlan.Of([Inbox, Deals], known.Replace(known[1], deals), gone.Rules, readsSent: false, Now);
        Assert.Equal(FolderRuleState.Active, Assert.Single(back.Rules).State);
        Assert.Null(Assert.Single(back.Changed).GoneOn);
        Assert.Equal(new FolderMark(Deals.Validity, 1, 0), Assert.Single(back.Changed).Mark);
    }

    [Fact]
    public void A_disabled_rule_is_paused_when_another_folder_has_the_name_of_its_own()
    {
        var known = Known(Inbox, Deals);
        var gone = FolderPlan.Of([Inbox], known, [Rule], readsSent: false, Now);
        known = known.Replace(known[1], Assert.Single(gone.Changed));
        var other = FolderPlan.Of([Inbox, At("Inbox/Deals", "e", 3)], known, gone.Rules, readsSent: false, Now);
        Assert.Equal(FolderRuleState.Paused, Assert.Single(other.Rules).State);
        Assert.Equal(["Inbox"], Names(other));
    }

    [Fact]
    public void A_rule_waits_for_a_folder_that_was_never_there()
    {
        var waits = FolderPlan.Of([Inbox], Known(Inbox), [Rule], readsSent: false, Now);
        Assert.Equal(FolderRuleState.Disabled, Assert.Single(waits.Rules).State);
        var there = FolderPlan.Of([Inbox, Deals], Known(Inbox), waits.Rules, readsSent: false, Now);
        Assert.Equal(FolderRuleState.Active, Assert.Single(there.Rules).State);
    }

    [Fact]
    public void Only_the_Inbox_the_folders_with_rules_and_sent_mail_if_wanted_are_read()
    {
        var sent = new ServerFolder("Sent", "Sent", FolderRole.Sent, IsUnderInbox: false, "s", 4);
        ServerFolder[] shown = [Inbox, Deals, sent, At("Inbox/Other", "o", 5), At("Trash", "t", 6, isUnderInbox: false)];
        Assert.Equal(["Inbox", "Inbox/Deals"], Names(FolderPlan.Of(shown, [], [Rule], readsSent: false, Now)));
        Assert.Equal(["Inbox", "Sent", "Inbox/Deals"], Names(FolderPlan.Of(shown, [], [Rule], readsSent: true, Now)));
        Assert.Equal(["Inbox"], Names(FolderPlan.Of(shown, [], [], readsSent: false, Now)));
    }

    [Fact]
    public void Numbers_are_never_given_twice()
    {
        var known = Known(Inbox, Deals).Select(folder => folder with { Number = folder.Number * 10, GoneOn = folder.Number == 2 ? Now : null });
        var plan = FolderPlan.Of([Inbox, At("Inbox/Deals", "e", 9)], [.. known], [Rule], readsSent: false, Now);
        Assert.All(plan.Changed, folder => Assert.Equal(21, folder.Number));
    }

    private static IEnumerable<string> Names(FolderPlan plan) => plan.Read.Select(folder => folder.Server.Name);

    private static ServerFolder At(string name, string? id, uint validity, bool isUnderInbox = true) =>
        new(name.Replace("Inbox", "INBOX", StringComparison.Ordinal), name, FolderRole.None, isUnderInbox, id, validity);

    private static ImmutableArray<FollowedFolder> Known(params ServerFolder[] folders) =>
    [
        .. folders.Select((folder, i) => new FollowedFolder(
            i + 1, folder.Id, folder.Path, folder.Name, folder.Role, folder.Validity, new FolderMark(folder.Validity, 1, 1))),
    ];
}
