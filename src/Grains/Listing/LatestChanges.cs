using System.Collections.Immutable;

namespace EmailTracking.Listing;

/// <summary>The latest changes of an organization's lists, as many as are kept.</summary>
/// <remarks>
/// In memory: they tell who is looking that there is something to look at, and the lists themselves are the truth. A position is no mark
/// to read on from, since mail that is late, or that changed, stands among what was read already.
/// </remarks>
/// <param name="run">Who counts.</param>
public sealed class LatestChanges(string run)
{
    /// <summary>How many are kept.</summary>
    public const int KeptMax = 2_048;

    /// <summary>How many are read at once.</summary>
    public const int PageMax = 64;

    private readonly Queue<ListChange> _kept = new();
    private long _last;
    private TaskCompletionSource _more = Waiting();

    /// <summary>Where what is known ends.</summary>
    public ListMark End => new(run, _last);

    /// <summary>Ends when there are more.</summary>
    public Task More => _more.Task;

    /// <summary>Adds changes, in order.</summary>
    public void Add(ImmutableArray<ListChange> changes)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        foreach (var change in changes)
        {
            _kept.Enqueue(change);
            if (_kept.Count > KeptMax)
            {
                _kept.Dequeue();
            }
        }

        _last += changes.Length;
        var waiting = _more;
        _more = Waiting();
        waiting.SetResult();
    }

    /// <summary>The first <see cref="PageMax"/> behind a mark.</summary>
    public ListChanges Read(ListMark after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var first = _last - _kept.Count;
        if (after.Run != run || after.Number < first || after.Number > _last)
        {
            return new ListChanges(End, [], IsWhole: false);
        }

        ImmutableArray<ListChange> page = [.. _kept.Skip((int)(after.Number - first)).Take(PageMax)];
        return new ListChanges(new ListMark(run, after.Number + page.Length), page, IsWhole: true);
    }

    private static TaskCompletionSource Waiting() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
