using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The tracking store over PostgreSQL, shared by all silos; each has one writer.</summary>
internal sealed class PostgresTrackingStore(
    FactsReader facts, MembersReader members, RuleReader rules, RelinkReader links, GroupCommit commits) : ITrackingStore
{
    private const int SightingsMax = 512;

    // Mailboxes that ask at the same moment are answered by one read.
    private readonly Gathering<Asked, TrackingSnapshot> _reads = new(
        SightingsMax, SightingsMax, asked => asked.Sightings.Length, asked => ReadAsync(facts, asked));

    private readonly Gathering<Wanted, MembersRead> _widenings = new(
        SightingsMax, SightingsMax, wanted => wanted.Conversations.Length + wanted.Keys.Length, wanted => ReadAsync(members, wanted));

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
        WidenAsync(facts, new Wanted(organization, conversations, keys), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<long>> FindUnlinkedAsync(
        string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return links.FindAsync(organization, change, after, countMax, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RelinkFacts> ReadRelinkAsync(
        string organization, ImmutableArray<long> rows, CancellationToken cancellationToken = default) =>
        links.ReadAsync(organization, rows, cancellationToken);

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

    // What others asked for at the same moment is in the snapshot as well: it is not looked at.
    private async Task<TrackingSnapshot> WidenAsync(TrackingSnapshot facts, Wanted wanted, CancellationToken cancellationToken)
    {
        var read = await _widenings.AddAsync(wanted, cancellationToken);
        var widened = WidenedSnapshot.Of(facts, wanted.Conversations, read.Emails, read.Keys, read.Conversations, read.Acts);
        return await rules.WithLivesAsync(wanted.Organization, widened, cancellationToken);
    }

    private static async Task<IReadOnlyList<MembersRead>> ReadAsync(MembersReader members, IReadOnlyList<Wanted> all)
    {
        var read = new Dictionary<string, MembersRead>(StringComparer.Ordinal);
        foreach (var organization in all.GroupBy(wanted => wanted.Organization))
        {
            read[organization.Key] = await members.ReadAsync(
                organization.Key,
                [.. organization.SelectMany(wanted => wanted.Conversations).Distinct()],
                [.. organization.SelectMany(wanted => wanted.Keys).Distinct()],
                CancellationToken.None);
        }

        return [.. all.Select(wanted => read[wanted.Organization])];
    }

    private sealed record Asked(string Organization, ImmutableArray<Sighting> Sightings);

    private sealed record Wanted(string Organization, ImmutableArray<Guid> Conversations, ImmutableArray<MessageKey> Keys);
}
