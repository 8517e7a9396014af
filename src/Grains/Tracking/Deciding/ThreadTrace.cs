using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What was looked at to find an email's place, in the order of its weight.</summary>
internal static class ThreadTrace
{
    private const int EvidenceMax = 12;

    public static ImmutableArray<TraceEntry> Of(
        Partition partition,
        int member,
        Correlation correlation,
        ImmutableArray<int> openClaims,
        Unplaced email,
        RegardingLink? regarding,
        RegardingLink? inherited,
        Act? tracked,
        LeftOut? leftOut) =>
    [
        .. ByHand(tracked, leftOut),
        .. Accepted(email),
        .. Evidence(partition, member, correlation),
        .. Open(partition, member, openClaims),
        .. Unseen(partition, member),
        TraceEntry.Of(TraceCode.Admitted, partition.Admission(member).ToString()),
        .. About(email, correlation, regarding, inherited),
    ];

    /// <summary>All that is said of an erased email: that it was, by whom and when.</summary>
    public static ImmutableArray<TraceEntry> OfErased(LeftOut leftOut) => [.. ByHand(null, leftOut)];

    private static IEnumerable<TraceEntry> ByHand(Act? tracked, LeftOut? leftOut)
    {
        if (leftOut is not null)
        {
            yield return TraceEntry.Of(
                TraceCode.LeftOut,
                ((int)leftOut.Reason).ToString(CultureInfo.InvariantCulture),
                leftOut.By,
                leftOut.On.ToString("u", CultureInfo.InvariantCulture));
        }
        else if (tracked is not null)
        {
            yield return TraceEntry.Of(TraceCode.TrackedByHand, tracked.By, tracked.On.ToString("u", CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<TraceEntry> Accepted(Unplaced email) =>
        email.Accepting is { } accepting ? [TraceEntry.Of(TraceCode.AcceptedBy, accepting.Mailbox.Value)] : [];

    private static IEnumerable<TraceEntry> Evidence(Partition partition, int member, Correlation correlation)
    {
        var found = Correlation.EvidenceOf(partition, member);
        if (found.IsEmpty)
        {
            yield return TraceEntry.Of(TraceCode.StandsAlone);
        }

        foreach (var one in found.Take(EvidenceMax))
        {
            var key = partition.Members[one.Email].Facts.Key;
            var decided = key == correlation.Email && one.Method == correlation.Method;
            yield return TraceEntry.Of(
                decided ? TraceCode.Correlated : TraceCode.AlsoFound,
                one.Kind.ToString(),
                key.ToString(),
                one.IsShared ? "shared" : "named");
        }
    }

    private static IEnumerable<TraceEntry> Open(Partition partition, int member, ImmutableArray<int> openClaims) => openClaims
        .Take(EvidenceMax)
        .Select(claim => TraceEntry.Of(
            TraceCode.NotJoined,
            partition.Members[member].Facts.Claims[claim].Kind.ToString(),
            partition.Bearer(member, claim) is { } bearer ? partition.Members[bearer].Facts.Key.ToString() : ""));

    private static IEnumerable<TraceEntry> Unseen(Partition partition, int member)
    {
        var count = Enumerable.Range(0, partition.Members[member].Facts.Claims.Length)
            .Count(claim => partition.Counts(member, claim) && partition.Bearer(member, claim) is null);
        if (count > 0)
        {
            yield return TraceEntry.Of(TraceCode.NamesUnseen, count.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<TraceEntry> About(
        Unplaced email, Correlation correlation, RegardingLink? regarding, RegardingLink? inherited)
    {
        yield return regarding is null
            ? TraceEntry.Of(TraceCode.RegardingNone)
            : TraceEntry.Of(
                TraceCode.RegardingSet, regarding.Source.ToString(), regarding.Record.ToString(), regarding.Email?.ToString() ?? "");
        if (inherited is not null && !correlation.Grounded)
        {
            yield return TraceEntry.Of(TraceCode.RegardingWithheld, inherited.Record.ToString());
        }
        else if (inherited is not null && inherited.Record != regarding?.Record)
        {
            yield return TraceEntry.Of(
                TraceCode.RegardingOverruled, nameof(RegardingSource.Correlated), inherited.Record.ToString());
        }

        foreach (var claim in email.RegardingClaims.Where(claim => claim.Record != regarding?.Record))
        {
            yield return TraceEntry.Of(TraceCode.RegardingOverruled, claim.Source.ToString(), claim.Record.ToString());
        }
    }
}
