using EmailTracking.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>A database that several silos may open.</summary>
public interface IStoreDatabase : IAsyncDisposable
{
    /// <summary>Opens it as one silo does: with a writer of its own.</summary>
    Task<StoreUnderTest> OpenAsync(TimeProvider time);

    /// <summary>Opens it with services of the test's own put in before those of the store.</summary>
    Task<StoreUnderTest> OpenAsync(Action<IServiceCollection> services);

    /// <summary>A digest of all rows of all tables of the store: the same when nothing was written.</summary>
    Task<string> DigestAsync();

    /// <summary>All rows of all tables of the store as text; bytes as hexadecimal digits.</summary>
    Task<string> DumpAsync();
}

/// <summary>The store as one silo has it.</summary>
public sealed class StoreUnderTest(IHost host) : IAsyncDisposable
{
    public ITrackingStore Store { get; } = host.Services.GetRequiredService<ITrackingStore>();

    public IContentStore Content { get; } = host.Services.GetRequiredService<IContentStore>();

    public IErasures Erasures { get; } = host.Services.GetRequiredService<IErasures>();

    public IOutbox Outbox { get; } = host.Services.GetRequiredService<IOutbox>();

    public IDirectory Directory { get; } = host.Services.GetRequiredService<IDirectory>();

    public ICreationRules Rules { get; } = host.Services.GetRequiredService<ICreationRules>();

    public IAccess Access { get; } = host.Services.GetRequiredService<IAccess>();

    public ITrackingQueries Queries { get; } = host.Services.GetRequiredService<ITrackingQueries>();

    public IDecisionLedger Ledger { get; } = host.Services.GetRequiredService<IDecisionLedger>();

    public IListings Listings { get; } = host.Services.GetRequiredService<IListings>();

    public IMailboxSync Sync { get; } = host.Services.GetRequiredService<IMailboxSync>();

    public IPendingTracks Pending { get; } = host.Services.GetRequiredService<IPendingTracks>();

    public IServiceProvider Services => host.Services;

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}

/// <summary>A clock that goes when it is told to; timers run by the real one.</summary>
public sealed class SettableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
