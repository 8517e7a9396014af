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
}
