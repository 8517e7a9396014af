namespace EmailTracking.Storage;

/// <summary>Raw mail by the SHA-256 of its bytes: once, compressed, and durable before a decision names it.</summary>
public interface IContentStore
{
    /// <summary>Keeps raw mail, and binds a client's operation id to it; to do so again changes nothing.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="content">The raw bytes.</param>
    /// <param name="operation">The client's name for its delivery; null when it gave none.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    Task<KeptContent> PutAsync(
        string organization,
        ReadOnlyMemory<byte> content,
        DeliveryOperation? operation,
        CancellationToken cancellationToken = default);

    /// <summary>Reads raw mail, byte for byte as it was given.</summary>
    /// <returns>Null when it is not kept.</returns>
    Task<ReadOnlyMemory<byte>?> GetAsync(string organization, string hash, CancellationToken cancellationToken = default);

    /// <summary>Stages a part of an upload, so that any silo can take the next part.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="uploadId">The client's name for the upload.</param>
    /// <param name="offset">Where the part begins; to stage a part again changes nothing.</param>
    /// <param name="part">The bytes, at most 1 MB.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    Task StageAsync(
        string organization, string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default);

    /// <summary>Takes a staged upload whole, and forgets its parts once it was kept.</summary>
    /// <returns>Null when parts are missing: the upload starts again.</returns>
    Task<ReadOnlyMemory<byte>?> ReadStagedAsync(
        string organization, string uploadId, long length, CancellationToken cancellationToken = default);

    /// <summary>Forgets the parts of an upload.</summary>
    Task DiscardStagedAsync(string organization, string uploadId, CancellationToken cancellationToken = default);

    /// <summary>Lets sweeps remove raw mail after ten minutes, not after a day, unless a decision needs it: private mail does not wait.</summary>
    Task ReleaseAsync(string organization, string hash, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes raw mail that no decision needs (untracked and not waiting, older than a day), uploads that were left (a day), and
    /// operation ids that are older than they are remembered.
    /// </summary>
    /// <returns>How many were removed, at most 1,000 a call.</returns>
    Task<int> SweepAsync(string organization, DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>A client's name for one delivery into one mailbox: remembered for 7 days, an option.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="Id">The name, 1 to 200 characters.</param>
[GenerateSerializer, Immutable, Alias("DeliveryOperation")]
public readonly record struct DeliveryOperation(
    [property: Id(0)] Tracking.Mail.EmailAddress Mailbox, [property: Id(1)] string Id);

/// <summary>Raw mail that was kept.</summary>
/// <param name="Hash">SHA-256 of the bytes: 64 lower-case hexadecimal digits.</param>
/// <param name="IsOperationReused">Whether the operation id was used for other bytes.</param>
[GenerateSerializer, Immutable, Alias("KeptContent")]
public readonly record struct KeptContent([property: Id(0)] string Hash, [property: Id(1)] bool IsOperationReused);
