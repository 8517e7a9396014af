using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>What is erased, and what was: the emails of each erasure are settled when it begins, as keys.</summary>
/// <remarks>Emails are erased by <see cref="ITrackingStore.CommitAsync"/>, as a part of an act; a commit also counts what went.</remarks>
public interface IErasures
{
    /// <summary>The emails in which an address takes part, of those that can still be read.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="address">The address.</param>
    /// <param name="after">Those with a greater row number.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>By row number, ascending.</returns>
    Task<ImmutableArray<ErasableEmail>> FindByAddressAsync(
        string organization, EmailAddress address, long after, int countMax, CancellationToken cancellationToken = default);

    /// <summary>The emails that were received before a moment, of those that are not erased; in any order, at most so many.</summary>
    Task<ImmutableArray<ErasableEmail>> FindAgedAsync(
        string organization, DateTimeOffset until, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Raw mail that is kept though its participants are not: of untracked copies, and of dead letters.</summary>
    /// <returns>All of it, by hash: of untracked mail little is kept, and not for long.</returns>
    Task<ImmutableArray<ErasableRaw>> ReadKeptAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>How many copies of emails were seen, and how many bytes of raw mail of them are kept.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="emails">The keys of the emails.</param>
    /// <param name="letters">Raw mail of dead letters, by hash.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<(long Copies, long Bytes)> MeasureAsync(
        string organization, ImmutableArray<MessageKey> emails, ImmutableArray<string> letters, CancellationToken cancellationToken = default);

    /// <summary>The records that hold an address, but for deleted ones.</summary>
    Task<ImmutableArray<RecordReference>> ReadHoldersAsync(
        string organization, EmailAddress address, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins an erasure: its emails are settled, and its dead letters have gone, with what people chose for its address (a change of the
    /// directory, where that stood). One that exists stays as it is.
    /// </summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="erasure">The erasure; nothing has gone yet.</param>
    /// <param name="emails">The keys of its emails, tracked or not.</param>
    /// <param name="letters">Raw mail of dead letters, by hash.</param>
    /// <param name="address">The address that is erased: no later step knows it. Null when mail is erased for another reason.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    Task BeginAsync(
        string organization,
        Erasure erasure,
        ImmutableArray<MessageKey> emails,
        ImmutableArray<string> letters,
        EmailAddress? address = null,
        CancellationToken cancellationToken = default);

    /// <summary>One erasure; null when there is none.</summary>
    Task<Erasure?> FindAsync(string organization, Guid erasure, CancellationToken cancellationToken = default);

    /// <summary>Erasures, newest first; or, of those that are not finished, oldest first.</summary>
    Task<ImmutableArray<Erasure>> ReadAsync(
        string organization, bool openOnly, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Emails of an erasure that are still to be erased.</summary>
    Task<ImmutableArray<DueEmail>> ReadDueAsync(
        string organization, Guid erasure, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Takes note that all emails of an erasure are erased.</summary>
    Task SweptAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes what was written of the emails' copies by decisions that had begun before they were erased, and forgets which emails
    /// they were. Safe to repeat.
    /// </summary>
    Task FinishAsync(string organization, Guid erasure, DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>Why emails are erased. The numbers are storage format.</summary>
public enum ErasureKind
{
    /// <summary>A person asked for an address.</summary>
    Address = 1,

    /// <summary>They were kept as long as the organization keeps mail.</summary>
    Retention = 2,
}

/// <summary>An erasure: who had what erased, and what went.</summary>
[GenerateSerializer, Immutable, Alias("Erasure")]
public sealed record Erasure
{
    /// <summary>The caller's name for it: the same id again changes nothing.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>Why.</summary>
    [Id(1)]
    public required ErasureKind Kind { get; init; }

    /// <summary>SHA-256 of the address, 64 lower-case hexadecimal digits: the address itself is kept nowhere. Null for a retention.</summary>
    [Id(2)]
    public string? AddressDigest { get; init; }

    /// <summary>Who asked: 1 to 200 characters.</summary>
    [Id(3)]
    public required string By { get; init; }

    /// <summary>When it began; UTC.</summary>
    [Id(4)]
    public required DateTimeOffset On { get; init; }

    /// <summary>Why, in their words, at most 500 characters; null when they did not say.</summary>
    [Id(5)]
    public string? Why { get; init; }

    /// <summary>How many emails went, tracked or not.</summary>
    [Id(6)]
    public long Emails { get; init; }

    /// <summary>How many of their copies.</summary>
    [Id(7)]
    public long Copies { get; init; }

    /// <summary>How many bytes of raw mail.</summary>
    [Id(8)]
    public long Bytes { get; init; }

    /// <summary>When all emails were erased; null before; UTC.</summary>
    [Id(9)]
    public DateTimeOffset? SweptOn { get; init; }

    /// <summary>When nothing that had begun before could be written any more; null before; UTC.</summary>
    [Id(10)]
    public DateTimeOffset? FinishedOn { get; init; }
}

/// <summary>A tracked email that may be erased.</summary>
[GenerateSerializer, Immutable, Alias("ErasableEmail")]
public sealed record ErasableEmail(
    [property: Id(0)] long Row, [property: Id(1)] MessageKey Key, [property: Id(2)] Guid ActivityId, [property: Id(3)] DateTimeOffset? SentOn);

/// <summary>Raw mail that is kept.</summary>
/// <param name="Hash">SHA-256 of its bytes.</param>
/// <param name="Emails">The emails that it is a copy of and whose participants are not kept; none for a dead letter alone.</param>
/// <param name="IsLetter">Whether it is a dead letter.</param>
[GenerateSerializer, Immutable, Alias("ErasableRaw")]
public sealed record ErasableRaw(
    [property: Id(0)] string Hash, [property: Id(1)] ImmutableArray<MessageKey> Emails, [property: Id(2)] bool IsLetter)
{
    /// <summary>Gathers rows of a hash and an email, or no email for a dead letter.</summary>
    public static ImmutableArray<ErasableRaw> Of(IEnumerable<(string Hash, MessageKey? Email)> rows) =>
    [
        .. rows.GroupBy(row => row.Hash)
            .OrderBy(mail => mail.Key, StringComparer.Ordinal)
            .Select(mail => new ErasableRaw(
                mail.Key, [.. mail.Select(row => row.Email).OfType<MessageKey>().Distinct()], mail.Any(row => row.Email is null))),
    ];
}

/// <summary>An email that is to be erased, and its conversation; null when it is not tracked.</summary>
[GenerateSerializer, Immutable, Alias("DueEmail")]
public sealed record DueEmail([property: Id(0)] MessageKey Key, [property: Id(1)] Guid? ConversationId);
