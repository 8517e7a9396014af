namespace EmailTracking.Client.RecordFiles;

/// <summary>One row of a record file: its fields by name, each with its values.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Fields">Names in lower case; a blank field has no value.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
internal sealed record RecordRow(long Line, IReadOnlyDictionary<string, string[]> Fields, string? Problem)
{
    private static readonly Dictionary<string, string[]> NoFields = [];

    /// <summary>The longest row, in characters.</summary>
    public const int LengthMax = 1_048_576;

    public static RecordRow Wrong(long line, string problem) => new(line, NoFields, problem);

    /// <summary>The one value of a field; null when it is absent or blank.</summary>
    public string? Value(string name) => Fields.GetValueOrDefault(name) is [var value] ? value : null;

    /// <summary>All values of a field.</summary>
    public string[] Values(string name) => Fields.GetValueOrDefault(name) ?? [];
}
