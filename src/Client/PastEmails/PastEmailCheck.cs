using System.Collections.Immutable;
using EmailTracking.Client.RecordFiles;

namespace EmailTracking.Client.PastEmails;

/// <summary>A file of past emails read to its end: either all of it is right, or nothing is delivered.</summary>
internal sealed class PastEmailCheck
{
    private const int ProblemsMax = 100;

    private readonly List<string> _problems = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);

    private PastEmailCheck()
    {
    }

    /// <summary>The first hundred problems, each with its line.</summary>
    public ImmutableArray<string> Problems => [.. _problems];

    public long ProblemCount { get; private set; }

    public long Count { get; private set; }

    /// <summary>Whether any of them was sent by our side.</summary>
    public bool HasOutgoing { get; private set; }

    /// <summary>Columns that are not read.</summary>
    public ImmutableArray<string> IgnoredFields => [.. _ignored];

    public static PastEmailCheck Of(IEnumerable<RecordRow> rows, PastEmailLines lines)
    {
        var check = new PastEmailCheck();
        foreach (var row in rows)
        {
            check.Add(row, lines);
        }

        return check;
    }

    private void Add(RecordRow row, PastEmailLines lines)
    {
        _ignored.UnionWith(row.Fields.Keys.Where(field => !PastEmailLines.Known.Contains(field)));
        try
        {
            HasOutgoing |= lines.Parse(row).IsOutgoing;
            Count++;
        }
        catch (FormatException wrong)
        {
            ProblemCount++;
            if (_problems.Count < ProblemsMax)
            {
                _problems.Add($"line {row.Line}: {wrong.Message}");
            }
        }
    }
}
