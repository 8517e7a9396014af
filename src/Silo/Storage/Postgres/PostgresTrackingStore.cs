using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The tracking store over PostgreSQL, shared by all silos; each has one writer.</summary>
internal sealed class PostgresTrackingStore(FactsReader facts, MembersReader members, GroupCommit commits) : ITrackingStore
{
    private const int SightingsMax = 512;

    // Mailboxes that ask at the same moment are answered by one read.
    private readonly Gathering<Asked, TrackingSnapshot> _reads = new(
        SightingsMax, SightingsMax, asked => asked.Sightings.Length, asked => ReadAsync(facts, asked));

    /// <inheritdoc/>
    public Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken = default) =>
        _reads.AddAsync(new Asked(organization, sightings), cancellationToken);

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

    private static async Task<IReadOnlyList<TrackingSnapshot>> ReadAsync(FactsReader facts, IReadOnlyList<Asked> all)
    {
        var wholes = new Dictionary<string, SnapshotParts>(StringComparer.Ordinal);
        foreach (var organization in all.GroupBy(asked => asked.Organization))
        {
            ImmutableArray<Sighting> sightings = [.. organization.SelectMany(asked => asked.Sightings)];
            wholes[organization.Key] = new SnapshotParts(await facts.ReadAsync(organization.Key, sightings, CancellationToken.None));
        }

        return [.. all.Select(asked => wholes[asked.Organization].For(asked.Sightings))];
    }

    private sealed record Asked(string Organization, ImmutableArray<Sighting> Sightings);
}
