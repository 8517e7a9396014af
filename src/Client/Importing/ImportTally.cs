using System.Collections.Immutable;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Importing;

/// <summary>What an import came to so far.</summary>
internal sealed record ImportCounts
{
    public long Seen { get; init; }

    public long Tracked { get; init; }

    public long AlreadyTracked { get; init; }

    public ImmutableSortedDictionary<ReasonCode, long> Skipped { get; init; } = ImmutableSortedDictionary<ReasonCode, long>.Empty;

    public long Waiting { get; init; }

    public long Deferred { get; init; }

    public long Failed { get; init; }

    public long Answered => Tracked + AlreadyTracked + Skipped.Values.Sum() + Waiting + Deferred + Failed;
}

/// <summary>One mail or file that a person should look at.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Advice">What was found and what to do.</param>
/// <param name="IsFailure">Whether it did not become a decided mail.</param>
internal sealed record ImportProblem(string Source, string Advice, bool IsFailure);

/// <summary>Counts answers that come from many deliveries at once.</summary>
internal sealed class ImportTally
{
    private const int ProblemsMax = 1_000;
    private readonly Lock _lock = new();
    private readonly List<ImportProblem> _problems = [];
    private ImportCounts _counts = new();

    public ImportCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return _counts;
            }
        }
    }

    /// <summary>The first thousand problems in the order in which they were met.</summary>
    public ImmutableArray<ImportProblem> Problems
    {
        get
        {
            lock (_lock)
            {
                return [.. _problems];
            }
        }
    }

    public void See() => Change(counts => counts with { Seen = counts.Seen + 1 });

    public void Add(DeliveryAnswer answer, string source)
    {
        Change(counts => Plus(counts, answer));
        if (answer.Outcome == Outcome.Failed)
        {
            var advice = answer.Problem ?? $"Not decided: {Queries.TraceWords.Of(answer.Reason)}.";
            Note(new ImportProblem(source, advice, IsFailure: true));
        }
    }

    /// <summary>A deferred mail was decided after all.</summary>
    public void Settle(DeliveryAnswer answer, string source)
    {
        Change(counts => counts with { Deferred = counts.Deferred - 1 });
        Add(answer, source);
    }

    public void Fail(string source, string advice)
    {
        Change(counts => counts with { Failed = counts.Failed + 1 });
        Note(new ImportProblem(source, advice, IsFailure: true));
    }

    public void Note(ImportProblem problem)
    {
        lock (_lock)
        {
            if (_problems.Count < ProblemsMax)
            {
                _problems.Add(problem);
            }
        }
    }

    private static ImportCounts Plus(ImportCounts counts, DeliveryAnswer answer) => answer.Outcome switch
    {
        Outcome.Tracked when answer.IsFirst => counts with { Tracked = counts.Tracked + 1 },
        Outcome.Tracked => counts with { AlreadyTracked = counts.AlreadyTracked + 1 },
        Outcome.Skipped => counts with
        {
            Skipped = counts.Skipped.SetItem(answer.Reason, counts.Skipped.GetValueOrDefault(answer.Reason) + 1),
        },
        Outcome.Waiting => counts with { Waiting = counts.Waiting + 1 },
        Outcome.Deferred => counts with { Deferred = counts.Deferred + 1 },
        _ => counts with { Failed = counts.Failed + 1 },
    };

    private void Change(Func<ImportCounts, ImportCounts> change)
    {
        lock (_lock)
        {
            _counts = change(_counts);
        }
    }
}
