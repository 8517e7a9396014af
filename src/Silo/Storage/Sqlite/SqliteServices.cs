using EmailTracking.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The store in one SQLite file, for a silo that runs alone.</summary>
public static class SqliteServices
{
    /// <summary>
    /// Adds the store. When the host starts, the file is taken and brought forward before anything else starts; when it stops, what
    /// is queued is written after everything else stopped.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="path">The file, on a local disk; it is created when absent, its folder is not.</param>
    public static IServiceCollection AddSqliteTracking(this IServiceCollection services, string path)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TrackingStoreOptions>().ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<TrackingStoreOptions>, TrackingStoreOptionsValidator>();
        services.AddSingleton<CommitMetrics>();
        services.AddSingleton(_ => new SqliteFile(path));
        services.AddSingleton<SqliteReaders>();
        services.AddSingleton<SqliteNames>();
        services.AddSingleton<Writing.ChangeWriter>();
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<ITrackingStore, SqliteTrackingStore>();
        services.AddSingleton<IContentStore, SqliteContentStore>();
        services.AddSingleton<IErasures, SqliteErasures>();
        services.AddSingleton<IOutbox, SqliteOutbox>();
        services.AddSingleton<IDirectory, SqliteDirectory>();
        services.AddSingleton<ICreationRules, SqliteCreationRules>();
        services.AddSingleton<IListings, SqliteListings>();
        services.AddSingleton<IDecisionLedger, SqliteDecisionLedger>();
        services.AddSingleton<IAccess, SqliteAccess>();
        services.AddSingleton<IMailboxSync, SqliteMailboxSync>();
        services.AddSingleton<IPendingTracks, SqlitePendingTracks>();
        services.AddSingleton<ITrackingQueries, SqliteTrackingQueries>();
        services.AddHostedService<SqliteTrackingService>();
        return services;
    }
}

/// <summary>First up, last down.</summary>
internal sealed class SqliteTrackingService(SqliteFile file, SqliteWriter writer) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        file.Open();
        writer.Start();
        return Task.CompletedTask;
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
    public Task StoppedAsync(CancellationToken cancellationToken) => writer.StopAsync(cancellationToken);
}
