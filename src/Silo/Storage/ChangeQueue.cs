using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>Forms batches out of what waits: in the order of arrival, and no two changes of a batch touch the same thing.</summary>
internal sealed class ChangeQueue
{
    /// <summary>How many changes go into one batch.</summary>
    public const int BatchMax = 512;

    /// <summary>How many that cannot go into this batch are held for the next; the others wait in the channel.</summary>
    public const int HeldMax = 2 * BatchMax;

    private readonly LinkedList<PendingChange> _held = [];

    public int Count => _held.Count;

    public bool IsFull => _held.Count >= HeldMax;

    public void Add(PendingChange change) => _held.AddLast(change);

    /// <summary>Takes the next batch; empty only when nothing is held.</summary>
    public List<PendingChange> Take()
    {
        var (batch, touched) = (new List<PendingChange>(), new HashSet<object>());
        for (var node = _held.First; node is not null && batch.Count < BatchMax;)
        {
            var (here, things) = (node, node.Value.Things);
            node = node.Next;

            // Its things count as touched even when it has to wait: who comes after it on the same thing stays after it.
            if (!things.Any(touched.Contains))
            {
                batch.Add(here.Value);
                _held.Remove(here);
            }

            touched.UnionWith(things);
        }

        return batch;
    }

    /// <summary>Takes out what rests on versions that were written now: the database would only say the same.</summary>
    /// <param name="durable">The changes that became durable.</param>
    public List<PendingChange> TakeOutdated(IEnumerable<TrackingChange> durable)
    {
        var outdated = new List<PendingChange>();
        if (_held.Count == 0)
        {
            return outdated;
        }

        var written = durable.SelectMany(change => change.Conversations)
            .ToDictionary(conversation => conversation.Id, conversation => conversation.SeenVersion);
        for (var node = _held.First; node is not null;)
        {
            var here = node;
            node = node.Next;
            if (here.Value.IsOutdatedBy(written))
            {
                outdated.Add(here.Value);
                _held.Remove(here);
            }
        }

        return outdated;
    }

    /// <summary>Takes all that is left.</summary>
    public List<PendingChange> TakeAll()
    {
        List<PendingChange> all = [.. _held];
        _held.Clear();
        return all;
    }
}
