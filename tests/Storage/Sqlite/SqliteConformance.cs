using EmailTracking.Tests.Storage.Conformance;

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

public sealed class SqliteChoiceTests : ChoiceConformance
{
    protected override Task<IStoreDatabase> CreateDatabaseAsync() => Task.FromResult<IStoreDatabase>(new SqliteStoreDatabase());
}
