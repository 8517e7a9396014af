using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Storage;

/// <summary>A store in front of another one, to which it passes everything that a test does not do otherwise.</summary>
/// <param name="store">The other one.</param>
public abstract class PassingTrackingStore(ITrackingStore store) : ITrackingStore
{
    /// <summary>Puts a store in front of the one that is registered.</summary>
    public static void Place(IServiceCollection services, Func<ITrackingStore, ITrackingStore> before)
    {
        var registered = services.Last(service => service.ServiceType == typeof(ITrackingStore));
        services.AddSingleton(provider => before(
            (ITrackingStore)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!)));
    }

    public virtual Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
        store.ReadFactsAsync(organization, sightings, cancellationToken);

    public virtual Task<TrackingSnapshot> ReadMembersAsync(
        string organization,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken) =>
        store.ReadMembersAsync(organization, facts, conversations, keys, cancellationToken);

    public virtual Task<ImmutableArray<long>> FindUnlinkedAsync(
        string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken) =>
        store.FindUnlinkedAsync(organization, change, after, countMax, cancellationToken);

    public virtual Task<RelinkFacts> ReadRelinkAsync(
        string organization, ImmutableArray<long> rows, CancellationToken cancellationToken) =>
        store.ReadRelinkAsync(organization, rows, cancellationToken);

    public virtual Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken) =>
        store.CommitAsync(change, cancellationToken);
}
