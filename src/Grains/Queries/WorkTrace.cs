using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Queries;

/// <summary>Whose email it is and in which queues, as entries of a trace. They are made on reading.</summary>
internal static class WorkTrace
{
    public static ImmutableArray<TraceEntry> Of(ActivityRow? activity, ImmutableArray<Guid> queues)
    {
        var entries = ImmutableArray.CreateBuilder<TraceEntry>();
        if (activity?.Owner is { OwnerId: { } owner, Rule: var rule })
        {
            entries.Add(TraceEntry.Of(TraceCode.OwnedBy, new RecordReference(Tables.SystemUser, owner).ToString(), rule.ToString()));
        }

        if (!queues.IsEmpty)
        {
            entries.Add(TraceEntry.Of(
                TraceCode.InQueues, [.. queues.Select(queue => new RecordReference(Tables.Queue, queue).ToString())]));
        }

        return entries.DrainToImmutable();
    }
}
