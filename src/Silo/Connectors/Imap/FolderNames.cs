using EmailTracking.Connectors;
using MailKit;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>How people call a folder, and what it is for.</summary>
internal static class FolderNames
{
    /// <summary>The longest name, in characters.</summary>
    internal const int NameMax = 256;

    private const FolderAttributes Aside = FolderAttributes.Drafts | FolderAttributes.Junk | FolderAttributes.Trash |
        FolderAttributes.All | FolderAttributes.Flagged | FolderAttributes.Important;

    // What mail programs call these folders where the server gives no attributes (RFC 6154).
    private static readonly HashSet<string> SentNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Gesendete Elemente", "Gesendete Objekte",
        "Éléments envoyés", "Envoyés", "Elementos enviados", "Enviados", "Posta inviata", "Inviati", "Verzonden items",
        "Itens Enviados", "Skickat", "Sendt", "Wysłane", "Отправленные",
    };

    private static readonly HashSet<string> AsideNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "Drafts", "Trash", "Deleted", "Deleted Items", "Deleted Messages", "Junk", "Junk E-mail", "Junk Email", "Spam", "Bulk Mail",
        "Outbox", "All Mail", "Entwürfe", "Papierkorb", "Gelöschte Elemente", "Junk-E-Mail", "Postausgang",
        "Brouillons", "Corbeille", "Éléments supprimés", "Courrier indésirable", "Borradores", "Papelera", "Elementos eliminados",
        "Correo no deseado", "Bozze", "Cestino", "Posta eliminata", "Posta indesiderata", "Concepten", "Verwijderde items",
        "Prullenbak", "Rascunhos", "Lixeira", "Itens Excluídos", "Utkast", "Papperskorgen", "Kladder", "Черновики", "Корзина", "Спам",
    };

    /// <summary>The path from the top with <c>/</c> between, at most <see cref="NameMax"/> characters.</summary>
    internal static string NameOf(string path, char separator)
    {
        var parts = Split(path, separator);
        if (IsInbox(parts[0]))
        {
            parts[0] = ServerFolder.InboxName;
        }

        var name = string.Concat(string.Join('/', parts).Select(letter => char.IsControl(letter) ? ' ' : letter));
        var end = name.Length <= NameMax ? name.Length : char.IsHighSurrogate(name[NameMax - 1]) ? NameMax - 1 : NameMax;
        return name[..end];
    }

    /// <summary>Whether a path is below the Inbox, at any depth.</summary>
    internal static bool IsUnderInbox(string path, char separator) => Split(path, separator) is [var top, _, ..] && IsInbox(top);

    /// <summary>What a folder is for: as the server says, else by its own name.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="separator">What is between the parts of paths; NUL when paths have one part.</param>
    /// <param name="attributes">What the server says of it.</param>
    /// <param name="hasAttributes">Whether the server says so of any folder: then names mean nothing.</param>
    internal static FolderRole RoleOf(string path, char separator, FolderAttributes attributes, bool hasAttributes)
    {
        var parts = Split(path, separator);
        if (parts is [var only] && IsInbox(only))
        {
            return FolderRole.Inbox;
        }

        if ((attributes & Aside) != 0)
        {
            return FolderRole.Aside;
        }

        if (attributes.HasFlag(FolderAttributes.Sent))
        {
            return FolderRole.Sent;
        }

        // Some servers keep all folders below the Inbox, so that theirs are not at the top.
        var isNamed = !hasAttributes && (parts.Length == 1 || (parts.Length == 2 && IsInbox(parts[0])));
        return isNamed && SentNames.Contains(parts[^1]) ? FolderRole.Sent
            : isNamed && AsideNames.Contains(parts[^1]) ? FolderRole.Aside
            : FolderRole.None;
    }

    /// <summary>Whether a name is the Inbox's, which is the same in any case (RFC 3501 section 5.1).</summary>
    internal static bool IsInbox(string name) => name.Equals("INBOX", StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string path, char separator) => separator == '\0' ? [path] : path.Split(separator);
}
