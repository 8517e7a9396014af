namespace EmailTracking.Client.RecordFiles;

/// <summary>Names of fields and tables in lower case: each once in memory, since a file repeats them in every line.</summary>
internal static class FieldNames
{
    private const int LengthMax = 128;

    // What a hostile file invents is not kept beyond this.
    private const int KeptMax = 10_000;

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> Kept = new(StringComparer.Ordinal);

    public static string Of(string name)
    {
        if (Kept.TryGetValue(name, out var kept))
        {
            return kept;
        }

        var lower = name.Trim().ToLowerInvariant();
        return name.Length <= LengthMax && Kept.Count < KeptMax ? Kept.GetOrAdd(name, lower) : lower;
    }
}
