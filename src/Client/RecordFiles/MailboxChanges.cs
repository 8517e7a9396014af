using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>What a record file says of mailboxes, put onto the mailboxes as they stand.</summary>
internal static class MailboxChanges
{
    /// <summary>The most folders that a mailbox tracks.</summary>
    public const int FoldersMax = 25;

    /// <summary>The mailboxes to save: those that the file changes.</summary>
    /// <exception cref="FormatException">A mailbox would get too many folders, or there is none for a folder.</exception>
    public static ImmutableArray<MailboxFacts> Of(IEnumerable<MailboxFacts> standing, IEnumerable<RecordLine> lines)
    {
        var before = standing.GroupBy(mailbox => mailbox.Address).ToDictionary(group => group.Key, group => group.First());
        var after = new Dictionary<EmailAddress, MailboxFacts>(before);

        // Folders may stand before their mailbox in the file.
        foreach (var line in lines.OrderBy(line => line is RecordLine.Folder))
        {
            switch (line)
            {
                case RecordLine.Mailbox mailbox:
                    after[mailbox.Address] = Apply(after.GetValueOrDefault(mailbox.Address), mailbox);
                    break;
                case RecordLine.Folder folder when after.TryGetValue(folder.Address, out var holder):
                    after[folder.Address] = Apply(holder, folder.Value);
                    break;
                case RecordLine.Folder folder:
                    throw new FormatException($"There is no mailbox {folder.Address} for folder {folder.Value.Name}. Add a mailbox line.");
            }
        }

        return
        [
            .. after.Values
                .Where(mailbox => !before.TryGetValue(mailbox.Address, out var was) || !ReferenceEquals(was, mailbox))
                .OrderBy(mailbox => mailbox.Address.Value, StringComparer.Ordinal),
        ];
    }

    private static MailboxFacts Apply(MailboxFacts? standing, RecordLine.Mailbox line)
    {
        // Dynamics' defaults: a user's mailbox takes answers to tracked mail, a queue's takes everything.
        var isQueue = line.IsQueue ?? standing?.IsQueue ?? line.Owner?.LogicalName == Tables.Queue;
        var filter = line.Filter ?? standing?.Filter ?? (isQueue ? FilterMethod.All : FilterMethod.Replies);
        return standing is null
            ? new MailboxFacts(line.Address, line.Owner, isQueue, filter, [])
            : standing with { Owner = line.Owner ?? standing.Owner, IsQueue = isQueue, Filter = filter };
    }

    private static MailboxFacts Apply(MailboxFacts mailbox, TrackingFolder folder)
    {
        var others = mailbox.Folders.Where(one => !string.Equals(one.Name, folder.Name, StringComparison.OrdinalIgnoreCase));
        ImmutableArray<TrackingFolder> folders = [.. others, folder];
        return folders.Length <= FoldersMax
            ? mailbox with { Folders = folders }
            : throw new FormatException($"Mailbox {mailbox.Address} would track {folders.Length} folders; at most {FoldersMax} are allowed.");
    }
}
