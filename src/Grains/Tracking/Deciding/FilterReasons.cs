using System.Collections.Immutable;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What the reasons of a filter have in common.</summary>
public static class FilterReasons
{
    /// <summary>Why a filter leaves mail out that it would take if it took all mail.</summary>
    public static ImmutableArray<ReasonCode> Narrow { get; } =
    [
        ReasonCode.NoCorrelationMatch, ReasonCode.InvalidSender, ReasonCode.FilterNone, ReasonCode.NoSenderMatch, ReasonCode.WaitsForParent,
        ReasonCode.SharedSender,
    ];

    /// <summary>Whether people want it kept to themselves: of its content nothing stays.</summary>
    public static bool IsPrivate(ReasonCode reason) => reason is ReasonCode.NeverTracked or ReasonCode.BlockedSender or
        ReasonCode.BlockedByMailbox or ReasonCode.InternalOnly or ReasonCode.ExcludedHeader or ReasonCode.ExcludedKeyword or
        ReasonCode.RequiredHeaderMissing;
}
