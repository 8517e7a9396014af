using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Ids that are computed from names, so that two silos that race, a replay and a retry name the same thing.</summary>
/// <remarks>UUID version 8 over SHA-256 (RFC 9562 section 5.8, appendix B.2).</remarks>
public static class NamedId
{
    /// <summary>The id of an email activity (Dataverse column <c>activityid</c>).</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="email">The email's key.</param>
    public static Guid OfActivity(string organization, Mail.MessageKey email) => Of("activity", organization, email.ToString());

    /// <summary>The id of the conversation that an email starts.</summary>
    /// <inheritdoc cref="OfActivity"/>
    public static Guid OfConversation(string organization, Mail.MessageKey email) =>
        Of("conversation", organization, email.ToString());

    /// <summary>The id of the record that an unknown sender becomes.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="table">The record's table.</param>
    /// <param name="address">The sender's address.</param>
    public static Guid OfSender(string organization, string table, Mail.EmailAddress address) => Of(table, organization, address.Value);

    /// <summary>The id of the record that a queue's rule makes of an email.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="email">The email's key.</param>
    /// <param name="queue">The queue, by the address of its mailbox.</param>
    public static Guid OfCreated(string organization, Mail.MessageKey email, Mail.EmailAddress queue) =>
        Of("created", organization, $"{email} {queue.Value}");

    /// <summary>The id of the act by which an erasure erases some emails of one conversation.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="erasure">The erasure.</param>
    /// <param name="first">The smallest key of the emails: once it is erased it is never due again.</param>
    public static Guid OfErasing(string organization, Guid erasure, Mail.MessageKey first) =>
        Of("erasing", organization, $"{erasure:N} {first}");

    /// <summary>The id of a run that erases what was kept long enough.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="on">When it begins; UTC.</param>
    /// <param name="first">The smallest key of its emails.</param>
    public static Guid OfRetention(string organization, DateTimeOffset on, Mail.MessageKey first) =>
        Of("retention", organization, $"{on.UtcTicks} {first}");

    /// <summary>The id of the act of somebody who set or removed a label: the same when it is seen again before it is written down.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="item">The message, as its sighting calls it.</param>
    /// <param name="kind">What the label means.</param>
    /// <param name="sequence">The how manieth act by this message's label it is, from 1.</param>
    public static Guid OfLabel(string organization, Mail.EmailAddress mailbox, string item, ActKind kind, int sequence) =>
        Of("label", organization, $"{mailbox} {item} {kind} {sequence}");

    /// <summary>The id of a list of emails.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="kind">Whose list it is: a mailbox's, a record's and so on.</param>
    /// <param name="name">Which of them.</param>
    public static Guid OfList(string organization, string kind, string name) => Of($"list of {kind}", organization, name);

    private static Guid Of(string kind, string organization, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{organization}\n{name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
