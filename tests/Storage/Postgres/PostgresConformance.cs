using EmailTracking.Tests.Storage.Conformance;

namespace EmailTracking.Tests.Storage.Postgres;

public sealed class PostgresTrackingStoreTests : TrackingStoreConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresWaitingTests : WaitingConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresRacingTests : RacingConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresQueriesTests : QueriesConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresLedgerTests : LedgerConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresContentStoreTests : ContentStoreConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresDirectoryTests : DirectoryConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresOutboxTests : OutboxConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresActTests : ActConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresLinkTests : LinkConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresResolvingTests : ResolvingConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresErasureTests : ErasureConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresChoiceTests : ChoiceConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresRuleTests : RuleConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresMailboxSyncTests : MailboxSyncConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresMailboxItemTests : MailboxItemConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresAccessTests : AccessConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresListingTests : ListingConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresSearchTests : SearchConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}

public sealed class PostgresPendingTrackTests : PendingTrackConformance
{
    protected override async Task<IStoreDatabase> CreateDatabaseAsync() => await PostgresStoreDatabase.CreateAsync();
}
