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
/// The sent and the received copy of one mail, where these are two activities, are together without any id. What people said goes
/// before: the latest word first, and what it parts stays parted. Joins are tried near first, by (sent date,
/// key), and one that would join two sides is refused.
/// </remarks>
public sealed class Partition
{
    private readonly ImmutableArray<ThreadMember> _members;
    private readonly Dictionary<MessageKey, int> _byKey = [];
    private readonly NamedMails _named;
    private readonly Admission[] _admissions;
    private readonly PartedSets _sets;
    private bool _changed;

    private Partition(IEnumerable<ThreadMember> members)
    {
        _members = [.. members.OrderBy(member => member.Facts, ThreadFacts.BySent)];
        for (var i = 0; i < _members.Length; i++)
        {
            _byKey.Add(_members[i].Facts.Key, i);
        }

        _named = new NamedMails([.. _members.Select(member => member.Facts)]);
        _admissions = new Admission[_members.Length];
        _sets = new PartedSets(_members.Length + _named.UnseenCount);
    }

    /// <summary>The members, by (sent date, key); indexes below refer to this order.</summary>
    public ImmutableArray<ThreadMember> Members => _members;

    /// <summary>Solves the three rules for these mails.</summary>
    /// <param name="members">The mails; settled ones stay as they are.</param>
    /// <param name="rulings">What people said, in any order.</param>
    /// <param name="anchors">
    /// Unseen ids that settled mails name already, each with the key of one of them: whoever names such an id next is in that
    /// mail's conversation.
    /// </param>
    public static Partition Solve(
        IEnumerable<ThreadMember> members,
        IEnumerable<Ruling>? rulings = null,
        IReadOnlyDictionary<MessageKey, MessageKey>? anchors = null)
    {
        var partition = new Partition(members);
        partition.Settle(anchors);
        foreach (var ruling in (rulings ?? []).OrderByDescending(ruling => ruling.On).ThenByDescending(ruling => ruling.Act))
        {
            partition._sets.Follow(ruling.Sides.Select(side => side.Where(partition._byKey.ContainsKey).Select(key => partition._byKey[key])));
        }

        partition.JoinSentCopies();
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
    public int? Bearer(int member, int claim) => _named.Target(member, claim) < _members.Length ? _named.Target(member, claim) : null;

    /// <summary>The index of a mail.</summary>
    public int IndexOf(MessageKey key) => _byKey[key];

    /// <summary>The admitted or held mails that name an id nobody has shown us, by (sent date, key).</summary>
    public IEnumerable<int> ClaimersOf(MessageKey unseen) =>
        _named.NodeOf(unseen) is { } node ? _named.ClaimersOf(node).Select(claimer => claimer.Member) : [];

    /// <summary>Whether a claim counts: one that only a list's own copy makes does not.</summary>
    public bool Counts(int member, int claim) => _named.Target(member, claim) != NamedMails.Nowhere;

    /// <summary>Whether a claim leads out of the conversation: it was not joined, or people parted the two.</summary>
    public bool IsOpen(int member, int claim) => Bearer(member, claim) is { } bearer
        ? Conversation(bearer) != Conversation(member)
        : Counts(member, claim) && ClaimersOf(_members[member].Facts.Claims[claim].Key).Any(other => Conversation(other) != Conversation(member));

    /// <summary>Whether <paramref name="mail"/> may speak below <paramref name="named"/>.</summary>
    public bool HasGround(int mail, int named) => _members[named].Facts.GivesGroundTo(_members[mail].Facts);

    private bool IsAdmitted(int member) => _admissions[member] != Threads.Admission.Held;

    private void Settle(IReadOnlyDictionary<MessageKey, MessageKey>? anchors)
    {
        var first = new Dictionary<Guid, int>();
        for (var i = 0; i < _members.Length; i++)
        {
            if (_members[i].Settled is { } place)
            {
                _admissions[i] = place.Admitted ? Threads.Admission.Settled : Threads.Admission.Held;
                _sets.Join(i, first.TryAdd(place.ConversationId, i) ? i : first[place.ConversationId]);
            }
        }

        foreach (var (unseen, anchor) in anchors ?? ImmutableDictionary<MessageKey, MessageKey>.Empty)
        {
            if (_named.NodeOf(unseen) is { } node && _byKey.TryGetValue(anchor, out var member))
            {
                _sets.Join(member, node);
            }
        }
    }

    // The sent and the received copy of one mail are two activities and one mail: they are in one conversation.
    private void JoinSentCopies()
    {
        for (var i = 0; i < _members.Length; i++)
        {
            if (_members[i].Facts is { IsVariant: true } sent && sent.Key == MessageKey.OfSent(sent.IdKey))
            {
                foreach (var bearer in _named.BearersOf(sent.IdKey).Where(bearer => _members[bearer].Facts.Key == sent.IdKey))
                {
                    Join(i, bearer);
                }
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

            var near = _members[i].Facts.Near is null ? -1 : _named.Target(i, 0);
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
            if (_members[i].Settled is null && !IsAdmitted(i) && _named.TargetsOf(i).Any(named => AdmitsHere(i, named)))
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

            for (var claim = 0; claim < _members[i].Facts.Claims.Length; claim++)
            {
                var named = _named.Target(i, claim);
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
        foreach (var claimers in _named.AllClaimers.Where(claimers => claimers.Count > 1 && claimers.Exists(claimer => !claimer.Near)))
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
                if (!_sets.HasParted)
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

    private void Join(int one, int other) => _changed |= _sets.Join(one, other);
}
