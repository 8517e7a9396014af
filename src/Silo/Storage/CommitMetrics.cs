using System.Diagnostics.Metrics;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Storage;

/// <summary>What the writer says of itself: meter <c>EmailTracking</c>.</summary>
internal sealed class CommitMetrics
{
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _age;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _statements;

    public CommitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TrackingMetrics.MeterName);
        _batch = meter.CreateHistogram<int>("emailtracking.commit.batch", "{change}", "Changes in one commit.");
        _age = meter.CreateHistogram<double>("emailtracking.commit.queue_age", "s", "Time that the oldest change of a batch waited.");
        _duration = meter.CreateHistogram<double>("emailtracking.commit.duration", "s", "Time that a batch took to be durable.");
        _outcomes = meter.CreateCounter<long>("emailtracking.commit.outcomes", "{change}", "Answers, by outcome.");
        _statements = meter.CreateCounter<long>("emailtracking.store.statements", "{statement}", "Statements sent for facts and commits.");
    }

    public void Batch(int count, TimeSpan age)
    {
        _batch.Record(count);
        _age.Record(age.TotalSeconds);
    }

    public void Duration(TimeSpan duration) => _duration.Record(duration.TotalSeconds);

    public void Answered(CommitResult result) => _outcomes.Add(1, new KeyValuePair<string, object?>("outcome", result switch
    {
        CommitResult.Durable => "durable",
        CommitResult.Conflict => "conflict",
        _ => "poison",
    }));

    public void Statements(int count) => _statements.Add(count);
}
