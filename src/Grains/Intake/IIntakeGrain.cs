using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Intake;

/// <summary>Takes raw mail from clients. The only place where bodies ride in calls. Key: organization/o:.</summary>
[GrainInterfaceType("intake")]
public interface IIntakeGrain : IGrainWithStringKey
{
    /// <summary>The largest part of a message that one call carries, in bytes.</summary>
    const int PartBytesMax = 1024 * 1024;

    /// <summary>Takes one message whole. Safe to repeat with the same operation id.</summary>
    /// <param name="delivery">Where it was seen.</param>
    /// <param name="content">The raw bytes, at most <see cref="PartBytesMax"/>.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="DeliveryException">The call is wrong: what to do is said.</exception>
    [Alias("Deliver")]
    Task<DeliveryAnswer> DeliverAsync(
        Delivery delivery, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Stages a part of a larger message; any activation takes the next one. Safe to repeat.</summary>
    /// <param name="uploadId">The client's name for the upload, 1 to 200 characters.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="part">The bytes, at most <see cref="PartBytesMax"/>.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    [Alias("Stage")]
    Task StageAsync(string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default);

    /// <summary>Takes a staged message. Safe to repeat with the same operation id.</summary>
    /// <exception cref="DeliveryException">Parts are missing, or the message is larger than allowed.</exception>
    [Alias("DeliverStaged")]
    Task<DeliveryAnswer> DeliverStagedAsync(
        Delivery delivery, string uploadId, long length, CancellationToken cancellationToken = default);
}

/// <summary>Where a client saw a message.</summary>
/// <param name="Mailbox">The mailbox's address.</param>
/// <param name="Folder">The folder's name, 1 to 256 characters; <c>Sent Items</c> (and <c>Sent</c>) hold sent mail.</param>
/// <param name="OperationId">The client's name for this delivery, 1 to 200 characters; null: none.</param>
/// <param name="ReceivedOn">When the mailbox received it; null: unknown.</param>
[GenerateSerializer, Immutable, Alias("Delivery")]
public sealed record Delivery(
    [property: Id(0)] string Mailbox,
    [property: Id(1)] string Folder,
    [property: Id(2)] string? OperationId,
    [property: Id(3)] DateTimeOffset? ReceivedOn)
{
    /// <summary>Whether it is old mail that is brought in, not mail that has just arrived: its senders become no contacts. Default: false.</summary>
    [Id(4)]
    public bool IsBackfill { get; init; }
}

/// <summary>What became of a delivery; durable when it is given.</summary>
/// <param name="Outcome">What was decided of this sighting.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsFirst">Whether this delivery made the email an activity.</param>
/// <param name="ActivityId">The email's activity; null while no mailbox wants the email.</param>
/// <param name="ConversationId">Its conversation; null while no mailbox wants the email.</param>
/// <param name="Problem">For a message that failed: what to do about it, in a sentence.</param>
[GenerateSerializer, Immutable, Alias("DeliveryAnswer")]
public sealed record DeliveryAnswer(
    [property: Id(0)] Outcome Outcome,
    [property: Id(1)] ReasonCode Reason,
    [property: Id(2)] bool IsFirst,
    [property: Id(3)] Guid? ActivityId,
    [property: Id(4)] Guid? ConversationId,
    [property: Id(5)] string? Problem)
{
    /// <summary>Its Message-ID without brackets; null when it has none, or is no mail.</summary>
    [Id(6)]
    public string? MessageId { get; init; }

    /// <summary>What was decided, and nothing that mail says: at its finest, Orleans logs what grains answer.</summary>
    public override string ToString() => $"{Outcome}, {Reason}, {ActivityId}";
}

/// <summary>A delivery that cannot be taken as it was called; nothing was decided.</summary>
/// <param name="message">What is wrong, and what to do.</param>
[GenerateSerializer, Alias("DeliveryException")]
public sealed class DeliveryException(string message) : Exception(message);
