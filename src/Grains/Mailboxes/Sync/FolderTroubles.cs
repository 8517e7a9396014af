using EmailTracking.Connectors;
using EmailTracking.Storage;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Folders that the server lists and cannot open, or in which it takes no labels: people are told, and the others go on.</summary>
/// <remarks>Each folder's row says what was told of it, so that a round in which nothing is wrong asks nothing more.</remarks>
public sealed class FolderTroubles(IMailboxSync sync, TimeProvider time)
{
    /// <summary>A folder could not be opened: either it has gone since the folders were listed, or people are told.</summary>
    /// <returns>Whether it has gone: then another look at the folders says what became of it.</returns>
    public async Task<bool> ClosedAsync(OpenMailbox mailbox, PlannedFolder folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        var shown = await mailbox.Session.ListFoldersAsync(cancellationToken);
        if (shown.All(one => one.Path != folder.Server.Path))
        {
            return true;
        }

        if (folder.Known.ClosedOn is null)
        {
            await RaiseAsync(
                mailbox,
                ClosedSubject(mailbox, folder.Known),
                AlertLevel.Error,
                $"The server lists the folder {folder.Known.Name} and cannot open it. Its mail is not read.",
                "Give the user of the mailbox the right to read the folder, repair it on the server, or remove its rule.",
                cancellationToken);
            await SaveAsync(mailbox, folder.Known, now => now with { ClosedOn = time.GetUtcNow() }, cancellationToken);
        }

        return false;
    }

    /// <summary>The server refuses to set or remove labels in a folder: people are told.</summary>
    public async Task RefusesLabelsAsync(
        OpenMailbox mailbox, PlannedFolder folder, MailServerException problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(problem);
        await RaiseAsync(
            mailbox,
            LabelsSubject(mailbox, folder.Known),
            AlertLevel.Warning,
            $"Tracked mail cannot be labelled in the folder {folder.Known.Name}: {problem.Message}",
            problem.NextStep,
            cancellationToken);
        if (folder.Known.LabelsRefusedOn is null)
        {
            await SaveAsync(mailbox, folder.Known, now => now with { LabelsRefusedOn = time.GetUtcNow() }, cancellationToken);
        }
    }

    /// <summary>A folder is read again.</summary>
    public async Task OpenedAsync(OpenMailbox mailbox, FollowedFolder folder, CancellationToken cancellationToken)
    {
        // The alert first: should this end in between, the folder is found in trouble once more.
        await ClearAsync(mailbox, ClosedSubject(mailbox, folder), cancellationToken);
        await SaveAsync(mailbox, folder, now => now with { ClosedOn = null }, cancellationToken);
    }

    /// <summary>Labels are taken in a folder, or none is to be written there.</summary>
    public async Task TakesLabelsAsync(OpenMailbox mailbox, FollowedFolder folder, CancellationToken cancellationToken)
    {
        await ClearAsync(mailbox, LabelsSubject(mailbox, folder), cancellationToken);
        await SaveAsync(mailbox, folder, now => now with { LabelsRefusedOn = null }, cancellationToken);
    }

    /// <summary>A folder is not read any more: nobody has to do anything about it.</summary>
    public async Task LeftAsync(OpenMailbox mailbox, FollowedFolder folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.ClosedOn is not null)
        {
            await OpenedAsync(mailbox, folder, cancellationToken);
        }

        if (folder.LabelsRefusedOn is not null)
        {
            await TakesLabelsAsync(mailbox, folder, cancellationToken);
        }
    }

    private Task RaiseAsync(
        OpenMailbox mailbox, string subject, AlertLevel level, string cause, string nextStep, CancellationToken cancellationToken) =>
        sync.RaiseAsync(mailbox.Organization, new Alert(subject, level, cause, nextStep, time.GetUtcNow(), null), cancellationToken);

    private Task ClearAsync(OpenMailbox mailbox, string subject, CancellationToken cancellationToken) =>
        sync.ClearAsync(mailbox.Organization, subject, time.GetUtcNow(), cancellationToken);

    // The row as it is now: it was read further since.
    private async Task SaveAsync(
        OpenMailbox mailbox, FollowedFolder folder, Func<FollowedFolder, FollowedFolder> change, CancellationToken cancellationToken)
    {
        var known = await sync.ReadFoldersAsync(mailbox.Organization, mailbox.Address, cancellationToken);
        if (known.FirstOrDefault(one => one.Number == folder.Number) is { } now)
        {
            await sync.SaveProgressAsync(
                mailbox.Organization, mailbox.Address, [new FolderProgress(change(now), [])], cancellationToken);
        }
    }

    // By its number: the folder may have another name when it is well again.
    private static string ClosedSubject(OpenMailbox mailbox, FollowedFolder folder) => $"folder {folder.Number} of mailbox {mailbox.Address}";

    private static string LabelsSubject(OpenMailbox mailbox, FollowedFolder folder) =>
        $"labels in folder {folder.Number} of mailbox {mailbox.Address}";
}
