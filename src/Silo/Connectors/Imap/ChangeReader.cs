using EmailTracking.Connectors;
using MailKit;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Reads what changed in a folder among messages that were there, and what is there now.</summary>
internal static class ChangeReader
{
    // More are compared by listing: a server can name very many numbers in few bytes.
    private const int GoneMax = 1_000_000;
    private const long StateBytesMax = 4 * 1024;
    private const MessageSummaryItems State = MessageSummaryItems.UniqueId | MessageSummaryItems.Flags;

    /// <summary>What changed since a mark; null when the server cannot tell.</summary>
    internal static async Task<FolderChanges?> ReadAsync(
        ImapLine line, ServerFolder folder, FolderMark since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(since);
        var open = await line.OpenToReadAsync(folder, cancellationToken);
        if (!open.Continues(since))
        {
            // The numbers belong to other messages now: what comes into the folder says so.
            return new FolderChanges([], [], since.Change);
        }

        if (open.Change == 0)
        {
            return null;
        }

        // A mark beyond the server's count, or none: everything may have changed.
        var isCounted = since.Change > 0 && since.Change <= open.Change;
        if (since.Next <= 1 || (isCounted && since.Change == open.Change))
        {
            return new FolderChanges([], line.Abilities.TellsGone ? [] : null, open.Change);
        }

        var gone = new List<ItemId>();
        var tellsGone = line.Abilities.TellsGone && isCounted;
        void Vanish(object? sender, MessagesVanishedEventArgs vanished)
        {
            foreach (var number in vanished.UniqueIds.TakeWhile(_ => tellsGone &= gone.Count < GoneMax).Where(number => number.Id < since.Next))
            {
                gone.Add(new ItemId(open.Validity, number.Id));
            }
        }

        open.Folder.MessagesVanished += Vanish;
        try
        {
            var changed = await FetchAsync(line, open, since.Next - 1, isCounted ? since.Change : 1, cancellationToken);
            return new FolderChanges(changed, tellsGone ? gone : null, open.Change);
        }
        finally
        {
            open.Folder.MessagesVanished -= Vanish;
        }
    }

    /// <summary>Everything that lies in a folder with its labels; or what the server received on a day or later.</summary>
    internal static async Task<IReadOnlyList<ItemState>> ListAsync(
        ImapLine line, ServerFolder folder, DateOnly? from, CancellationToken cancellationToken)
    {
        var open = await line.OpenToReadAsync(folder, cancellationToken);
        if (open.Count == 0)
        {
            return [];
        }

        if (from is null)
        {
            return await FetchAsync(line, open, uint.MaxValue, null, cancellationToken);
        }

        var numbers = await MailSearch.FindAsync(line, open, MailSearch.Since(from), cancellationToken);
        var wanted = numbers.ToHashSet();
        return numbers.Count == 0
            ? []
            : StatesOf(
                open,
                await line.AskAsync(
                    numbers.Count * StateBytesMax,
                    client => open.Folder.FetchAsync(
                        numbers, new FetchRequest(State | MessageSummaryItems.InternalDate), cancellationToken),
                    cancellationToken),
                number => wanted.Contains(number),
                from);
    }

    private static async Task<IReadOnlyList<ItemState>> FetchAsync(
        ImapLine line, OpenFolder open, uint last, ulong? changedSince, CancellationToken cancellationToken) =>
        StatesOf(
            open,
            await line.AskAsync(
                (open.Count + 1000L) * StateBytesMax,
                client => open.Folder.FetchAsync(
                    new UniqueIdRange(open.Validity, 1, last),
                    new FetchRequest(changedSince is null ? State : State | MessageSummaryItems.ModSeq) { ChangedSince = changedSince },
                    cancellationToken),
                cancellationToken),
            number => number.Id <= last);

    private static IReadOnlyList<ItemState> StatesOf(
        OpenFolder open, IEnumerable<IMessageSummary> found, Predicate<UniqueId> isWanted, DateOnly? from = null) =>
        [.. found.Where(one => one.UniqueId.IsValid && isWanted(one.UniqueId) && one.Fields.HasFlag(MessageSummaryItems.Flags))
            .Where(one => MailSearch.IsSince(one.InternalDate, from))
            .GroupBy(one => one.UniqueId.Id)
            .OrderBy(group => group.Key)
            .Select(group => new ItemState(new ItemId(open.Validity, group.Key), Labels.Of(group.Last())))];
}
