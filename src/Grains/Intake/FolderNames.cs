using EmailTracking.Tracking.Mail;

namespace EmailTracking.Intake;

/// <summary>What a folder is for, by the names that mail programs give it.</summary>
public static class FolderNames
{
    private static readonly string[] Sent = ["Sent Items", "Sent", "Sent Mail", "[Gmail]/Sent Mail", "INBOX.Sent"];

    /// <summary>Whether the folder holds sent mail.</summary>
    /// <param name="folder">The folder's name, any case.</param>
    public static FolderKind KindOf(string folder) =>
        Sent.Contains(folder, StringComparer.OrdinalIgnoreCase) ? FolderKind.SentItems : FolderKind.Inbox;
}
