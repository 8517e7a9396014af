using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What each email of a partition is about: its own claims, and what it inherits along its correlations.</summary>
internal sealed class InheritedRegarding(
    Partition partition,
    ImmutableArray<Correlation> correlations,
    IReadOnlyDictionary<MessageKey, Unplaced> emails,
    Func<int, bool> isLeftOut,
    TrackingSnapshot snapshot)
{
    private readonly Dictionary<int, RuleOutcome> _ruled = [];

    // The answers to each, as soon as a rule asks for them.
    private ILookup<MessageKey, MessageKey>? _answers;

    // What others inherit: all but what a person said for one email alone.
    private readonly Dictionary<int, RegardingLink?> _links = [];

    private bool FoldersFirst => snapshot.Settings.Acceptance.PutsFoldersFirst;

    /// <summary>What the email is about.</summary>
    public RegardingLink? Of(int member)
    {
        var here = ClaimsOf(member).FirstOrDefault(claim => claim.Source == RegardingSource.ByHandHere);
        var link = Inheritable(member);
        return here is null || (FoldersFirst && link is { Source: RegardingSource.Folder })
            ? link
            : new RegardingLink(here.Source, here.Record, null);
    }

    /// <summary>What rules made of the email, when they were asked; after <see cref="Of"/>.</summary>
    public RuleOutcome? Ruled(int member) => _ruled.GetValueOrDefault(member);

    /// <summary>What the email that it answers is about, taken or not.</summary>
    public RegardingLink? Inherited(int member) => Source(member) is { } source ? Inheritable(source) : null;

    private RegardingLink? Inheritable(int member)
    {
        // Threads of thousands are met: a walk up to what is known, then down again, instead of a recursion.
        var path = new Stack<int>();
        for (int? at = member; at is { } here && !_links.ContainsKey(here); at = Source(here))
        {
            path.Push(here);
        }

        while (path.TryPop(out var here))
        {
            _links[here] = Decide(here);
        }

        return _links[member];
    }

    private ImmutableArray<RegardingClaim> ClaimsOf(int member) =>
        emails.TryGetValue(partition.Members[member].Facts.Key, out var email) ? email.RegardingClaims : [];

    private int? Source(int member) =>
        partition.Members[member].Settled is null && correlations[member].Email is { } key ? partition.IndexOf(key) : null;

    private RegardingLink? Decide(int member)
    {
        var key = partition.Members[member].Facts.Key;
        if (partition.Members[member].Settled is not null)
        {
            return snapshot.Emails[key].State.Regarding;
        }

        var email = emails[key];
        var inherited = Source(member) is { } source ? _links.GetValueOrDefault(source) : null;
        var claims = email.RegardingClaims.RemoveAll(claim => claim.Source == RegardingSource.ByHandHere);
        if (email.Rules is { } rules)
        {
            var about = Regarding.Decide(
                email.RegardingClaims.RemoveAll(claim => claim.IsByRule || claim.Source == RegardingSource.Sender),
                email.Accepting?.Mailbox,
                correlations[member],
                inherited,
                FoldersFirst);
            _ruled[member] = rules.Decide(new RuleContext(
                partition.Admission(member) == Admission.Held,
                isLeftOut(member),
                about,
                about?.Email is null || correlations[member].Email is not { } answered ? [] : Ruled(answered),
                RuledBelow(key)));
            claims = claims.AddRange(_ruled[member].Claims);
        }

        return Regarding.Decide(claims, email.Accepting?.Mailbox, correlations[member], inherited, FoldersFirst);
    }

    // Mail of our own side, on which no rule was asked, lies between two of a customer: as far up as mail is at hand.
    private ImmutableArray<RegardingClaim> Ruled(MessageKey answered)
    {
        var walked = new HashSet<MessageKey>();
        for (MessageKey? at = answered; at is { } key && walked.Add(key); at = AnsweredBy(key))
        {
            ImmutableArray<RegardingClaim> claims = [.. RuledItself(key).OrderBy(claim => claim.Position)];
            if (!claims.IsEmpty)
            {
                return claims;
            }
        }

        return [];
    }

    private MessageKey? AnsweredBy(MessageKey key) => emails.ContainsKey(key)
        ? correlations[partition.IndexOf(key)].Email
        : snapshot.Emails.GetValueOrDefault(key)?.State.Correlation.Email;

    private IEnumerable<RegardingClaim> RuledItself(MessageKey key)
    {
        var claims = emails.TryGetValue(key, out var email) ? email.RegardingClaims
            : snapshot.Emails.TryGetValue(key, out var known) ? known.State.RegardingClaims
            : [];
        var ruled = email is null ? null : _ruled.GetValueOrDefault(partition.IndexOf(key));
        return claims.Concat(ruled?.Claims ?? []).Where(claim => claim.IsByRule);
    }

    // Down its answers, as far as those of which a rule made something. Who has no ground here says nothing of it.
    private ImmutableArray<RegardingClaim> RuledBelow(MessageKey key)
    {
        _answers ??= Enumerable.Range(0, partition.Members.Length)
            .Where(member => partition.Members[member].Settled is null && correlations[member] is { Email: not null, Grounded: true } &&
                partition.Admission(member) != Admission.Held)
            .ToLookup(member => correlations[member].Email!.Value, member => partition.Members[member].Facts.Key);
        var found = new List<RegardingClaim>();
        var walked = new HashSet<MessageKey> { key };
        var below = new Queue<MessageKey>(_answers[key]);
        while (below.TryDequeue(out var answer))
        {
            if (!walked.Add(answer))
            {
                continue;
            }

            RegardingClaim[] claims = [.. RuledItself(answer)];
            found.AddRange(claims);
            foreach (var next in claims.Length == 0 ? _answers[answer] : [])
            {
                below.Enqueue(next);
            }
        }

        return [.. found.OrderBy(claim => claim.Position)];
    }
}
