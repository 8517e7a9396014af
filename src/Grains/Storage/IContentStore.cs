namespace EmailTracking.Storage;

/// <summary>Raw mail by the SHA-256 of its bytes: once, compressed, and durable before a decision names it.</summary>
public interface IContentStore
{
    /// <summary>Keeps raw mail; to keep it again changes nothing.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="content">The raw bytes.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <returns>SHA-256 of the bytes: 64 hexadecimal digits.</returns>
    Task<string> PutAsync(string organization, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

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

    /// <summary>Removes raw mail that no decision needs: untracked and not waiting, older than a day; and stale uploads.</summary>
    /// <returns>How many were removed, at most 1,000 a call.</returns>
    Task<int> SweepAsync(string organization, DateTimeOffset now, CancellationToken cancellationToken = default);
}
