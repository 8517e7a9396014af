using EmailTracking.Connectors;
using MailKit;
using MailKit.Search;
using MimeKit;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Reads, finds and removes single messages.</summary>
internal static class MessageReader
{
    private const int FoundMax = 1_000;
    private const long AnswerBytesMax = 16 * 1024;

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
            return await line.AskAsync(
                sizeMax,
                async client =>
                {
                    await using var message = await open.Folder.GetStreamAsync(number, string.Empty, cancellationToken);
                    return Pieces.BytesOf(message);
                },
                cancellationToken,
                sizeMax);
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
        catch (MailServerException failed) when (failed.InnerException is MailKit.Net.Imap.ImapCommandException)
        {
            // A server may refuse what was removed a moment ago (RFC 5530 EXPUNGEISSUED), with or without saying so.
            var still = await MailSearch.FindAsync(line, open, SearchQuery.Uids([number]), cancellationToken);
            if (still.Contains(number))
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
                            // Servers also tell of messages that nobody asked for.
                            if (asked.Contains(number))
                            {
                                messages[new ItemId(open.Validity, number.Id)] = Pieces.BytesOf(message);
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

    /// <summary>Those that have a Message-ID.</summary>
    internal static async Task<IReadOnlyList<ItemId>> FindAsync(
        ImapLine line, ServerFolder folder, string messageId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        var wanted = messageId.Trim('<', '>', ' ');
        var open = await line.OpenAsync(folder, FolderAccess.ReadOnly, cancellationToken);
        if (open.Count == 0)
        {
            return [];
        }

        // The server looks for a part of the header (RFC 3501 section 6.4.4), so that what it finds is read and compared.
        var found = await MailSearch.FindAsync(line, open, SearchQuery.HeaderContains("Message-ID", wanted), cancellationToken);
        var numbers = found.Take(FoundMax).ToList();
        var headers = numbers.Count == 0 ? [] : await line.AskAsync(
            numbers.Count * AnswerBytesMax,
            client => open.Folder.FetchAsync(
                numbers, new FetchRequest(MessageSummaryItems.UniqueId, new HeaderSet([HeaderId.MessageId])), cancellationToken),
            cancellationToken);
        return [.. headers
            .Where(one => one.Headers?[HeaderId.MessageId]?.Trim().Trim('<', '>', ' ') == wanted)
            .Select(one => one.UniqueId.Id).Distinct().Order()
            .Select(number => new ItemId(open.Validity, number))];
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
}
