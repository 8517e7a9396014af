using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>Where facts are read from, and decisions are made durable.</summary>
/// <remarks>The store calls nobody. Two of them, PostgreSQL and SQLite, keep one conformance suite.</remarks>
public interface ITrackingStore
{
    /// <summary>Reads everything that deciding a batch may ask, in one round trip.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="sightings">The batch, at most 512.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>
    /// Mailboxes of the sightings (absent when unknown); records of every participant's address, and of the
    /// mailboxes that accepted the emails or are asked; every id row of the ids that the
    /// sightings bear or name, the emails that hold them, variants of them, emails that carry a token of a subject; their
    /// conversations and versions (not complete); decisions on any place for the same emails (by id key and by place); what people
    /// did with the emails of the sightings.
    /// </returns>
    Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken = default);

    /// <summary>Widens a snapshot by all members of some conversations.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="facts">The snapshot to widen.</param>
    /// <param name="conversations">The conversations to make complete.</param>
    /// <param name="keys">Ids whose rows, bearers and claimers are wanted too.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>
    /// The snapshot with these conversations complete (one that the snapshot had keeps the version it was first read with, so that what
    /// is decided on two moments does not count), the conversations that their members founded, every contested id row that a member
    /// bears or names, the rows of <paramref name="keys"/>, and for both all emails that bear or name such an id, with their
    /// conversations; what people did with the members, and the other emails that they merged or split them with.
    /// </returns>
    Task<TrackingSnapshot> ReadMembersAsync(
        string organization,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken = default);

    /// <summary>Finds emails with a participant of some addresses whose parties were resolved before a version of the directory.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="change">The version, and the addresses that may stand for other records since.</param>
    /// <param name="after">Those with a greater row number.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Their row numbers, ascending.</returns>
    Task<ImmutableArray<long>> FindUnlinkedAsync(
        string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads everything that resolving the parties of some emails anew may ask, of one moment but for what is open for their senders.
    /// </summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="rows">The emails' row numbers, at most 256; those that do not exist are left out.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<RelinkFacts> ReadRelinkAsync(string organization, ImmutableArray<long> rows, CancellationToken cancellationToken = default);

    /// <summary>Makes a change durable: all of it, or none.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Gives up the wait for a place in the queue; a change that is being written is not stopped.</param>
    Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken = default);
}

/// <summary>What became of a change.</summary>
[GenerateSerializer, Immutable, Alias("CommitResult")]
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>It is durable.</summary>
    /// <param name="Woken">How many waiting sightings it put into the outbox.</param>
    [GenerateSerializer, Immutable, Alias("CommitResult.Durable")]
    public sealed record Durable([property: Id(0)] int Woken) : CommitResult;

    /// <summary>Something that it was decided on has changed, or its outcome is unknown: read and decide again.</summary>
    [GenerateSerializer, Immutable, Alias("CommitResult.Conflict")]
    public sealed record Conflict : CommitResult;

    /// <summary>The store refuses its data, and always will; its sightings are dead letters now.</summary>
    /// <param name="Problem">What the store said.</param>
    [GenerateSerializer, Immutable, Alias("CommitResult.Poison")]
    public sealed record Poison([property: Id(0)] string Problem) : CommitResult;
}
