using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>The rows of how far folders were read: of two that say one thing differently, the later.</summary>
internal static class ProgressRows
{
    /// <summary>The folders, by number.</summary>
    public static FollowedFolder[] Folders(ImmutableArray<FolderProgress> progress) =>
    [
        .. progress.Select(one => one.Folder).OfType<FollowedFolder>().GroupBy(folder => folder.Number, (_, same) => same.Last()).OrderBy(folder => folder.Number),
    ];

    /// <summary>The messages, as they stand in the index.</summary>
    public static KnownItem[] Items(ImmutableArray<FolderProgress> progress) =>
    [
        .. progress.SelectMany(one => one.Items)
            .GroupBy(item => (item.Folder, item.Id), (_, same) => same.Last())
            .OrderBy(item => item.Folder).ThenBy(item => item.Id.Validity).ThenBy(item => item.Id.Number),
    ];

    /// <summary>What the folders of messages' sightings are called once their mail is erased, in the order of the messages.</summary>
    public static string[] Digests(KnownItem[] items)
    {
        var digests = items.Select(item => item.PlaceFolder).Distinct().ToDictionary(folder => folder, ErasedCopies.FolderOf);
        return [.. items.Select(item => digests[item.PlaceFolder])];
    }

    /// <summary>The messages that some names mean.</summary>
    public static (int Folder, ItemId Id)[] Named(IEnumerable<string> names) =>
        [.. names.Select(KnownItem.Parse).OfType<(int, ItemId)>().Distinct()];
}
