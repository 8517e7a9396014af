namespace EmailTracking.Preview;

/// <summary>Several values under one key, each once.</summary>
internal sealed class MultiMap<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, HashSet<TValue>> _sets = [];

    public IReadOnlyCollection<TValue> this[TKey key] => _sets.TryGetValue(key, out var set) ? set : [];

    public void Add(TKey key, TValue value)
    {
        if (!_sets.TryGetValue(key, out var set))
        {
            _sets.Add(key, set = []);
        }

        set.Add(value);
    }

    public void Remove(TKey key, TValue value)
    {
        if (_sets.TryGetValue(key, out var set) && set.Remove(value) && set.Count == 0)
        {
            _sets.Remove(key);
        }
    }

    /// <summary>Takes out all values under a key.</summary>
    public IReadOnlyCollection<TValue> Take(TKey key) => _sets.Remove(key, out var set) ? set : [];
}
