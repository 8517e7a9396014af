using EmailTracking.Connectors;
using MailKit;
using MimeKit;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Reads headers and what the server knows of messages; one that cannot be read does not stop the others.</summary>
internal sealed class ItemReader(ImapLine line, ServerFolder folder)
{
    /// <summary>How many messages of one call may break the connection before it ends with those read so far.</summary>
    internal const int UnreadableMax = 5;

    /// <summary>The longest header block that is read, in bytes.</summary>
    internal const int HeaderBytesMax = 1024 * 1024;

    private const int GroupCountMax = 200;
    private const long GroupBytesMax = 16 * 1024 * 1024;

    // A message's numbers, date and flags, beside its header.
    private const long StateBytesMax = 16 * 1024;

    /// <summary>Reads messages by their numbers; those that are gone are left out.</summary>
    /// <param name="open">The folder, open.</param>
    /// <param name="numbers">The messages, in order.</param>
    /// <param name="unreadableMax">After how many that cannot be read it is enough.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>What was read, and the first message that was not looked at; null when all were.</returns>
    internal async Task<(List<ArrivedItem> Items, UniqueId? Unread)> ReadAsync(
        OpenFolder open, List<UniqueId> numbers, int unreadableMax, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadGroupsAsync(open, numbers, cancellationToken), null);
        }
        catch (MailServerException failed) when (MayBeOfOneMessage(failed))
        {
            // One message may do this: each is asked for by itself.
        }

        var (items, unreadable) = (new List<ArrivedItem>(), 0);
        foreach (var number in numbers)
        {
            if (unreadable == unreadableMax)
            {
                return (items, number);
            }

            var problem = await TryReadAsync(open, number, items, cancellationToken);
            if (problem is not null)
            {
                items.Add(new ArrivedItem(new ItemId(number.Validity, number.Id), null, 0, null, [], problem));
                unreadable++;
            }
        }

        return (items, null);
    }

    private static bool MayBeOfOneMessage(MailServerException failed) =>
        failed.Kind is ServerProblemKind.Protocol or ServerProblemKind.Connection;

    // A connection that breaks may be nobody's fault: it counts against the message only when it breaks there again.
    private async Task<string?> TryReadAsync(
        OpenFolder first, UniqueId number, List<ArrivedItem> items, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Outside of the try: that the server cannot be reached at all is no fault of the message.
            var open = await line.OpenToReadAsync(folder, cancellationToken);
            if (open.Validity != first.Validity)
            {
                return null;
            }

            try
            {
                items.AddRange(await ReadGroupsAsync(open, [number], cancellationToken));
                return null;
            }
            catch (MailServerException failed) when (MayBeOfOneMessage(failed))
            {
                if (attempt == 2 || failed.Kind == ServerProblemKind.Protocol)
                {
                    return failed.Message;
                }
            }
        }
    }

    private async Task<List<ArrivedItem>> ReadGroupsAsync(OpenFolder open, List<UniqueId> numbers, CancellationToken cancellationToken)
    {
        var states = await StatesAsync(open, numbers, cancellationToken);
        var small = states.Where(state => state.Size is > 0 and <= HeaderBytesMax).ToList();
        var headers = new Dictionary<uint, byte[]>();
        while (small.Count > 0)
        {
            long bytes = 0;
            var group = small.TakeWhile((state, index) => index == 0 || (index < GroupCountMax && (bytes += state.Size!.Value) < GroupBytesMax))
                .ToList();
            small.RemoveRange(0, group.Count);
            await ReadHeadersAsync(open, group, headers, cancellationToken);
        }

        var items = new List<ArrivedItem>(states.Count);
        foreach (var state in states)
        {
            var header = headers.GetValueOrDefault(state.UniqueId.Id) ?? await ReadHeaderAsync(open, state.UniqueId, cancellationToken);
            if (header is not null)
            {
                items.Add(ItemOf(state, header));
            }
        }

        return items;
    }

    private async Task<List<IMessageSummary>> StatesAsync(OpenFolder open, List<UniqueId> numbers, CancellationToken cancellationToken)
    {
        const MessageSummaryItems state = MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate |
            MessageSummaryItems.Size;
        var asked = numbers.ToHashSet();
        var found = await line.AskAsync(
            numbers.Count * StateBytesMax,
            client => open.Folder.FetchAsync(numbers, new FetchRequest(state), cancellationToken),
            cancellationToken);

        // Servers also tell of messages that nobody asked for, and of some twice.
        return [.. found.Where(one => asked.Remove(one.UniqueId)).OrderBy(one => one.UniqueId.Id)];
    }

    private async Task ReadHeadersAsync(
        OpenFolder open, List<IMessageSummary> group, Dictionary<uint, byte[]> headers, CancellationToken cancellationToken)
    {
        var found = await line.AskAsync(
            group.Sum(state => state.Size!.Value) + (group.Count * StateBytesMax),
            client => open.Folder.FetchAsync(
                [.. group.Select(state => state.UniqueId)],
                new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Headers),
                cancellationToken),
            cancellationToken);
        foreach (var one in found)
        {
            // A block that the library cannot read is empty here; its bytes are asked for as they are.
            if (one.Headers is { Count: > 0 } list)
            {
                headers[one.UniqueId.Id] = BytesOf(list);
            }
        }
    }

    // The library keeps the bytes of each header as they came, so that this is the block that the server sent.
    private static byte[] BytesOf(HeaderList headers)
    {
        using var block = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        headers.WriteTo(format, block);
        return block.ToArray();
    }

    private async Task<byte[]?> ReadHeaderAsync(OpenFolder open, UniqueId number, CancellationToken cancellationToken)
    {
        try
        {
            return await line.AskAsync(
                HeaderBytesMax,
                async client =>
                {
                    await using var block = await open.Folder.GetStreamAsync(number, "HEADER", 0, HeaderBytesMax + 1, cancellationToken);
                    return Pieces.BytesOf(block);
                },
                cancellationToken,
                HeaderBytesMax + 1);
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
    }

    private static ArrivedItem ItemOf(IMessageSummary state, byte[] header) => new(
        new ItemId(state.UniqueId.Validity, state.UniqueId.Id),
        header.Length is > 0 and <= HeaderBytesMax ? (ReadOnlyMemory<byte>?)header : null,
        state.Size ?? 0,
        state.InternalDate?.ToUniversalTime(),
        Labels.Of(state),
        header.Length switch
        {
            0 => "The server gives no headers for it.",
            > HeaderBytesMax => "Its header block is larger than 1 MB.",
            _ => null,
        });
}
