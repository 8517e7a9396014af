using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Mailboxes;

/// <summary>Only a change that we have not made ourselves is somebody's act.</summary>
public sealed class ItemLabelTests
{
    [Theory]
    [InlineData(ItemLabel.Absent, true, ItemLabel.Present, ActKind.Track)]
    [InlineData(ItemLabel.Absent, false, ItemLabel.Absent, null)]
    [InlineData(ItemLabel.Present, true, ItemLabel.Present, null)]
    [InlineData(ItemLabel.Present, false, ItemLabel.Removed, ActKind.Untrack)]
    [InlineData(ItemLabel.Setting, true, ItemLabel.Present, null)]
    [InlineData(ItemLabel.Setting, false, ItemLabel.Setting, null)]
    [InlineData(ItemLabel.Removing, true, ItemLabel.Removing, null)]
    [InlineData(ItemLabel.Removing, false, ItemLabel.Removed, null)]
    [InlineData(ItemLabel.Removed, true, ItemLabel.Present, ActKind.Track)]
    [InlineData(ItemLabel.Removed, false, ItemLabel.Removed, null)]
    [InlineData(ItemLabel.Undeliverable, true, ItemLabel.Present, ActKind.Track)]
    [InlineData(ItemLabel.Undeliverable, false, ItemLabel.Undeliverable, null)]
    [InlineData(ItemLabel.Tracking, true, ItemLabel.Tracking, null)]
    [InlineData(ItemLabel.Tracking, false, ItemLabel.Removed, null)] // Taken back before it could be done.
    [InlineData(ItemLabel.Untracking, true, ItemLabel.Present, null)]
    [InlineData(ItemLabel.Untracking, false, ItemLabel.Untracking, null)]
    public void A_seen_label_is_an_act_or_our_own_work(ItemLabel known, bool isSeen, ItemLabel now, ActKind? act)
    {
        Assert.Equal((now, act), ItemLabels.Decide(known, isSeen, isAct: true));
        Assert.Equal((now, null), ItemLabels.Decide(known, isSeen, isAct: false));
    }
}
