namespace EmailTracking.Tracking.Threads;

/// <summary>Which of n things belong together.</summary>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    /// <summary>The thing that stands for all that belong with <paramref name="item"/>.</summary>
    public int Find(int item)
    {
        while (_parents[item] != item)
        {
            _parents[item] = _parents[_parents[item]];
            item = _parents[item];
        }

        return item;
    }

    /// <summary>Puts two sets together; the smaller index stands for both, so that replays agree.</summary>
    public void Union(int one, int other)
    {
        (one, other) = (Find(one), Find(other));
        _parents[Math.Max(one, other)] = Math.Min(one, other);
    }
}
