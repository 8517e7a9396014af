using EmailTracking.Storage;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Sqlite;

public sealed class SqliteTrackingStoreTests : TrackingStoreConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteWaitingTests : WaitingConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteRacingTests : RacingConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteQueriesTests : QueriesConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteLedgerTests : LedgerConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteContentStoreTests : ContentStoreConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteDirectoryTests : DirectoryConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteOutboxTests : OutboxConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteActTests : ActConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteLinkTests : LinkConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteResolvingTests : ResolvingConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteErasureTests : ErasureConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());

    [Fact]
    public async Task Nothing_of_it_lies_in_free_pages_of_the_file()
    {
        var letter = new Letter("zanzibar@fabrikam.com") { From = "zanzibar@fabrikam.com", Subject = "Zanzibar" };
        await using var database = new SqliteStoreDatabase();
        await using (var silo = await database.OpenAsync(Time))
        {
            await silo.MailboxAsync(Ana);
            var noise = System.Security.Cryptography.RandomNumberGenerator.GetBytes(50_000);
            var raw = await silo.Content.PutAsync(Organization, (byte[])[.. noise, .. "zanzibar"u8], null);
            await silo.DeliverAsync(letter.In(Ana, "Clients/Zanzibar") with { ContentHash = raw.Hash });
            var id = Guid.NewGuid();
            await silo.Erasures.BeginAsync(
                Organization, new Erasure { Id = id, Kind = ErasureKind.Address, By = "Ana", On = Time.Now }, [letter.Key], []);
            await silo.DoAsync(new ActRequest { Id = id, Kind = ActKind.Erase, By = "Ana", On = Time.Now, Emails = [letter.Key], Erasure = id });
        }

        var folder = new DirectoryInfo(Path.GetDirectoryName(database.Path)!);
        Assert.All(folder.GetFiles(), file => Assert.DoesNotContain(
            "zanzibar", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file.FullName)), StringComparison.OrdinalIgnoreCase));
    }
}

public sealed class SqliteChoiceTests : ChoiceConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteRuleTests : RuleConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteMailboxSyncTests : MailboxSyncConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteMailboxItemTests : MailboxItemConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteAccessTests : AccessConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteListingTests : ListingConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqliteSearchTests : SearchConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}

public sealed class SqlitePendingTrackTests : PendingTrackConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}
