using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Threads;

/// <summary>Which mail each claim means. A mail that nobody has shown us is a node beyond the mails, one for each id.</summary>
internal sealed class NamedMails
{
    /// <summary>Where a claim leads that does not count: beyond all mails, seen and unseen.</summary>
    public const int Nowhere = int.MaxValue;

    private readonly ImmutableArray<ThreadFacts> _mails;
    private readonly ILookup<MessageKey, int> _byId;
    private readonly Dictionary<MessageKey, int> _unseen = [];
    private readonly List<List<(int Member, bool Near)>> _claimers = [];
    private readonly int[][] _targets;

    /// <summary>Finds what the claims mean.</summary>
    /// <param name="mails">The mails, in the order of their dates.</param>
    public NamedMails(ImmutableArray<ThreadFacts> mails)
    {
        _mails = mails;
        _byId = Enumerable.Range(0, mails.Length).ToLookup(i => mails[i].IdKey);
        _targets = [.. Enumerable.Range(0, mails.Length).Select(FindTargets)];
    }

    /// <summary>The mails that bear an id.</summary>
    public IEnumerable<int> BearersOf(MessageKey id) => _byId[id];

    /// <summary>How many ids are named that no mail bears.</summary>
    public int UnseenCount => _claimers.Count;

    /// <summary>For every unseen id, who names it, and whether it is near.</summary>
    public IReadOnlyList<List<(int Member, bool Near)>> AllClaimers => _claimers;

    /// <summary>The mail, or node, that a claim means.</summary>
    public int Target(int mail, int claim) => _targets[mail][claim];

    /// <summary>The mails and nodes that a mail's claims mean.</summary>
    public IReadOnlyList<int> TargetsOf(int mail) => _targets[mail];

    /// <summary>The node of an unseen id; null when no mail names it, or one bears it.</summary>
    public int? NodeOf(MessageKey id) => _unseen.TryGetValue(id, out var node) ? node : null;

    /// <summary>Who names the unseen id of a node.</summary>
    public IReadOnlyList<(int Member, bool Near)> ClaimersOf(int node) => _claimers[node - _mails.Length];

    private int[] FindTargets(int mail)
    {
        var claims = _mails[mail].Claims;
        var targets = new int[claims.Length];
        for (var i = 0; i < claims.Length; i++)
        {
            targets[i] = claims[i].Kind == ClaimKind.Relayed
                ? Nowhere
                : FindBearer(mail, claims[i].Key) ?? UnseenNode(claims[i].Key, mail, near: _mails[mail].IsNear(i));
        }

        return targets;
    }

    // Several mails bear one id when a program reuses it: the one that the replier took part in is meant, else the latest
    // before the reply.
    private int? FindBearer(int mail, MessageKey id)
    {
        var bearers = _byId[id].Where(bearer => bearer != mail).ToArray();
        if (bearers.Length <= 1)
        {
            return bearers.Length == 0 ? null : bearers[0];
        }

        var known = bearers.Where(bearer => _mails[bearer].GivesGroundTo(_mails[mail])).ToArray();
        var candidates = known.Length > 0 ? known : bearers;
        return candidates.Where(bearer => bearer < mail).DefaultIfEmpty(candidates[0]).Last();
    }

    private int UnseenNode(MessageKey key, int mail, bool near)
    {
        if (!_unseen.TryGetValue(key, out var node))
        {
            node = _mails.Length + _unseen.Count;
            _unseen.Add(key, node);
            _claimers.Add([]);
        }

        _claimers[node - _mails.Length].Add((mail, near));
        return node;
    }
}
