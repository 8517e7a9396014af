namespace EmailTracking.Imports;

/// <summary>How far an import of one file has come. Key: organization/i:name.</summary>
[GrainInterfaceType("import")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>The position behind which nothing was answered for yet; null when it never began, or has ended.</summary>
    [Alias("ReadPosition")]
    Task<ImportPosition?> ReadPositionAsync(CancellationToken cancellationToken = default);

    /// <summary>Remembers a position: everything before it is durable. Safe to repeat.</summary>
    /// <param name="position">The position; null when the import has ended.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    [Alias("SavePosition")]
    Task SavePositionAsync(ImportPosition? position, CancellationToken cancellationToken = default);
}

/// <summary>A place in a file of mail.</summary>
/// <param name="Path">The file, relative to what was given.</param>
/// <param name="Ordinal">The message in it, from 1; 0 for a file that is one message.</param>
/// <param name="Offset">Where the message begins, in bytes.</param>
[GenerateSerializer, Immutable, Alias("ImportPosition")]
public sealed record ImportPosition([property: Id(0)] string Path, [property: Id(1)] long Ordinal, [property: Id(2)] long Offset);
