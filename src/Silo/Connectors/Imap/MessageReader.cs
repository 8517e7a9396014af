using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;
using MailKit;
using MailKit.Search;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Reads and removes single messages.</summary>
internal static class MessageReader
{
    private const long AnswerBytesMax = 16 * 1024;

    /// <summary>Finds those whose Message-ID header has an id somewhere (RFC 3501 section 6.4.4), the latest first.</summary>
    internal static async Task<IReadOnlyList<ItemId>> FindAsync(
        ImapLine line, ServerFolder folder, MessageId messageId, int countMax, CancellationToken cancellationToken)
    {
        var open = await line.OpenToReadAsync(folder, cancellationToken);
        if (open.Count == 0)
        {
            return [];
        }

        var found = await MailSearch.FindAsync(line, open, SearchQuery.HeaderContains("Message-ID", messageId.Value), cancellationToken);
        return [.. found.AsEnumerable().Reverse().Take(countMax).Select(number => new ItemId(open.Validity, number.Id))];
    }

    /// <summary>Reads one whole; null when it is gone.</summary>
    internal static async Task<ReadOnlyMemory<byte>?> FetchAsync(
        ImapLine line, ServerFolder folder, ItemId item, long sizeMax, CancellationToken cancellationToken)
    {
        var open = await line.OpenAsync(folder, FolderAccess.ReadOnly, cancellationToken);
        if (open.NumbersOf([item]) is not [var number])
        {
            return null;
        }

        try
        {
            var bytes = await line.AskAsync(
                sizeMax,
                async client =>
                {
                    await using var message = await open.Folder.GetStreamAsync(number, string.Empty, cancellationToken);
                    return Pieces.BytesOf(message);
                },
                cancellationToken,
                sizeMax);

            // Dovecot gives nothing for what was removed since the folder was opened, as if it had been empty.
            if (bytes.Length == 0 && !await IsThereAsync(line, open, number, cancellationToken))
            {
                return null;
            }

            return bytes;
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
        catch (MailServerException failed) when (failed.InnerException is MailKit.Net.Imap.ImapCommandException)
        {
            // A server may refuse what was removed a moment ago (RFC 5530 EXPUNGEISSUED), with or without saying so.
            if (await IsThereAsync(line, open, number, cancellationToken))
            {
                throw;
            }

            return null;
        }
    }

    /// <summary>Reads several whole with one question; those that are gone or cannot be read so are left out.</summary>
    internal static async Task<IReadOnlyDictionary<ItemId, ReadOnlyMemory<byte>>> FetchManyAsync(
        ImapLine line, ServerFolder folder, IReadOnlyCollection<ItemId> items, long sizeMax, CancellationToken cancellationToken)
    {
        var messages = new Dictionary<ItemId, ReadOnlyMemory<byte>>();
        var open = await line.OpenAsync(folder, FolderAccess.ReadOnly, cancellationToken);
        var numbers = open.NumbersOf(items);
        if (numbers.Count == 0)
        {
            return messages;
        }

        var asked = numbers.ToHashSet();
        try
        {
            return await line.AskAsync(
                sizeMax + (numbers.Count * AnswerBytesMax),
                async client =>
                {
                    await open.Folder.GetStreamsAsync(
                        numbers,
                        (_, _, number, message, _) =>
                        {
                            // Servers also tell of messages that nobody asked for; and nothing of one that is gone meanwhile.
                            if (asked.Contains(number) && Pieces.BytesOf(message) is { Length: > 0 } bytes)
                            {
                                messages[new ItemId(open.Validity, number.Id)] = bytes;
                            }

                            return Task.CompletedTask;
                        },
                        cancellationToken);
                    return messages;
                },
                cancellationToken,
                sizeMax);
        }
        catch (MailServerException failed) when (failed.Kind is ServerProblemKind.Protocol or ServerProblemKind.Connection)
        {
            // One message may do this: what came before it is good, and the others are asked for by themselves.
            return messages;
        }
    }

    /// <summary>Removes some for good; those that are gone are passed over.</summary>
    internal static async Task DeleteAsync(
        ImapLine line, ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken)
    {
        var open = await line.OpenAsync(folder, FolderAccess.ReadWrite, cancellationToken);
        var numbers = open.NumbersOf(items);
        if (numbers.Count == 0)
        {
            return;
        }

        await line.AskAsync(
            (numbers.Count + 1_000L) * AnswerBytesMax,
            async client =>
            {
                await open.Folder.StoreAsync(
                    numbers, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Deleted) { Silent = true }, cancellationToken);
                await open.Folder.ExpungeAsync(numbers, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private static async Task<bool> IsThereAsync(ImapLine line, OpenFolder open, UniqueId number, CancellationToken cancellationToken) =>
        (await MailSearch.FindAsync(line, open, SearchQuery.Uids([number]), cancellationToken)).Contains(number);
}
