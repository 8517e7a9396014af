using Orleans.Storage;

namespace EmailTracking.Tests.Storage.Orleans;

public sealed class PostgresGrainStorageTests(TwoSilos cluster) : GrainStorageTests, IClassFixture<TwoSilos>
{
    protected override IGrainStorage Storage => cluster.GrainStorage;

    [Fact]
    public async Task Of_first_writes_that_all_reached_the_database_one_makes_the_row()
    {
        var won = await cluster.Orleans.RaceAsync(
            "lock table orleans.grain_state in share mode", Racers, number => TryWriteAsync(Id("locked"), New(number)));

        Assert.Single(won, true);
        Assert.Equal(1L, await cluster.Orleans.Database.ScalarAsync(
            "select count(*) from orleans.grain_state where id_extension = 's:locked'"));
    }

    [Fact]
    public async Task Of_updates_that_all_saw_one_version_one_counts()
    {
        await WriteAsync(Id("seen"), New(0));
        var views = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => ReadAsync(Id("seen"))));

        var won = await cluster.Orleans.RaceAsync(
            "select from orleans.grain_state where id_extension = 's:seen' for update",
            Racers,
            number => TryWriteAsync(Id("seen"), views[number]));

        Assert.Single(won, true);
    }
}
