using EmailTracking.Connectors;
using MailKit;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>The labels of messages: what RFC 3501 calls keywords.</summary>
internal static class Labels
{
    private const long AnswerBytesMax = 16 * 1024;

    /// <summary>Those of a message, in order.</summary>
    internal static IReadOnlyList<string> Of(IMessageSummary message) => [.. message.Keywords.Order(StringComparer.Ordinal)];

    /// <summary>Sets and removes labels.</summary>
    /// <exception cref="MailServerException"><see cref="ServerProblemKind.Configuration"/>: the server keeps none, or a name cannot be one.</exception>
    internal static async Task ChangeAsync(
        ImapLine line,
        ServerFolder folder,
        IReadOnlyCollection<ItemId> items,
        IReadOnlyCollection<string> set,
        IReadOnlyCollection<string> remove,
        CancellationToken cancellationToken)
    {
        foreach (var label in set.Concat(remove))
        {
            if (!IsKeyword(label))
            {
                throw ServerProblems.Configuration(
                    $"'{Words.Shown(label)}' cannot be a label on this server.",
                    "Use 1 to 100 letters, digits and signs of ASCII, without blanks and none of ( ) { ] % * \" \\.");
            }
        }

        var open = await line.OpenAsync(folder, FolderAccess.ReadWrite, cancellationToken);
        var numbers = open.NumbersOf(items);
        if (numbers.Count == 0)
        {
            return;
        }

        if (set.Any(label => !open.Folder.PermanentFlags.HasFlag(MessageFlags.UserDefined) && !open.Folder.PermanentKeywords.Contains(label)))
        {
            throw ServerProblems.Configuration(
                $"The folder '{Words.Shown(folder.Name)}' keeps no labels.", "Switch labels off for mailboxes of this server.");
        }

        await StoreAsync(StoreAction.Add, set);
        await StoreAsync(StoreAction.Remove, remove);

        async Task StoreAsync(StoreAction action, IReadOnlyCollection<string> labels)
        {
            if (labels.Count > 0)
            {
                await line.AskAsync(
                    numbers.Count * AnswerBytesMax,
                    client => open.Folder.StoreAsync(
                        numbers,
                        new StoreFlagsRequest(action, MessageFlags.None, labels.ToHashSet(StringComparer.Ordinal)) { Silent = true },
                        cancellationToken),
                    cancellationToken);
            }
        }
    }

    // An atom of RFC 3501 section 9.
    private static bool IsKeyword(string label) => label.Length is >= 1 and <= 100 &&
        label.All(letter => letter is > ' ' and <= '~' and not ('(' or ')' or '{' or '%' or '*' or '"' or '\\' or ']'));
}
