using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The tracking store in one file, for a silo that runs alone.</summary>
internal sealed class SqliteTrackingStore(SqliteReaders readers, SqliteNames names, SqliteWriter writer) : ITrackingStore
{
    /// <inheritdoc/>
    public Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session => FactsReader.Read(session, names.Read(session, organization), sightings), cancellationToken);

    /// <inheritdoc/>
    public Task<TrackingSnapshot> ReadMembersAsync(
        string organization,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session => MembersReader.Read(session, organization, names.Read(session, organization), facts, conversations, keys),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<long>> FindUnlinkedAsync(
        string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(
            session => RelinkReader.Find(session, names.Read(session, organization), change, after, countMax), cancellationToken);

    /// <inheritdoc/>
    public Task<RelinkFacts> ReadRelinkAsync(
        string organization, ImmutableArray<long> rows, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session => RelinkReader.Read(session, names.Read(session, organization), rows), cancellationToken);

    /// <inheritdoc/>
    public Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return writer.CommitAsync(change, cancellationToken);
    }
}
