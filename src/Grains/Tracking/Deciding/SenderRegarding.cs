using System.Collections.Immutable;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What a mail that correlates with nothing may be about: the sender's open cases and opportunities, else its account.</summary>
internal static class SenderRegarding
{
    /// <summary>How many are proposed.</summary>
    public const int ProposedMax = 5;

    /// <summary>The records to propose, in one order.</summary>
    /// <param name="sender">The record that the sender stands for.</param>
    /// <param name="snapshot">The records that belong to it.</param>
    public static ImmutableArray<RecordReference> Proposed(RecordReference? sender, TrackingSnapshot snapshot)
    {
        if (snapshot.Settings.Parties.RegardingFromSender == RegardingFromSender.Off || sender is not { } record)
        {
            return [];
        }

        var related = snapshot.Related.GetValueOrDefault(record, []);
        var open = related.Where(one => one.LogicalName is Tables.Incident or Tables.Opportunity).ToArray();
        var account = related.Where(one => one.LogicalName == Tables.Account)
            .Concat(record.LogicalName == Tables.Account ? [record] : []);
        return [.. (open.Length > 0 ? open : account).OrderBy(one => one.LogicalName, StringComparer.Ordinal).ThenBy(one => one.Id).Distinct().Take(ProposedMax)];
    }

    /// <summary>The claim of the only one, where the settings want it linked.</summary>
    public static IEnumerable<RegardingClaim> Claims(ImmutableArray<RecordReference> proposed, TrackingSettings settings) =>
        settings.Parties.RegardingFromSender == RegardingFromSender.Link && proposed is [var only]
            ? [new RegardingClaim(RegardingSource.Sender, only, null, null, int.MaxValue)]
            : [];
}
