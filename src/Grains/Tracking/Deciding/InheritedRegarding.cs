using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What each email of a partition is about: its own claims, and what it inherits along its correlations.</summary>
internal sealed class InheritedRegarding(
    Partition partition,
    ImmutableArray<Correlation> correlations,
    IReadOnlyDictionary<MessageKey, Unplaced> emails,
    TrackingSnapshot snapshot)
{
    // What others inherit: all but what a person said for one email alone.
    private readonly Dictionary<int, RegardingLink?> _links = [];

    /// <summary>What the email is about.</summary>
    public RegardingLink? Of(int member)
    {
        var here = ClaimsOf(member).FirstOrDefault(claim => claim.Source == RegardingSource.ByHandHere);
        return here is null ? Inheritable(member) : new RegardingLink(here.Source, here.Record, null);
    }

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
        return Regarding.Decide(
            email.RegardingClaims.RemoveAll(claim => claim.Source == RegardingSource.ByHandHere), email.Accepting?.Mailbox, correlations[member], inherited);
    }
}
