using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Queries;

/// <summary>What became of the record that an email was decided to be about, as entries of a trace. They are made on reading.</summary>
internal static class RegardingTrace
{
    public static ImmutableArray<TraceEntry> Of(ActivityRow? activity)
    {
        if (activity is not { RegardingFate: { } fate, State.Regarding: { } decided })
        {
            return [];
        }

        var today = (fate.Successor ?? decided.Record).ToString();
        var entries = ImmutableArray.CreateBuilder<TraceEntry>();
        if (fate.Successor is not null)
        {
            entries.Add(TraceEntry.Of(TraceCode.RegardingMoved, decided.Record.ToString(), today));
        }

        if (fate.DeletedOn is { } deletedOn)
        {
            entries.Add(TraceEntry.Of(
                TraceCode.RegardingDeleted, today, deletedOn.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        }

        return entries.DrainToImmutable();
    }
}
