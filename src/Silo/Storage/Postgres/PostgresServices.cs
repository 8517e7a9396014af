using EmailTracking.Silo.Storage.Postgres.Reading;
using EmailTracking.Silo.Storage.Postgres.Writing;
using EmailTracking.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The store over PostgreSQL, for a cluster of silos.</summary>
public static class PostgresServices
{
    /// <summary>
    /// Adds the store. When the host starts, the database is brought forward before anything else starts; when it stops, what is
    /// queued is written after everything else stopped.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="connectionString">A user that may create tables.</param>
    public static IServiceCollection AddPostgresTracking(this IServiceCollection services, string connectionString)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TrackingStoreOptions>().ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<TrackingStoreOptions>, TrackingStoreOptionsValidator>();
        services.AddSingleton<CommitMetrics>();
        services.AddSingleton(provider => new PostgresSources(
            connectionString, provider.GetRequiredService<IOptions<TrackingStoreOptions>>()));
        services.AddSingleton<PostgresNames>();
        services.AddSingleton<FactsReader>();
        services.AddSingleton<RuleReader>();
        services.AddSingleton<MembersReader>();
        services.AddSingleton<RelinkReader>();
        services.AddSingleton<IChangeWriter, PostgresChangeWriter>();
        services.AddSingleton(provider => new GroupCommit(
            provider.GetRequiredService<IChangeWriter>(),
            provider.GetRequiredService<CommitMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<TrackingStoreOptions>>().Value.QueuedChangesMax,
            provider.GetRequiredService<ILogger<GroupCommit>>()));
        services.AddSingleton<ITrackingStore, PostgresTrackingStore>();
        services.AddSingleton<IContentStore, PostgresContentStore>();
        services.AddSingleton<IErasures, PostgresErasures>();
        services.AddSingleton<IOutbox, PostgresOutbox>();
        services.AddSingleton<IDirectory, PostgresDirectory>();
        services.AddSingleton<ICreationRules, PostgresCreationRules>();
        services.AddSingleton<IListings, PostgresListings>();
        services.AddSingleton<IDecisionLedger, PostgresDecisionLedger>();
        services.AddSingleton<IAccess, PostgresAccess>();
        services.AddSingleton<IMailboxSync, PostgresMailboxSync>();
        services.AddSingleton<IPendingTracks, PostgresPendingTracks>();
        services.AddSingleton<ITrackingQueries, PostgresTrackingQueries>();
        services.AddHostedService<PostgresTrackingService>();
        return services;
    }
}

/// <summary>First up, last down.</summary>
internal sealed class PostgresTrackingService(PostgresSources sources, GroupCommit commits) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Migrations.ApplyAsync(sources.Edits, MigrationSet.Postgres, cancellationToken);
        commits.Start();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => commits.StopAsync(cancellationToken);
}
