using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What a label that is seen on a message means.</summary>
public static class ItemLabels
{
    /// <summary>Decides what is known now, and what a person did: only a change that we have not made ourselves is an act.</summary>
    /// <param name="known">What we knew of the label.</param>
    /// <param name="isSeen">Whether the message has it.</param>
    /// <param name="isAct">Whether labels are acts of people here: otherwise what is seen is remembered, and means nothing.</param>
    /// <returns>What we know now, and the act; null when nobody did anything.</returns>
    public static (ItemLabel Label, ActKind? Act) Decide(ItemLabel known, bool isSeen, bool isAct) => (known, isSeen) switch
    {
        (ItemLabel.Absent or ItemLabel.Removed or ItemLabel.Undeliverable, true) => (ItemLabel.Present, isAct ? ActKind.Track : null),
        (ItemLabel.Present, false) => (ItemLabel.Removed, isAct ? ActKind.Untrack : null),
        (ItemLabel.Setting, true) => (ItemLabel.Present, null),
        (ItemLabel.Tracking, false) => (ItemLabel.Removed, null),
        (ItemLabel.Untracking, true) => (ItemLabel.Present, null),
        (ItemLabel.Removing, false) => (ItemLabel.Removed, null),
        _ => (known, null),
    };
}
