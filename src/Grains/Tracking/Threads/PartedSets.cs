namespace EmailTracking.Tracking.Threads;

/// <summary>Which of n things belong together, where some must not.</summary>
internal sealed class PartedSets(int count)
{
    private readonly DisjointSets _sets = new(count);
    private readonly List<(int One, int Other)> _parted = [];

    /// <summary>Whether any two things must not belong together.</summary>
    public bool HasParted => _parted.Count > 0;

    /// <summary>The thing that stands for all that belong with <paramref name="item"/>.</summary>
    public int Find(int item) => _sets.Find(item);

    /// <summary>Puts two sets together, unless that would bring together what is parted.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Join(int one, int other)
    {
        var (left, right) = (Find(one), Find(other));
        if (left == right || _parted.Exists(pair => Parts(pair, left, right)))
        {
            return false;
        }

        _sets.Union(left, right);
        return true;
    }

    /// <summary>Joins the things of each side and parts the sides, as far as what was said before (a later word) permits.</summary>
    public void Follow(IEnumerable<IEnumerable<int>> sides)
    {
        // What a later word parted stays parted, so a side may fall into several groups.
        var groups = sides.Select(Gather).ToArray();
        for (var i = 0; i < groups.Length; i++)
        {
            foreach (var one in groups[i])
            {
                // What a later word joined stays joined.
                _parted.AddRange(groups[(i + 1)..].SelectMany(group => group)
                    .Where(other => Find(other) != Find(one))
                    .Select(other => (one, other)));
            }
        }
    }

    private List<int> Gather(IEnumerable<int> side)
    {
        var groups = new List<int>();
        foreach (var item in side)
        {
            if (!groups.Exists(group => Join(group, item) || Find(group) == Find(item)))
            {
                groups.Add(item);
            }
        }

        return groups;
    }

    private bool Parts((int One, int Other) pair, int left, int right)
    {
        var (one, other) = (Find(pair.One), Find(pair.Other));
        return (one == left && other == right) || (one == right && other == left);
    }
}
