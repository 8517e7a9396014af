using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Listing;

/// <summary>The lists in which emails stand, by computed ids. Who may see a list may see its emails.</summary>
public static class EmailLists
{
    /// <summary>All emails that are tracked and shown.</summary>
    public static Guid Everything(string organization) => NamedId.OfList(organization, "all", "");

    /// <summary>What a user or a team takes part in or owns, or what is about a record of theirs.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="member">systemuserid or teamid.</param>
    public static Guid OfMember(string organization, Guid member) => NamedId.OfList(organization, "member", member.ToString("N"));

    /// <summary>What was seen in a mailbox.</summary>
    public static Guid OfMailbox(string organization, EmailAddress mailbox) => NamedId.OfList(organization, "mailbox", mailbox.Value);

    /// <summary>What is in a queue.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="queue">queueid.</param>
    public static Guid OfQueue(string organization, Guid queue) => NamedId.OfList(organization, "queue", queue.ToString("N"));

    /// <summary>A record's timeline: what is about it or has it as a participant, or is so with a record whose customer it is.</summary>
    public static Guid OfRecord(string organization, RecordReference record) =>
        NamedId.OfList(organization, "record", $"{record.LogicalName} {record.Id:N}");
}
