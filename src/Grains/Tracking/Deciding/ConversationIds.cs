using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Which id each conversation of a partition has.</summary>
/// <remarks>
/// A conversation keeps an id as long as any mail that was first put there stays in it; of several it has the smallest, and the
/// others become aliases. So ids are stable, old ones resolve, and a join that lapses gives each side its own again.
/// </remarks>
internal sealed class ConversationIds
{
    private readonly Partition _partition;
    private readonly TrackingSnapshot _snapshot;
    private readonly Dictionary<int, Guid> _ids = [];

    public ConversationIds(string organization, Partition partition, TrackingSnapshot snapshot)
    {
        _partition = partition;
        _snapshot = snapshot;
        var taken = new HashSet<Guid>();
        var conversations = Enumerable.Range(0, partition.Members.Length).GroupBy(partition.Conversation).ToArray();

        // Settled conversations have their id; then those with a home, then the new ones.
        foreach (var members in conversations)
        {
            var settled = members.Select(i => partition.Members[i].Settled).FirstOrDefault(place => place is not null);
            if (settled is not null && taken.Add(settled.ConversationId))
            {
                _ids[members.Key] = settled.ConversationId;
            }
        }

        foreach (var members in conversations.Where(members => !_ids.ContainsKey(members.Key)))
        {
            var home = members.Select(HomeBefore).OfType<Guid>().Order().FirstOrDefault(id => !taken.Contains(id));
            if (home != default && taken.Add(home))
            {
                _ids[members.Key] = home;
            }
        }

        foreach (var members in conversations.Where(members => !_ids.ContainsKey(members.Key)))
        {
            _ids[members.Key] = members
                .Select(i => NamedId.OfConversation(organization, partition.Members[i].Facts.Key))
                .First(taken.Add);
        }
    }

    public Guid Of(int member) => _ids[_partition.Conversation(member)];

    /// <summary>The home of a new mail: that of the mail it hangs from, else its conversation.</summary>
    public Guid HomeOf(int member) =>
        _partition.Members[member].Facts.Claims.Length > 0 && _partition.Bearer(member, 0) is { } near
            ? HomeBefore(near) ?? Of(member)
            : Of(member);

    private Guid? HomeBefore(int member) => _snapshot.Emails.GetValueOrDefault(_partition.Members[member].Facts.Key)?.State.HomeId;
}
