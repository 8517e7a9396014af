using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>An email whose place is to be found: a new one, or a member of a conversation that is looked at again.</summary>
/// <param name="Before">How it stands; null for a new one.</param>
/// <param name="Facts">What it says now.</param>
/// <param name="BaseSubject">Its subject to compare.</param>
/// <param name="RegardingClaims">Its own claims.</param>
/// <param name="Accepting">Who accepted it.</param>
/// <param name="ReceivedOn">When it was first received.</param>
internal sealed record Unplaced(
    KnownEmail? Before,
    ThreadFacts Facts,
    string BaseSubject,
    ImmutableArray<RegardingClaim> RegardingClaims,
    AcceptingEntity? Accepting,
    DateTimeOffset ReceivedOn)
{
    /// <summary>The rules of queues that it reaches for the first time; null when there are none.</summary>
    public RuleQuestion? Rules { get; init; }
}

/// <summary>The place that was found for an email.</summary>
internal sealed record Placed(
    Unplaced Email,
    Guid ConversationId,
    bool IsFounder,
    Admission Admission,
    Correlation Correlation,
    bool SubjectChanged,
    RegardingLink? Regarding,
    LeftOut? LeftOut,
    ImmutableArray<int> OpenClaims,
    ImmutableArray<TraceEntry> Trace)
{
    /// <summary>What the rules made of it; null when none was asked.</summary>
    public RuleOutcome? Rules { get; init; }
}

/// <summary>Finds the conversation of new emails, and the new place of others when they change it.</summary>
/// <remarks>
/// A mail that nobody has named yet, and that reaches one conversation at most, changes nobody's place but its own: then the mails
/// it names are enough. In every other case all members of the conversations in reach are taken and placed afresh. Both ways give
/// the same result; the first is only cheaper.
/// </remarks>
internal sealed class Threading(string organization, ImmutableArray<Unplaced> changed, TrackingSnapshot snapshot)
{
    private readonly ActLog _acts = new(snapshot.Acts);
    private readonly Reach _reach = new(snapshot);
    private readonly Dictionary<Guid, ImmutableArray<StopWord>> _stops = [];

    /// <summary>The conversations that were read, and on whose state the result rests.</summary>
    public IEnumerable<Guid> Reach => _reach.Conversations;

    /// <summary>Whether all members were placed afresh.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Finds the places.</summary>
    /// <param name="missing">What else has to be read, when the result is null.</param>
    public IReadOnlyList<Placed>? Solve(out TrackingDecision.NeedsMembers? missing)
    {
        foreach (var email in changed)
        {
            _reach.Add(email);
        }

        if (!_reach.ChangesOthers && _reach.Conversations.Count <= 1 && SolveLeaves() is { } placed)
        {
            missing = null;
            return placed;
        }

        return SolveWide(out missing);
    }

    /// <summary>Places all members of some conversations afresh, and of those that hang together with them.</summary>
    /// <param name="conversations">The conversations.</param>
    /// <param name="missing">What else has to be read, when the result is null.</param>
    public IReadOnlyList<Placed>? Solve(IEnumerable<Guid> conversations, out TrackingDecision.NeedsMembers? missing)
    {
        _reach.Add(conversations);
        return SolveWide(out missing);
    }

    /// <summary>When a conversation was stopped and resumed.</summary>
    public ImmutableArray<StopWord> StopsOf(Guid conversation) =>
        _stops.TryGetValue(conversation, out var stops) ? stops
        : !IsComplete && snapshot.Conversations.TryGetValue(conversation, out var facts) ? facts.Stops
        : [];

    private List<Placed>? SolveWide(out TrackingDecision.NeedsMembers? missing)
    {
        IsComplete = true;
        missing = _reach.Missing(changed, _acts);
        return missing is null ? SolveAll() : null;
    }

    private List<Placed>? SolveLeaves()
    {
        // Others may have tracked one of these between two reads: the commit finds that out, and here it is still new.
        var keys = changed.Select(email => email.Facts.Key).ToHashSet();
        var settled = snapshot.Emails.Values
            .Where(email => _reach.Conversations.Contains(email.State.ConversationId) && !keys.Contains(email.Facts.Key))
            .Select(email => new ThreadMember(
                email.Facts, Settled: new SettledPlace(email.State.ConversationId, !email.State.IsHeld)));
        var partition = Partition.Solve(settled.Concat(changed.Select(Member)), anchors: _reach.Anchors);
        return changed.Any(email => MayJoinThroughUnseen(partition, email)) || PassesOnAnother() ? null : Place(partition);
    }

    // What a person said for one email alone hides what its answers inherit, and an erased email does not show it.
    private bool PassesOnAnother() => snapshot.Emails.Values.Any(email =>
        (email.State.Regarding?.Source == RegardingSource.ByHandHere || email.IsErased) && _reach.Conversations.Contains(email.State.ConversationId));

    // An id that only others name joins by what they all say of themselves, and only one of them is at hand.
    private bool MayJoinThroughUnseen(Partition partition, Unplaced email)
    {
        var self = partition.IndexOf(email.Facts.Key);
        return email.Facts.Claims.Any(claim =>
            snapshot.Keys.TryGetValue(claim.Key, out var facts) && facts is { Holder: { } holder, IsBorne: false } &&
            partition.Conversation(partition.IndexOf(holder)) != partition.Conversation(self));
    }

    private List<Placed> SolveAll()
    {
        var keys = changed.Select(email => email.Facts.Key).ToHashSet();
        var others = snapshot.Emails.Values
            .Where(email => _reach.Conversations.Contains(email.State.ConversationId) && !keys.Contains(email.Facts.Key))
            .Select(email => new Unplaced(
                email,
                email.Facts,
                email.BaseSubject,
                [.. _acts.Of(email.Facts.Key).Claims(email.State.RegardingClaims).Order(RegardingClaim.Stored)],
                email.State.Accepting,
                email.ReceivedOn));
        ImmutableArray<Unplaced> all = [.. changed, .. others];
        return Place(Partition.Solve(all.Select(Member), _acts.Rulings), all);
    }

    private List<Placed> Place(Partition partition) => Place(partition, changed);

    private List<Placed> Place(Partition partition, ImmutableArray<Unplaced> emails)
    {
        var ids = new ConversationIds(organization, partition, snapshot);
        var correlations = Correlation.Decide(partition);
        var byKey = emails.ToDictionary(email => email.Facts.Key);
        var regarding = new InheritedRegarding(
            partition,
            correlations,
            byKey,
            member => LeftOutOf(byKey[partition.Members[member].Facts.Key], ids.Of(member)) is not null,
            snapshot);
        if (IsComplete)
        {
            foreach (var members in Enumerable.Range(0, partition.Members.Length).GroupBy(ids.Of))
            {
                _stops[members.Key] = _acts.StopsOf(members.Select(member => partition.Members[member].Facts.Key));
            }
        }

        return
        [
            .. Enumerable.Range(0, partition.Members.Length)
                .Where(i => partition.Members[i].Settled is null)
                .Select(i => Place(partition, i, byKey[partition.Members[i].Facts.Key], ids, correlations[i], regarding)),
        ];
    }

    private Placed Place(
        Partition partition,
        int member,
        Unplaced email,
        ConversationIds ids,
        Correlation correlation,
        InheritedRegarding regarding)
    {
        ImmutableArray<int> open =
            [.. Enumerable.Range(0, email.Facts.Claims.Length).Where(claim => partition.IsOpen(member, claim))];
        var changedSubject = correlation is { Method: CorrelationMethod.InReplyTo, Email: { } parent } &&
            !BaseSubject.AreSame(SubjectOf(parent), email.BaseSubject);
        var hand = _acts.Of(email.Facts.Key);
        var leftOut = LeftOutOf(email, ids.Of(member));
        var isErased = leftOut is { Reason: ReasonCode.Erased };
        var link = isErased ? null : regarding.Of(member);
        var ruled = regarding.Ruled(member);
        if (ruled is { Claims.IsEmpty: false })
        {
            email = email with { RegardingClaims = [.. email.RegardingClaims.Concat(ruled.Claims).Distinct().Order(RegardingClaim.Stored)] };
        }

        return new Placed(
            email,
            ids.Of(member),
            ids.IsFounder(member),
            partition.Admission(member),
            correlation,
            changedSubject,
            link,
            leftOut,
            open,
            isErased ? ThreadTrace.OfErased(leftOut!) : ThreadTrace.Of(
                partition,
                member,
                correlation,
                open,
                email,
                link,
                regarding.Inherited(member),
                hand.Word is { Kind: ActKind.Track } tracked ? tracked : null,
                leftOut))
        {
            Rules = ruled,
        };
    }

    private LeftOut? LeftOutOf(Unplaced email, Guid conversation) =>
        LeftOut.Decide(_acts.Of(email.Facts.Key), StopsOf(conversation), email.ReceivedOn);

    private string SubjectOf(MessageKey key) =>
        changed.FirstOrDefault(email => email.Facts.Key == key)?.BaseSubject ?? snapshot.Emails[key].BaseSubject;

    private ThreadMember Member(Unplaced email) => new(email.Facts, _acts.Of(email.Facts.Key).IsAdmitted);
}
