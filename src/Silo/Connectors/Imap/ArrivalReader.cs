using EmailTracking.Connectors;
using MailKit;
using MailKit.Search;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Reads what came into a folder.</summary>
internal static class ArrivalReader
{
    // Numbers that are looked through at once: first this often the page, then ever more, since numbers may lie far apart.
    private const uint WindowFactor = 4;

    /// <summary>Reads a page of it.</summary>
    internal static async Task<FolderArrivals> ReadAsync(
        ImapLine line, ServerFolder folder, FolderMark? since, DateOnly from, int countMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        var open = await line.OpenToReadAsync(folder, cancellationToken);
        var isRenumbered = since is not null && !open.Continues(since);
        var mark = isRenumbered ? null : since;
        var start = Math.Max(1, mark?.Next ?? 1);
        var (numbers, next) = await FindAsync(line, open, start, mark is null ? from : null, countMax, cancellationToken);

        var hasMore = numbers.Count > countMax;
        if (hasMore)
        {
            numbers.RemoveRange(countMax, numbers.Count - countMax);
            next = numbers[^1].Id + 1;
        }

        var (items, unread) = await new ItemReader(line, folder).ReadAsync(open, numbers, ItemReader.UnreadableMax, cancellationToken);
        if (unread is { } first)
        {
            (hasMore, next) = (true, first.Id);
        }

        return new FolderArrivals(
            mark is null ? [.. items.Where(item => MailSearch.IsSince(item.ReceivedOn, from))] : items,
            new FolderMark(open.Validity, Math.Max(next, start), ChangeOf(mark, open)),
            isRenumbered,
            hasMore)
        {
            Next = open.Next,
        };
    }

    // The change mark stays where it is, since changes before it are still to be read; it begins with the folder's first page. A mark
    // that the server has not reached yet is none of this server's count: from 0 all is read again.
    private static ulong ChangeOf(FolderMark? mark, OpenFolder open) =>
        mark is null ? open.Change : mark.Change <= open.Change ? mark.Change : 0;

    private static async Task<(List<UniqueId> Numbers, uint Next)> FindAsync(
        ImapLine line, OpenFolder open, uint start, DateOnly? from, int countMax, CancellationToken cancellationToken)
    {
        var numbers = new List<UniqueId>();
        if (open.Count == 0 || open.Next <= start)
        {
            return (numbers, open.Next ?? start);
        }

        // What arrives while we look has a number from the next on, and is for the next time.
        var end = (open.Next ?? uint.MaxValue) - 1;
        var window = Math.Min(uint.MaxValue / 8, (uint)countMax * (ulong)WindowFactor);
        for (ulong begin = start; begin <= end && numbers.Count <= countMax; window *= WindowFactor)
        {
            var last = (uint)Math.Min(end, begin + window - 1);
            var range = SearchQuery.Uids(new UniqueIdRange(open.Validity, (uint)begin, last));
            var found = await MailSearch.FindAsync(line, open, from is null ? range : range.And(MailSearch.Since(from)), cancellationToken);
            numbers.AddRange(found.Where(number => number.Id >= begin && number.Id <= last));
            begin = last + 1UL;
        }

        return (numbers, open.Next ?? (numbers.Count > 0 ? numbers[^1].Id + 1 : start));
    }
}
