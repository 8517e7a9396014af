namespace EmailTracking.Tests.Storage.Orleans;

public sealed class TwoSilosTests(TwoSilos cluster) : IClassFixture<TwoSilos>
{
    [Fact]
    public async Task Two_silos_find_each_other_through_the_database()
    {
        var hosts = await cluster.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);

        Assert.Equal(2, hosts.Count);
    }

    [Fact]
    public async Task Grains_live_on_both_silos()
    {
        var silos = new HashSet<SiloAddress>();
        for (var number = 0; silos.Count < 2 && number < 1000; number++)
        {
            silos.Add(await cluster.Grains.GetGrain<ITallyGrain>($"where:{number}").WhereAsync());
        }

        Assert.Equal(2, silos.Count);
    }

    [Fact]
    public async Task State_outlives_its_activation()
    {
        var grain = cluster.Grains.GetGrain<ITallyGrain>("t:outlives");
        await grain.AddAsync(3);
        await grain.LeaveAsync();

        Assert.Equal(7, await grain.AddAsync(4));
    }

    [Fact]
    public async Task Cleared_state_begins_again()
    {
        var grain = cluster.Grains.GetGrain<ITallyGrain>("t:cleared");
        await grain.AddAsync(3);
        await grain.ClearStateAsync();
        await grain.LeaveAsync();

        Assert.Equal(4, await grain.AddAsync(4));
    }

    [Fact]
    public async Task A_reminder_reaches_its_grain()
    {
        await cluster.Grains.GetGrain<ITallyGrain>("t:reminded").WaitForTickAsync();

        Assert.Equal(0L, await cluster.Orleans.Database.ScalarAsync("select count(*) from orleans.reminder where grain_id like '%t:reminded'"));
    }
}
