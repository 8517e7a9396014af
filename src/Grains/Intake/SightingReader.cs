using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Intake;

/// <summary>From raw mail to a sighting; what is no mail becomes a dead letter.</summary>
public sealed class SightingReader(IMailParser parser, IContentStore contents, IOutbox outbox, TimeProvider time)
{
    /// <summary>Reads raw mail that is kept already.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="place">Where it was seen.</param>
    /// <param name="folderKind">Whether the folder holds sent mail.</param>
    /// <param name="content">The raw bytes.</param>
    /// <param name="hash">Their SHA-256; <see cref="Sighting.NoContent"/> when they are its headers only, and are not kept.</param>
    /// <param name="receivedOn">When the mailbox received it; null: the Date header, else now.</param>
    /// <param name="isBackfill">Whether it is old mail.</param>
    /// <param name="cancellationToken">Stops the work before a write.</param>
    /// <returns>The sighting, or why there is none: then the mail is a dead letter now.</returns>
    public async Task<(Sighting? Sighting, ParsedMail.None? Problem)> ReadAsync(
        string organization,
        SightingPlace place,
        FolderKind folderKind,
        ReadOnlyMemory<byte> content,
        string hash,
        DateTimeOffset? receivedOn,
        bool isBackfill,
        CancellationToken cancellationToken)
    {
        switch (parser.Parse(content))
        {
            case ParsedMail.Mail mail:
                var facts = FactsOfMail.Read(mail.Headers);
                return (
                    new Sighting(place, folderKind, facts, hash, content.Length, receivedOn ?? facts.Thread.SentOn ?? time.GetUtcNow())
                    {
                        IsBackfill = isBackfill,
                    },
                    null);
            case ParsedMail.None none:
                await outbox.BuryAsync(
                    organization,
                    new DeadLetter(
                        place, "parse", none.Reason, none.Problem, hash == Sighting.NoContent ? null : hash, time.GetUtcNow())
                    {
                        ReceivedOn = receivedOn,
                        IsBackfill = isBackfill,
                    },
                    cancellationToken);
                return (null, none);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Whether raw mail bears a Message-ID.</summary>
    public bool IsOf(ReadOnlyMemory<byte> content, MessageId messageId) =>
        parser.Parse(content) is ParsedMail.Mail mail && MessageId.TryParse(mail.Headers.MessageId, out var id) && id == messageId;

    /// <summary>Reads an item of the outbox.</summary>
    /// <returns>Null when its raw mail is gone or cannot be read: it is a dead letter now, and the item is done.</returns>
    public async Task<Sighting?> ReadAsync(string organization, OutboxItem item, CancellationToken cancellationToken)
    {
        if (await contents.GetAsync(organization, item.ContentHash, cancellationToken) is not { } content)
        {
            await outbox.BuryAsync(
                organization,
                new DeadLetter(
                    item.Place,
                    "decide",
                    ReasonCode.Unknown,
                    "Its raw mail is no longer kept. Deliver the message again.",
                    null,
                    time.GetUtcNow())
                {
                    ReceivedOn = item.ReceivedOn,
                    IsBackfill = item.IsBackfill,
                },
                cancellationToken);
            return null;
        }

        var (sighting, _) = await ReadAsync(
            organization, item.Place, item.FolderKind, content, item.ContentHash, item.ReceivedOn, item.IsBackfill, cancellationToken);
        return sighting is null ? null : sighting with { IsRetry = true };
    }
}
