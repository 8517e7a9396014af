using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Erasing;

/// <summary>Erases mail: of an address when a person asks, and what was kept long enough. Key: organization/o:.</summary>
[GrainInterfaceType("erasure")]
public interface IErasureGrain : IGrainWithStringKey
{
    /// <summary>What erasing an address would take; nothing changes.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("Preview")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task<ErasurePreview> PreviewAsync(string address, CancellationToken cancellationToken = default);

    /// <summary>Erases all emails in which an address takes part: those that are stored when it is called. Safe to repeat with the same id.</summary>
    /// <returns>The erasure as it stands once its emails are settled: it goes on in the background, also when silos die.</returns>
    [Alias("Erase")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task<ErasureAnswer> EraseAsync(ErasureCall call, CancellationToken cancellationToken = default);

    /// <summary>One erasure as it stands; null when there is none.</summary>
    [Alias("Find")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task<Erasure?> FindAsync(Guid erasure, CancellationToken cancellationToken = default);

    /// <summary>The latest erasures, newest first, at most so many.</summary>
    [Alias("ReadHistory")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task<ImmutableArray<Erasure>> ReadHistoryAsync(int countMax, CancellationToken cancellationToken = default);

    /// <summary>Something may be due. Safe to call at any time; a reminder calls it as well.</summary>
    [Alias("Wake")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task WakeAsync(CancellationToken cancellationToken = default);
}

/// <summary>An address to be erased, in the words of whoever asks for it.</summary>
/// <param name="Id">The caller's name for it.</param>
/// <param name="Address">The address.</param>
/// <param name="By">Who asks: 1 to 200 characters.</param>
/// <param name="Why">Why, at most 500 characters; null: not said.</param>
[GenerateSerializer, Immutable, Alias("ErasureCall")]
public sealed record ErasureCall(
    [property: Id(0)] Guid Id, [property: Id(1)] string Address, [property: Id(2)] string By, [property: Id(3)] string? Why);

/// <summary>What became of a call.</summary>
/// <param name="Erasure">The erasure; null when it was refused.</param>
/// <param name="Records">The records that hold the address: they stay, and can be deleted.</param>
/// <param name="Problem">Why it was refused, and what to do; null when it was not.</param>
[GenerateSerializer, Immutable, Alias("ErasureAnswer")]
public sealed record ErasureAnswer(
    [property: Id(0)] Erasure? Erasure, [property: Id(1)] ImmutableArray<RecordReference> Records, [property: Id(2)] string? Problem);

/// <summary>What erasing an address would take.</summary>
/// <param name="Emails">How many emails, tracked or not.</param>
/// <param name="Copies">How many of their copies.</param>
/// <param name="Bytes">How many bytes of raw mail.</param>
/// <param name="First">The tracked ones that were sent first, at most 10.</param>
/// <param name="Records">The records that hold the address: they stay.</param>
/// <param name="Problem">Why it cannot be asked, and what to do; null when it can.</param>
[GenerateSerializer, Immutable, Alias("ErasurePreview")]
public sealed record ErasurePreview(
    [property: Id(0)] long Emails,
    [property: Id(1)] long Copies,
    [property: Id(2)] long Bytes,
    [property: Id(3)] ImmutableArray<ErasableEmail> First,
    [property: Id(4)] ImmutableArray<RecordReference> Records,
    [property: Id(5)] string? Problem)
{
    /// <summary>How many are shown.</summary>
    public const int FirstMax = 10;
}
