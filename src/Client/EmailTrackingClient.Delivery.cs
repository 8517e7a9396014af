using System.Security.Cryptography;
using System.Text;
using EmailTracking.Intake;

namespace EmailTracking.Client;

/// <content>Mail in, and raw mail out.</content>
public sealed partial class EmailTrackingClient
{
    /// <summary>The largest message that is taken, in bytes: 150 MB.</summary>
    public const int MessageBytesMax = 157_286_400;

    // Parts are forgotten once their message is taken: a repetition whose first answer was lost stages them again.
    private const int StagingsMax = 3;

    /// <summary>Delivers one raw message (RFC 5322) as seen in a mailbox. Safe to repeat: the answer is the same.</summary>
    /// <param name="mailbox">The mailbox's address; the mailbox exists.</param>
    /// <param name="folder">The folder's name, 1 to 256 characters; <c>Sent Items</c> (and <c>Sent</c>) hold sent mail.</param>
    /// <param name="content">The message, read to its end; at most <see cref="MessageBytesMax"/>.</param>
    /// <param name="operationId">
    /// Your name for this delivery, 1 to 200 characters: using it again for other bytes is refused. Null: none is needed for a
    /// repetition to be safe, since the same bytes in the same folder of the same mailbox are the same item.
    /// </param>
    /// <param name="cancellationToken">Gives up; the message may have been taken all the same.</param>
    /// <returns>What was decided; durable.</returns>
    /// <exception cref="DeliveryException">The call is wrong: what to do is said. Repeating it does not help.</exception>
    /// <exception cref="ClusterUnreachableException">No answer came: send it again later, with the same operation id.</exception>
    public async Task<DeliveryAnswer> DeliverAsync(
        string mailbox, string folder, Stream content, string? operationId = null, CancellationToken cancellationToken = default)
    {
        return await DeliverAsync(new Delivery(mailbox, folder, operationId, ReceivedOn: null), content, cancellationToken);
    }

    /// <summary>Delivers one raw message that is read to its end. Safe to repeat.</summary>
    /// <inheritdoc cref="DeliverAsync(string, string, Stream, string?, CancellationToken)"/>
    /// <param name="delivery">Where it was seen.</param>
    /// <param name="content">The message; at most <see cref="MessageBytesMax"/>.</param>
    /// <param name="cancellationToken">Gives up; the message may have been taken all the same.</param>
    public async Task<DeliveryAnswer> DeliverAsync(Delivery delivery, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return await DeliverAsync(delivery, await ReadAsync(content, cancellationToken), cancellationToken);
    }

    /// <summary>Delivers one raw message that is in memory. Safe to repeat.</summary>
    /// <inheritdoc cref="DeliverAsync(string, string, Stream, string?, CancellationToken)"/>
    /// <param name="delivery">Where it was seen.</param>
    /// <param name="content">The message, at most <see cref="MessageBytesMax"/>.</param>
    /// <param name="cancellationToken">Gives up; the message may have been taken all the same.</param>
    public Task<DeliveryAnswer> DeliverAsync(
        Delivery delivery, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return content.Length switch
        {
            > MessageBytesMax => throw TooLarge(),
            > IIntakeGrain.PartBytesMax => DeliverInPartsAsync(delivery, content, cancellationToken),
            _ => _patience.TryAsync(token => Service<IIntakeGrain>().DeliverAsync(delivery, content, token), cancellationToken),
        };
    }

    private async Task<DeliveryAnswer> DeliverInPartsAsync(
        Delivery delivery, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var intake = Service<IIntakeGrain>();
        var upload = UploadId(delivery, content.Span);
        for (var staging = 1; ; staging++)
        {
            for (var offset = 0; offset < content.Length; offset += IIntakeGrain.PartBytesMax)
            {
                var (at, part) = (offset, content.Slice(offset, Math.Min(IIntakeGrain.PartBytesMax, content.Length - offset)));
                await _patience.TryAsync(token => intake.StageAsync(upload, at, part, token), cancellationToken);
            }

            try
            {
                return await _patience.TryAsync(
                    token => intake.DeliverStagedAsync(delivery, upload, content.Length, token), cancellationToken);
            }
            catch (DeliveryException) when (staging < StagingsMax)
            {
                // Most likely the parts are gone; if something else is wrong it will be said again.
            }
        }
    }

    // Computed, so that a repetition goes on with the same parts; over everything that tells two deliveries apart, because a
    // part that is there already is not written again.
    private static string UploadId(Delivery delivery, ReadOnlySpan<byte> content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var name = $"{delivery.Mailbox}\n{delivery.Folder}\n{delivery.OperationId}\n{hash}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + count > MessageBytesMax)
            {
                throw TooLarge();
            }

            bytes.Write(buffer, 0, count);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static DeliveryException TooLarge() =>
        new($"The message is larger than {MessageBytesMax} bytes. Nothing was sent; keep it where it is.");
}
