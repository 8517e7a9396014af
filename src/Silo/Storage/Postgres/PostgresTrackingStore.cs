using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The tracking store over PostgreSQL, shared by all silos; each has one writer.</summary>
internal sealed class PostgresTrackingStore(FactsReader facts, MembersReader members, GroupCommit commits) : ITrackingStore
{
    /// <inheritdoc/>
    public Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken = default) =>
        facts.ReadAsync(organization, sightings, cancellationToken);

    /// <inheritdoc/>
    public Task<TrackingSnapshot> ReadMembersAsync(
        string organization,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken = default) =>
        members.ReadAsync(organization, facts, conversations, keys, cancellationToken);

    /// <inheritdoc/>
    public Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken = default) =>
        commits.CommitAsync(change, cancellationToken);
}
