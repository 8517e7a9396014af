using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Reads one message whole; one that the server cannot give is a dead letter, and stops nobody behind it.</summary>
public sealed class WholeMailReader(IOutbox outbox, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>Reads a message.</summary>
    /// <param name="mailbox">The open mailbox.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="item">The message.</param>
    /// <param name="place">Where it was seen: the dead letter's place.</param>
    /// <param name="receivedOn">When the mailbox received it; UTC; null when that is not known.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Its raw bytes, null when it is gone; and whether it cannot be read and is a dead letter now.</returns>
    /// <exception cref="MailServerException">The server itself fails: it does not answer another question either.</exception>
    public async Task<(ReadOnlyMemory<byte>? Content, bool IsBuried)> ReadAsync(
        OpenMailbox mailbox, ServerFolder folder, ItemId item, SightingPlace place, DateTimeOffset? receivedOn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                return (await mailbox.Session.FetchAsync(folder, item, options.Value.MessageBytesMax, cancellationToken), false);
            }
            catch (MailServerException problem) when (problem.Kind is ServerProblemKind.Protocol or ServerProblemKind.Connection)
            {
                // Is it this message, or the server? Another question tells.
                await mailbox.Session.ListFoldersAsync(cancellationToken);
                if (isAgain || problem.Kind == ServerProblemKind.Protocol)
                {
                    await outbox.BuryAsync(
                        mailbox.Organization,
                        new DeadLetter(place, "fetch", ReasonCode.ContentNeeded, problem.Message, null, time.GetUtcNow())
                        {
                            ReceivedOn = receivedOn,
                            IsBackfill = mailbox.IsBackfill,
                        },
                        cancellationToken);
                    return (null, true);
                }
            }
        }
    }
}
