using EmailTracking.Tracking.Mail;

namespace EmailTracking;

/// <summary>Grain keys: the organization first, then a letter that names the kind.</summary>
/// <remarks>The letter keeps a key from reading as a number or GUID, which stores normalise.</remarks>
public static class GrainKeys
{
    /// <summary>The organization of a cluster that serves one.</summary>
    public const string DefaultOrganization = "default";

    /// <summary>The key of a mailbox.</summary>
    public static string Mailbox(string organization, EmailAddress mailbox) => $"{organization}/m:{mailbox.Value}";

    /// <summary>The key of a conversation.</summary>
    public static string Conversation(string organization, Guid conversationId) => $"{organization}/c:{conversationId:N}";

    /// <summary>The key of an organization, and of what serves one organization as a whole.</summary>
    public static string Organization(string organization) => $"{organization}/o:";

    /// <summary>The key of an import.</summary>
    /// <param name="organization">The organization.</param>
    /// <param name="name">What is imported, and where to: the same words name the same import.</param>
    public static string Import(string organization, string name) => $"{organization}/i:{name}";

    /// <summary>The key of a preview.</summary>
    /// <param name="organization">The organization whose facts it asks.</param>
    /// <param name="id">The preview's id, which nobody can guess.</param>
    public static string Preview(string organization, Guid id) => $"{organization}/p:{id:N}";

    /// <summary>The mailbox of a key that <see cref="Mailbox"/> made.</summary>
    public static EmailAddress MailboxOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return EmailAddress.TryParse(key[(OrganizationOf(key).Length + "/m:".Length)..], out var mailbox)
            ? mailbox
            : throw new ArgumentException("It names no mailbox.", nameof(key));
    }

    /// <summary>The organization of any key.</summary>
    public static string OrganizationOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key[..key.LastIndexOf('/', key.IndexOf(':', StringComparison.Ordinal))];
    }
}
