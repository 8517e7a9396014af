using EmailTracking.Connectors;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Fetches a mail by its Message-ID from whatever folder of a mailbox it lies in, followed or not.</summary>
public sealed class MissingMailReader(
    IGrainFactory grains, SightingReader reader, IContentStore contents, IOptions<SyncOptions> options)
{
    // Servers compare in their own way, and people keep copies: more are looked at by nobody.
    private const int CopiesMax = 10;

    /// <summary>Finds the mail and has it decided from its raw bytes, which are kept.</summary>
    /// <returns>Whether it was found; durable when it is given.</returns>
    public async Task<bool> ReadAsync(OpenMailbox mailbox, MessageId messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var folders = await mailbox.Session.ListFoldersAsync(cancellationToken);
        foreach (var folder in folders.OrderBy(folder => folder.Role == FolderRole.Aside))
        {
            if (await FindAsync(mailbox, folder, messageId, cancellationToken) is { } sighting)
            {
                await grains.GetGrain<IMailboxGrain>(GrainKeys.Mailbox(mailbox.Organization, mailbox.Address))
                    .DeliverAsync([sighting], cancellationToken);
                return true;
            }
        }

        return false;
    }

    private async Task<Sighting?> FindAsync(
        OpenMailbox mailbox, ServerFolder folder, MessageId messageId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await mailbox.Session.FindAsync(folder, messageId, CopiesMax, cancellationToken);
            foreach (var item in found.Count == 0 ? [] : await mailbox.Session.ReadHeadersAsync(folder, found, cancellationToken))
            {
                if (item.Headers is { } headers && reader.IsOf(headers, messageId) &&
                    await mailbox.Session.FetchAsync(folder, item.Id, options.Value.MessageBytesMax, cancellationToken) is { } raw)
                {
                    return await ReadAsync(mailbox, folder, raw, item.ReceivedOn, cancellationToken);
                }
            }
        }
        catch (MailServerException gone) when (gone.Kind == ServerProblemKind.FolderGone)
        {
            // It was deleted meanwhile, or may not be opened: the mail may lie in another one.
        }

        return null;
    }

    // Named by its bytes, as mail that a client brings: the folder may be none that we follow.
    private async Task<Sighting?> ReadAsync(
        OpenMailbox mailbox, ServerFolder folder, ReadOnlyMemory<byte> raw, DateTimeOffset? receivedOn, CancellationToken cancellationToken)
    {
        var kept = await contents.PutAsync(mailbox.Organization, raw, operation: null, cancellationToken);
        var (sighting, _) = await reader.ReadAsync(
            mailbox.Organization,
            new SightingPlace(mailbox.Address, folder.Name, kept.Hash),
            folder.Kind,
            raw,
            kept.Hash,
            receivedOn,
            mailbox.IsBackfill,
            cancellationToken);
        return sighting;
    }
}
