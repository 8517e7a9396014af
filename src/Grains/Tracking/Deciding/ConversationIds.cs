using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Which id each conversation of a partition has.</summary>
/// <remarks>
/// A conversation is named after a mail of it, its founder. Where two have become one, the smaller id stands and the other is an
/// alias; where a join lapses, each side has its founder still. So ids are stable, and old ones resolve.
/// </remarks>
internal sealed class ConversationIds
{
    private readonly string _organization;
    private readonly Partition _partition;
    private readonly TrackingSnapshot _snapshot;
    private readonly Dictionary<int, Guid> _ids;

    public ConversationIds(string organization, Partition partition, TrackingSnapshot snapshot)
    {
        _organization = organization;
        _partition = partition;
        _snapshot = snapshot;
        _ids = Enumerable.Range(0, partition.Members.Length)
            .GroupBy(partition.Conversation)
            .ToDictionary(members => members.Key, IdOf);
    }

    public Guid Of(int member) => _ids[_partition.Conversation(member)];

    public bool IsFounder(int member) => IsFounderAlready(member) || Of(member) == Named(member);

    private Guid IdOf(IEnumerable<int> members)
    {
        var settled = members.Select(i => _partition.Members[i].Settled).FirstOrDefault(place => place is not null);
        if (settled is not null)
        {
            return settled.ConversationId;
        }

        var founded = members.Where(IsFounderAlready).Select(Named).ToArray();
        return founded.Length > 0 ? founded.Min() : Named(members.First());
    }

    private bool IsFounderAlready(int member) =>
        _snapshot.Emails.GetValueOrDefault(_partition.Members[member].Facts.Key)?.State.IsFounder == true;

    private Guid Named(int member) => NamedId.OfConversation(_organization, _partition.Members[member].Facts.Key);
}
