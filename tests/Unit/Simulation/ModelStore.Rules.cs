using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>Creation rules, what they create, and whether that is open.</summary>
public sealed partial class ModelStore
{
    private readonly Dictionary<SightingPlace, DateTimeOffset> _seenOn = [];

    /// <summary>The time: when a rule is changed, and when a copy is seen.</summary>
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public List<RuleVersion> Rules { get; } = [];

    /// <summary>What rules created, each once.</summary>
    public Dictionary<RecordReference, CreatedRecord> Created { get; } = [];

    /// <summary>What became of records.</summary>
    public Dictionary<RecordReference, RecordLife> Lives { get; } = [];

    public void Set(EmailAddress queue, CreationRule? rule) =>
        Rules.Add(new RuleVersion(queue, Rules.Count(version => version.Queue == queue) + 1, rule, "Ana", Now, null));

    private TrackingSnapshot WithRules(TrackingSnapshot snapshot, ImmutableArray<Sighting> sightings) => snapshot with
    {
        Rules = [.. Rules.Where(version => sightings.Any(one => one.Place.Mailbox == version.Queue))],
        Lives = Lives.ToImmutableDictionary(),
    };

    private void Create(TrackingChange change)
    {
        foreach (var record in change.Created)
        {
            Created.TryAdd(record.Reference, record);
            Lives.TryAdd(record.Reference, new RecordLife(record.Reference, true, null, null));
        }

        foreach (var place in change.Decisions.Select(decision => decision.Sighting.Place))
        {
            _seenOn.TryAdd(place, Now);
        }
    }
}
