using EmailTracking.Connectors;
using MailKit;
using MailKit.Net.Imap;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>The folders of a mailbox.</summary>
internal static class FolderList
{
    // A folder's line and its numbers, with a name of a few hundred letters.
    private const long FolderBytesMax = 2 * 1024;

    private const int IdLengthMax = 255;

    /// <summary>Lists them.</summary>
    internal static async Task<IReadOnlyList<ServerFolder>> ReadAsync(ImapLine line, CancellationToken cancellationToken)
    {
        var found = await line.AskAsync(
            ServerFolder.CountMax * FolderBytesMax,
            async client =>
            {
                // Without LIST-STATUS (RFC 5819) the numbers would cost a round trip for each folder; opening tells them as well.
                var items = client.Capabilities.HasFlag(ImapCapabilities.ListStatus) ? StatusItems.UidValidity | IdOf(client) : StatusItems.None;
                var folders = new List<IMailFolder> { client.Inbox };
                foreach (var space in client.PersonalNamespaces)
                {
                    folders.AddRange(await client.GetFoldersAsync(space, items, subscribedOnly: false, cancellationToken));
                }

                return folders;
            },
            cancellationToken);
        return Arrange(found);
    }

    private static StatusItems IdOf(BoundedImapClient client) =>
        client.Capabilities.HasFlag(ImapCapabilities.ObjectID) ? StatusItems.MailboxId : StatusItems.None;

    private static List<ServerFolder> Arrange(List<IMailFolder> found)
    {
        const FolderAttributes anyRole = FolderAttributes.Drafts | FolderAttributes.Junk | FolderAttributes.Trash | FolderAttributes.Sent;
        var hasAttributes = found.Any(folder => (folder.Attributes & anyRole) != 0);
        var aside = new HashSet<string>(StringComparer.Ordinal);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var folders = new List<ServerFolder>();
        var ids = IdsOf(found);

        // Parents before their children: what lies in the trash is thrown away, whatever it is called.
        foreach (var folder in found.OrderBy(folder => folder.FullName, StringComparer.Ordinal))
        {
            var (path, separator) = (folder.FullName, folder.DirectorySeparator);
            var role = FolderNames.RoleOf(path, separator, folder.Attributes, hasAttributes);
            if (role == FolderRole.Aside || aside.Contains(ParentOf(path, separator)))
            {
                role = FolderRole.Aside;
                aside.Add(path);
            }

            var holdsMail = (folder.Attributes & (FolderAttributes.NoSelect | FolderAttributes.NonExistent)) == 0;
            if (holdsMail && path.Length > 0 && paths.Add(path))
            {
                folders.Add(new ServerFolder(
                    path,
                    FolderNames.NameOf(path, separator),
                    role,
                    FolderNames.IsUnderInbox(path, separator),
                    ids.GetValueOrDefault(path),
                    folder.UidValidity));
            }
        }

        return [.. folders.OrderBy(folder => folder.Role != FolderRole.Inbox).Take(ServerFolder.CountMax)];
    }

    // An id has letters, digits, _ and - (RFC 8474 section 4.1). Cyrus 3.6.1 answers MAILBOXID with bytes of freed memory in some questions
    // (when UIDNEXT or HIGHESTMODSEQ is asked along): where one is no id, none is believed. One that two folders have tells neither.
    private static Dictionary<string, string> IdsOf(List<IMailFolder> found)
    {
        var ids = found.DistinctBy(folder => folder.FullName).Select(folder => (Path: folder.FullName, Id: folder.Id ?? "")).Where(one => one.Id != "").ToList();
        return ids.All(one => IsId(one.Id))
            ? ids.GroupBy(one => one.Id, StringComparer.Ordinal).Where(same => same.Count() == 1)
                .ToDictionary(same => same.Single().Path, same => same.Key, StringComparer.Ordinal)
            : [];
    }

    private static bool IsId(string id) =>
        id.Length <= IdLengthMax && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private static string ParentOf(string path, char separator) =>
        separator != '\0' && path.LastIndexOf(separator) is > 0 and var end ? path[..end] : "";
}
