using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What people did, as the rules ask it. The latest word counts, in whatever order the words were learned.</summary>
public sealed class ActLog
{
    private readonly ILookup<MessageKey, Act> _byEmail;
    private readonly Dictionary<Guid, Act> _undoing;
    private readonly ImmutableArray<Act> _acts;

    /// <summary>Takes acts, in any order; an act that comes twice counts once.</summary>
    public ActLog(IEnumerable<Act> acts)
    {
        _acts = [.. acts.DistinctBy(act => act.Id).Order(Act.ByTime)];
        _undoing = _acts.Where(act => act.Undoes is not null)
            .GroupBy(act => act.Undoes!.Value)
            .ToDictionary(undoing => undoing.Key, undoing => undoing.First());
        _byEmail = _acts.SelectMany(act => act.Emails.Select(email => (email, act))).ToLookup(one => one.email, one => one.act);
    }

    /// <summary>Whether an act is among them.</summary>
    public bool Has(Guid act) => _acts.Any(one => one.Id == act);

    /// <summary>The act that took this one back; null when it stands.</summary>
    public Act? UndoingOf(Guid act) => _undoing.GetValueOrDefault(act);

    /// <summary>What was said of one email.</summary>
    public HandFacts Of(MessageKey email)
    {
        var standing = Standing(_byEmail[email]).ToArray();
        var word = standing.LastOrDefault(act => act.Kind is ActKind.Track or ActKind.Untrack) ??
            standing.LastOrDefault(act => act.TakesOut(email));
        var about = standing.LastOrDefault(act => act is { Record: not null, Kind: not ActKind.Resolve });
        return new HandFacts(
            word,
            Array.Exists(standing, act => act.Kind == ActKind.Track),
            about is null ? null : RegardingClaim.ByHand(about.Record!.Value, about.ForThisMailOnly),
            Array.Exists(standing, act => act.Kind == ActKind.Admit))
        {
            Erased = _byEmail[email].FirstOrDefault(act => act.Kind == ActKind.Erase),
            Resolutions = Array.Exists(standing, act => act.Kind == ActKind.Resolve)
                ? standing.Where(act => act is { Kind: ActKind.Resolve, Address: not null })
                    .GroupBy(act => act.Address!.Value)
                    .ToImmutableDictionary(acts => acts.Key, acts => acts.Last())
                : ImmutableDictionary<EmailAddress, Act>.Empty,
        };
    }

    /// <summary>When the conversation of these emails was stopped and resumed.</summary>
    public ImmutableArray<StopWord> StopsOf(IEnumerable<MessageKey> members) =>
    [
        .. Standing(members.SelectMany(email => _byEmail[email]).Distinct())
            .Where(act => act.Kind is ActKind.Stop or ActKind.Resume)
            .Order(Act.ByTime)
            .Select(act => new StopWord(act.On, act.Kind == ActKind.Stop, act.By)),
    ];

    /// <summary>What was said of who belongs together.</summary>
    public IEnumerable<Ruling> Rulings => _acts
        .Where(act => act.Kind is ActKind.Merge or ActKind.Split)
        .Select(act => UndoingOf(act.Id) is { } undoing
            ? RulingOf(undoing, parts: act.Kind == ActKind.Merge)
            : RulingOf(act, parts: act.Kind == ActKind.Split));

    private static Ruling RulingOf(Act act, bool parts) => new(act.On, act.Id, parts ? act.Sides : [[.. act.Emails]]);

    private IEnumerable<Act> Standing(IEnumerable<Act> acts) => acts.Where(act => !_undoing.ContainsKey(act.Id));
}

/// <summary>What people said of one email.</summary>
/// <param name="Word">
/// The latest act that tracks it or takes it out; where none stands, the undo of the track without which no mailbox would have it. Null
/// when there is none.
/// </param>
/// <param name="IsMember">Whether anybody tracked it, be it untracked later: then it is known, shown or hidden.</param>
/// <param name="Regarding">What they said it is about.</param>
/// <param name="IsAdmitted">Whether they let it speak.</param>
public sealed record HandFacts(Act? Word, bool IsMember, RegardingClaim? Regarding, bool IsAdmitted)
{
    /// <summary>The act that erased it; null when it was not. It is never taken back.</summary>
    public Act? Erased { get; init; }

    /// <summary>Which record addresses stand for in this email: the latest standing word on each, an <see cref="ActKind.Resolve"/>.</summary>
    public IReadOnlyDictionary<EmailAddress, Act> Resolutions { get; init; } = ImmutableDictionary<EmailAddress, Act>.Empty;

    /// <summary>The records of an address, as this email has them: what a person said of it goes before all that the directory holds.</summary>
    /// <param name="directory">The records of an address for mail of which nobody said anything.</param>
    public Func<EmailAddress, IEnumerable<RecordFacts>> RecordsBy(Func<EmailAddress, IEnumerable<RecordFacts>> directory) =>
        Resolutions.Count == 0
            ? directory
            : address => Resolutions.GetValueOrDefault(address)?.Meant is { } record ? [RecordFacts.ByHand(record)] : directory(address);

    /// <summary>The claims of an email: its own, and the one by hand. An erased email has no own, and passes on what people said.</summary>
    /// <param name="stored">What was known; a claim by hand in it is replaced.</param>
    public IEnumerable<RegardingClaim> Claims(IEnumerable<RegardingClaim> stored) =>
        stored.Where(claim => !claim.IsByHand && Erased is null).Concat(Regarding is { } claim ? [claim] : []);
}
