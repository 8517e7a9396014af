using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;

namespace EmailTracking.Tests.Storage.Orleans;

public sealed class MembershipTests(OrleansDatabase orleans) : IClassFixture<OrleansDatabase>
{
    private const int Racers = 8;
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public async Task A_new_cluster_has_a_version_and_no_members()
    {
        var table = await NewClusterAsync("new");

        var read = await table.ReadAllAsync();

        Assert.Empty(read.Members);
        Assert.Equal(0, read.Version.Version);
    }

    [Fact]
    public async Task Silos_that_start_at_once_make_one_version()
    {
        await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => NewClusterAsync("at-once")));

        Assert.Equal(1L, await orleans.Database.ScalarAsync("select count(*) from orleans.membership_version where deployment_id = 'at-once'"));
    }

    [Fact]
    public async Task A_member_is_read_back_as_it_was_written()
    {
        var table = await NewClusterAsync("read-back");
        var entry = Entry(1);
        entry.AddSuspector(Address(2), Start);
        await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next());
        await UpdateAsync(table, entry);

        var read = Assert.Single((await table.ReadRowAsync(entry.SiloAddress)).Members).Item1;

        Assert.Equal(entry.ToFullString(), read.ToFullString());
    }

    [Fact]
    public async Task Of_silos_that_join_from_one_view_one_joins()
    {
        var table = await NewClusterAsync("join");
        var version = (await table.ReadAllAsync()).Version.Next();

        var joined = await orleans.RaceAsync(
            "select from orleans.membership_version where deployment_id = 'join' for update",
            Racers,
            number => table.InsertRowAsync(Entry(number), version));

        var read = await table.ReadAllAsync();
        Assert.Single(joined, true);
        Assert.Single(read.Members);
        Assert.Equal(1, read.Version.Version);
    }

    [Fact]
    public async Task A_silo_joins_once()
    {
        var table = await NewClusterAsync("once");
        Assert.True(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next()));
        var version = (await table.ReadAllAsync()).Version;

        Assert.False(await table.InsertRowAsync(Entry(1), version.Next()));
        Assert.Equal(version, (await table.ReadAllAsync()).Version);
    }

    [Fact]
    public async Task Of_updates_from_one_view_one_counts()
    {
        var table = await NewClusterAsync("update");
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());
        var version = (await table.ReadAllAsync()).Version;

        var updated = await orleans.RaceAsync(
            "select from orleans.membership_version where deployment_id = 'update' for update",
            Racers,
            number => table.UpdateRowAsync(Entry(1, proxyPort: number), version.VersionEtag, version.Next()));

        Assert.Single(updated, true);
        Assert.Equal(version.Version + 1, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task An_update_of_an_absent_silo_leaves_the_version()
    {
        var table = await NewClusterAsync("absent");
        var version = (await table.ReadAllAsync()).Version;

        Assert.False(await table.UpdateRowAsync(Entry(1), version.VersionEtag, version.Next()));
        Assert.Equal(version, (await table.ReadAllAsync()).Version);
    }

    [Fact]
    public async Task A_heartbeat_leaves_the_version()
    {
        var table = await NewClusterAsync("heartbeat");
        var entry = Entry(1);
        await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next());
        var before = await table.ReadAllAsync();

        entry.IAmAliveTime = Start.AddHours(1);
        await table.UpdateIAmAliveAsync(entry);

        var after = await table.ReadAllAsync();
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(Start.AddHours(1), Assert.Single(after.Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task An_update_from_an_old_view_does_not_turn_a_heartbeat_back()
    {
        var table = await NewClusterAsync("old-view");
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());
        var heartbeat = Entry(1);
        heartbeat.IAmAliveTime = Start.AddHours(1);
        await table.UpdateIAmAliveAsync(heartbeat);

        await UpdateAsync(table, Entry(1));

        Assert.Equal(Start.AddHours(1), Assert.Single((await table.ReadAllAsync()).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Cleaning_up_takes_what_is_dead_and_old()
    {
        var table = await NewClusterAsync("clean");
        (int Port, SiloStatus Status, int StartHour, int AliveHour)[] silos =
        [
            (1, SiloStatus.Dead, 0, 0),
            (2, SiloStatus.Dead, 0, 2),
            (3, SiloStatus.Dead, 2, 0),
            (4, SiloStatus.Active, 0, 0),
        ];
        foreach (var (port, status, startHour, aliveHour) in silos)
        {
            var entry = Entry(port);
            (entry.Status, entry.StartTime, entry.IAmAliveTime) = (status, Start.AddHours(startHour), Start.AddHours(aliveHour));
            Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
        }

        await table.CleanupDefunctSiloEntriesAsync(Start.AddHours(1));

        Assert.Equal([2, 3, 4], (await table.ReadAllAsync()).Members.Select(member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    [Fact]
    public async Task Deleting_one_cluster_leaves_the_others()
    {
        var table = await NewClusterAsync("deleted");
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());
        var other = await NewClusterAsync("other");
        await other.InsertRowAsync(Entry(1), (await other.ReadAllAsync()).Version.Next());

        await table.DeleteMembershipTableEntriesAsync("deleted");

        Assert.Single((await other.ReadAllAsync()).Members);
        Assert.Equal(0L, await orleans.Database.ScalarAsync("select count(*) from orleans.membership where deployment_id = 'deleted'"));
    }

    private static async Task UpdateAsync(AdoNetClusteringTable table, MembershipEntry entry)
    {
        var version = (await table.ReadAllAsync()).Version;
        Assert.True(await table.UpdateRowAsync(entry, version.VersionEtag, version.Next()));
    }

    private static MembershipEntry Entry(int port, int proxyPort = 0) => new()
    {
        SiloAddress = Address(port),
        SiloName = $"silo-{port}",
        HostName = "localhost",
        Status = SiloStatus.Active,
        ProxyPort = proxyPort,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private static SiloAddress Address(int port) => SiloAddress.New(IPAddress.Loopback, port, 1);

    private async Task<AdoNetClusteringTable> NewClusterAsync(string clusterId)
    {
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = clusterId, ServiceId = "tests" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = orleans.ConnectionString }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        return table;
    }
}
