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

    /// <summary>The claim of the only one, where the settings want it linked and the sender has said nothing before.</summary>
    /// <remarks>
    /// So it makes no difference whether a further copy or the sweep after a change of records tells first who the sender is, and who
    /// the sender becomes later rewrites nothing.
    /// </remarks>
    /// <param name="standing">The email's own claims.</param>
    /// <param name="proposed">What is proposed for the record that the sender stands for now.</param>
    /// <param name="settings">The settings in force.</param>
    public static IEnumerable<RegardingClaim> Claims(
        IEnumerable<RegardingClaim> standing, ImmutableArray<RecordReference> proposed, TrackingSettings settings) =>
        settings.Parties.RegardingFromSender == RegardingFromSender.Link && proposed is [var only] &&
            standing.All(claim => claim.Source != RegardingSource.Sender)
            ? [new RegardingClaim(RegardingSource.Sender, only, null, null, int.MaxValue)]
            : [];
}
