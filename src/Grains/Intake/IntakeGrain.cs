using EmailTracking.Mailboxes;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Intake;

/// <summary>Keeps the raw mail, reads it, and hands the sighting to its mailbox.</summary>
[GrainType("intake")]
[StatelessWorker]
[Reentrant]
public sealed class IntakeGrain(IContentStore contents, SightingReader reader) : Grain, IIntakeGrain
{
    private const int NameLengthMax = 200;
    private const int FolderLengthMax = 256;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<DeliveryAnswer> DeliverAsync(
        Delivery delivery, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        content.Length > IIntakeGrain.PartBytesMax
            ? throw new DeliveryException(
                $"One call carries at most {IIntakeGrain.PartBytesMax} bytes, not {content.Length}. Stage the message in parts.")
            : TakeAsync(delivery, content, cancellationToken);

    /// <inheritdoc/>
    public Task StageAsync(string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        CheckName(uploadId, "upload id");
        return part.Length is 0 or > IIntakeGrain.PartBytesMax || offset < 0
            ? throw new DeliveryException($"A part has 1 to {IIntakeGrain.PartBytesMax} bytes and begins at 0 or later.")
            : contents.StageAsync(Organization, uploadId, offset, part, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DeliveryAnswer> DeliverStagedAsync(
        Delivery delivery, string uploadId, long length, CancellationToken cancellationToken)
    {
        CheckName(uploadId, "upload id");
        var content = await contents.ReadStagedAsync(Organization, uploadId, length, cancellationToken) ??
            throw new DeliveryException($"Upload {uploadId} has not all of its {length} bytes. Stage every part again.");
        var answer = await TakeAsync(delivery, content, cancellationToken);
        await contents.DiscardStagedAsync(Organization, uploadId, cancellationToken);
        return answer;
    }

    private async Task<DeliveryAnswer> TakeAsync(
        Delivery delivery, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(delivery.Mailbox, out var mailbox))
        {
            throw new DeliveryException($"'{delivery.Mailbox}' is no mailbox address. Give one such as ana@contoso.com.");
        }

        if (delivery.Folder is not { Length: > 0 and <= FolderLengthMax })
        {
            throw new DeliveryException($"A folder has a name of 1 to {FolderLengthMax} characters.");
        }

        DeliveryOperation? operation = null;
        if (delivery.OperationId is { } id)
        {
            CheckName(id, "operation id");
            operation = new DeliveryOperation(mailbox, id);
        }

        var kept = await contents.PutAsync(Organization, content, operation, cancellationToken);
        if (kept.IsOperationReused)
        {
            throw new DeliveryException(
                $"Operation {delivery.OperationId} was used for another message of {mailbox}. Use a new id for each message.");
        }

        var (sighting, problem) = await reader.ReadAsync(
            Organization,
            new SightingPlace(mailbox, delivery.Folder, kept.Hash),
            FolderNames.KindOf(delivery.Folder),
            content,
            kept.Hash,
            delivery.ReceivedOn,
            delivery.IsBackfill,
            cancellationToken);
        if (sighting is null)
        {
            return new DeliveryAnswer(Outcome.Failed, problem!.Reason, IsFirst: false, null, null, problem.Problem);
        }

        var grain = GrainFactory.GetGrain<IMailboxGrain>(GrainKeys.Mailbox(Organization, mailbox));
        var answer = (await grain.DeliverAsync([sighting], cancellationToken))[0];
        if (answer.Outcome == Outcome.Skipped && FilterReasons.IsPrivate(answer.Reason))
        {
            await contents.ReleaseAsync(Organization, kept.Hash, cancellationToken);
        }

        return answer.Reason == ReasonCode.UnknownMailbox
            ? throw new DeliveryException($"There is no mailbox {mailbox}. Create it first.")
            : new DeliveryAnswer(
                answer.Outcome, answer.Reason, answer.IsFirst, answer.ActivityId, answer.ConversationId, null)
            {
                MessageId = sighting.Facts.MessageId?.Value,
            };
    }

    private static void CheckName(string name, string what)
    {
        if (name is not { Length: > 0 and <= NameLengthMax } || name.Any(char.IsControl))
        {
            throw new DeliveryException($"An {what} has 1 to {NameLengthMax} characters and no control characters.");
        }
    }
}
