using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Threads;

/// <summary>Which emails belong to one conversation, and which of them may speak there.</summary>
/// <remarks>
/// Three rules, and no others:
/// <list type="number">
/// <item>A mail hangs from its near id, whether we have that mail or not. Each mail has one, so near ids join no two threads
/// that stand on their own.</item>
/// <item>A mail is admitted when its near id is absent or unseen, when a person admitted it, or when it has ground with an
/// admitted mail that it names in its own conversation.</item>
/// <item>Every other id is far. It joins when the mail is admitted, and has ground with the admitted mail that bears the id or,
/// while nobody has shown us that mail, with an admitted mail that names the id too.</item>
/// </list>
/// Admission and far joins only ever add to each other, so their least fixpoint is one and the same whatever the order.
/// What people parted stays parted: joins are tried near first, by (sent date, key), and one that would join the two sides is
/// refused.
/// </remarks>
public sealed class Partition
{
    // Where a claim leads that does not count: beyond all mails, seen and unseen.
    private const int Nowhere = int.MaxValue;

    private readonly ImmutableArray<ThreadMember> _members;
    private readonly Dictionary<MessageKey, int> _byKey = [];
    private readonly ILookup<MessageKey, int> _byId;
    private readonly Dictionary<MessageKey, int> _unseen = [];
    private readonly List<List<(int Member, bool Near)>> _claimers = [];
    private readonly int[][] _targets;
    private readonly Admission[] _admissions;
    private readonly (int One, int Other)[] _aparts;
    private readonly DisjointSets _sets;
    private bool _changed;

    private Partition(IEnumerable<ThreadMember> members, IReadOnlyCollection<Apart> aparts)
    {
        _members = [.. members.OrderBy(member => member.Facts, ThreadFacts.BySent)];
        for (var i = 0; i < _members.Length; i++)
        {
            _byKey.Add(_members[i].Facts.Key, i);
        }

        _byId = Enumerable.Range(0, _members.Length).ToLookup(i => _members[i].Facts.IdKey);
        _targets = [.. Enumerable.Range(0, _members.Length).Select(FindTargets)];
        _admissions = new Admission[_members.Length];
        _sets = new DisjointSets(_members.Length + _unseen.Count);
        _aparts = [.. aparts
            .Where(apart => _byKey.ContainsKey(apart.One) && _byKey.ContainsKey(apart.Other))
            .Select(apart => (_byKey[apart.One], _byKey[apart.Other]))];
    }

    /// <summary>The members, by (sent date, key); indexes below refer to this order.</summary>
    public ImmutableArray<ThreadMember> Members => _members;

    /// <summary>Solves the three rules for these mails.</summary>
    /// <param name="members">The mails; settled ones stay as they are.</param>
    /// <param name="aparts">Pairs that stay parted.</param>
    /// <param name="anchors">
    /// Unseen ids that settled mails name already, each with the key of one of them: whoever names such an id next is in that
    /// mail's conversation.
    /// </param>
    public static Partition Solve(
        IEnumerable<ThreadMember> members,
        IReadOnlyCollection<Apart>? aparts = null,
        IReadOnlyDictionary<MessageKey, MessageKey>? anchors = null)
    {
        var partition = new Partition(members, aparts ?? []);
        partition.Settle(anchors);
        partition.JoinNear();
        do
        {
            partition._changed = false;
            partition.AdmitByGround();
            partition.JoinFar();
            partition.JoinThroughUnseen();
        }
        while (partition._changed);

        return partition;
    }

    /// <summary>The index of the first mail of the conversation; the same for all its mails.</summary>
    public int Conversation(int member) => _sets.Find(member);

    /// <summary>Why the mail may speak, or that it is held.</summary>
    public Admission Admission(int member) => _admissions[member];

    /// <summary>The mail that a claim names, as an index; null when nobody has shown us that mail.</summary>
    public int? Bearer(int member, int claim) => _targets[member][claim] < _members.Length ? _targets[member][claim] : null;

    /// <summary>The index of a mail.</summary>
    public int IndexOf(MessageKey key) => _byKey[key];

    /// <summary>The admitted or held mails that name an id nobody has shown us, by (sent date, key).</summary>
    public IEnumerable<int> ClaimersOf(MessageKey unseen) =>
        _unseen.TryGetValue(unseen, out var node) ? _claimers[node - _members.Length].Select(claimer => claimer.Member) : [];

    /// <summary>Whether a claim counts: one that only a list's own copy makes does not.</summary>
    public bool Counts(int member, int claim) => _targets[member][claim] != Nowhere;

    /// <summary>Whether a claim leads out of the conversation: it was not joined, or people parted the two.</summary>
    public bool IsOpen(int member, int claim) => Bearer(member, claim) is { } bearer
        ? Conversation(bearer) != Conversation(member)
        : Counts(member, claim) && ClaimersOf(_members[member].Facts.Claims[claim].Key).Any(other => Conversation(other) != Conversation(member));

    /// <summary>Whether <paramref name="mail"/> may speak below <paramref name="named"/>.</summary>
    public bool HasGround(int mail, int named) => _members[named].Facts.GivesGroundTo(_members[mail].Facts);

    private bool IsAdmitted(int member) => _admissions[member] != Threads.Admission.Held;

    private int[] FindTargets(int member)
    {
        var claims = _members[member].Facts.Claims;
        var targets = new int[claims.Length];
        for (var i = 0; i < claims.Length; i++)
        {
            targets[i] = claims[i].Kind == ClaimKind.Relayed
                ? Nowhere
                : FindBearer(member, claims[i].Key) ?? UnseenNode(claims[i].Key, member, near: _members[member].Facts.IsNear(i));
        }

        return targets;
    }

    // Several mails bear one id when a program reuses it: the one that the replier took part in is meant, else the latest
    // before the reply.
    private int? FindBearer(int member, MessageKey id)
    {
        var bearers = _byId[id].Where(bearer => bearer != member).ToArray();
        if (bearers.Length <= 1)
        {
            return bearers.Length == 0 ? null : bearers[0];
        }

        var known = bearers.Where(bearer => HasGround(member, bearer)).ToArray();
        var candidates = known.Length > 0 ? known : bearers;
        return candidates.Where(bearer => bearer < member).DefaultIfEmpty(candidates[0]).Last();
    }

    private int UnseenNode(MessageKey key, int member, bool near)
    {
        if (!_unseen.TryGetValue(key, out var node))
        {
            node = _members.Length + _unseen.Count;
            _unseen.Add(key, node);
            _claimers.Add([]);
        }

        _claimers[node - _members.Length].Add((member, near));
        return node;
    }

    private void Settle(IReadOnlyDictionary<MessageKey, MessageKey>? anchors)
    {
        var first = new Dictionary<Guid, int>();
        for (var i = 0; i < _members.Length; i++)
        {
            if (_members[i].Settled is { } place)
            {
                _admissions[i] = place.Admitted ? Threads.Admission.Settled : Threads.Admission.Held;
                _sets.Union(i, first.TryAdd(place.ConversationId, i) ? i : first[place.ConversationId]);
            }
        }

        foreach (var (unseen, anchor) in anchors ?? ImmutableDictionary<MessageKey, MessageKey>.Empty)
        {
            if (_unseen.TryGetValue(unseen, out var node) && _byKey.TryGetValue(anchor, out var member))
            {
                _sets.Union(member, node);
            }
        }
    }

    private void JoinNear()
    {
        for (var i = 0; i < _members.Length; i++)
        {
            if (_members[i].Settled is not null)
            {
                continue;
            }

            var near = _members[i].Facts.Near is null ? -1 : _targets[i][0];
            if (near >= 0)
            {
                Join(i, near);
            }

            _admissions[i] = _members[i].AdmittedByHand ? Threads.Admission.ByHand
                : near < 0 ? Threads.Admission.Starts
                : near >= _members.Length ? Threads.Admission.AnswersUnseen
                : Threads.Admission.Held;
        }
    }

    private void AdmitByGround()
    {
        for (var i = 0; i < _members.Length; i++)
        {
            if (_members[i].Settled is null && !IsAdmitted(i) && Array.Exists(_targets[i], named => AdmitsHere(i, named)))
            {
                _admissions[i] = Threads.Admission.Ground;
                _changed = true;
            }
        }
    }

    private bool AdmitsHere(int mail, int named) =>
        named < _members.Length && IsAdmitted(named) && Conversation(named) == Conversation(mail) && HasGround(mail, named);

    private void JoinFar()
    {
        for (var i = 0; i < _members.Length; i++)
        {
            if (_members[i].Settled is not null || !IsAdmitted(i))
            {
                continue;
            }

            for (var claim = 0; claim < _targets[i].Length; claim++)
            {
                var named = _targets[i][claim];
                if (!_members[i].Facts.IsNear(claim) && named < _members.Length && IsAdmitted(named) && HasGround(i, named))
                {
                    Join(i, named);
                }
            }
        }
    }

    // Far claims on an id that nobody has shown us: indexed by token, so that a thousand answers to a lost mail stay linear.
    private void JoinThroughUnseen()
    {
        foreach (var claimers in _claimers.Where(claimers => claimers.Count > 1 && claimers.Exists(claimer => !claimer.Near)))
        {
            var admitted = claimers.Where(claimer => IsAdmitted(claimer.Member)).ToArray();
            var far = admitted.Where(claimer => !claimer.Near).Select(claimer => claimer.Member).ToArray();
            var all = admitted.Select(claimer => claimer.Member).ToArray();
            JoinByToken(far, mail => mail.Voice, all, mail => mail.Ground);
            JoinByToken(far, mail => mail.Ground, all, mail => mail.Voice);
            JoinUsers(far, all);
        }
    }

    private void JoinByToken(int[] far, Func<ThreadFacts, GroundTokens> ofFar, int[] all, Func<ThreadFacts, GroundTokens> ofAll)
    {
        var holders = new Dictionary<ulong, List<int>>();
        foreach (var member in all)
        {
            foreach (var token in ofAll(_members[member].Facts).All())
            {
                (holders.TryGetValue(token, out var list) ? list : holders[token] = []).Add(member);
            }
        }

        foreach (var member in far)
        {
            foreach (var token in ofFar(_members[member].Facts).All())
            {
                if (!holders.TryGetValue(token, out var list))
                {
                    continue;
                }

                list.ForEach(holder => Join(member, holder));
                if (_aparts.Length == 0)
                {
                    // All holders of the token are together now: one of them stands for all.
                    list.RemoveRange(1, list.Count - 1);
                }
            }
        }
    }

    // Our own users have ground everywhere, so each of them joins every far claim, and every claim of theirs joins.
    private void JoinUsers(int[] far, int[] all)
    {
        var users = all.Where(member => _members[member].Facts.SenderIsUser).ToArray();
        if (users.Length == 0)
        {
            return;
        }

        foreach (var member in far)
        {
            foreach (var other in _members[member].Facts.SenderIsUser ? all : users)
            {
                Join(member, other);
            }
        }
    }

    private void Join(int one, int other)
    {
        var (left, right) = (_sets.Find(one), _sets.Find(other));
        if (left == right || Array.Exists(_aparts, apart => Parts(apart, left, right)))
        {
            return;
        }

        _sets.Union(left, right);
        _changed = true;
    }

    private bool Parts((int One, int Other) apart, int left, int right)
    {
        var (one, other) = (_sets.Find(apart.One), _sets.Find(apart.Other));
        return (one == left && other == right) || (one == right && other == left);
    }
}
