using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>A fresh database for each test, opened by one silo.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    protected const string Organization = Deliveries.Organization;
    protected const string Ana = "ana@contoso.com";
    protected const string Bo = "bo@fabrikam.com";
    protected const string Cleo = "cleo@fabrikam.com";

    protected IStoreDatabase Database { get; private set; } = null!;

    protected StoreUnderTest Silo { get; private set; } = null!;

    protected SettableTime Time { get; } = new();

    public virtual async Task InitializeAsync()
    {
        Database = await CreateDatabaseAsync();
        Silo = await Database.OpenAsync(Time);
        await Silo.MailboxAsync(Ana);
        await Silo.MailboxAsync(Bo);
        await Silo.MailboxAsync(Cleo, FilterMethod.Replies);
    }

    public virtual async Task DisposeAsync()
    {
        await Silo.DisposeAsync();
        await Database.DisposeAsync();
    }

    protected abstract Task<IStoreDatabase> CreateDatabaseAsync();

    protected static async Task<T> Of<T>(Task<CommitResult> commit)
        where T : CommitResult => Assert.IsType<T>(await commit);
}
