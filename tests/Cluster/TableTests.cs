using EmailTracking.Acts;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Tables that people describe while mail arrives, through the cluster.</summary>
public sealed class TableTests
{
    private static readonly TableDefinition Site = new() { LogicalName = "new_site", EmailColumns = ["new_mail"], NameColumn = "new_name" };

    [Fact]
    public async Task Whether_a_table_takes_activities_decides_the_next_mail_and_the_next_act()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("ana@contoso.com", FilterMethod.EmailEnabledRecords);
        var north = new RecordReference("new_site", Guid.NewGuid());
        CrmRecord[] records =
        [
            new(new RecordFacts(north with { LogicalName = "contact" }, true, null, DateTimeOffset.UnixEpoch), "Bo", [TrackingCluster.Address("bo@fabrikam.com")]),
            new(new RecordFacts(north, true, null, DateTimeOffset.UnixEpoch), "North", [TrackingCluster.Address("north@fabrikam.com")]),
        ];
        var unknown = await Assert.ThrowsAsync<UnknownTableException>(() => cluster.Client.SaveRecordsAsync([.. records]));
        Assert.Equal("new_site", unknown.Table);
        Assert.Contains("Nothing was saved: there is no table new_site. Describe it first", unknown.Message, StringComparison.Ordinal);
        Assert.Null(await cluster.Client.ReadRecordAsync(records[0].Facts.Reference));

        Assert.Null(await cluster.Client.SaveTableAsync(Site));
        await cluster.Client.SaveRecordsAsync([.. records]);
        Assert.Equal(ReasonCode.SenderMatch, await ReasonAsync("one"));
        Assert.Null(await cluster.Client.SaveTableAsync(Site with { IsActivityEnabled = false }));
        Assert.Equal(ReasonCode.NoSenderMatch, await ReasonAsync("two"));
        Assert.Contains("take no activities", (await AboutAsync()).Problem, StringComparison.Ordinal);

        Assert.Contains("no logical name", await cluster.Client.SaveTableAsync(Site with { LogicalName = "New Site" }), StringComparison.Ordinal);
        Assert.Equal(Site with { IsActivityEnabled = false }, Assert.Single(await cluster.Client.ReadTablesAsync()));
        Assert.True(await cluster.Client.RemoveTableAsync("new_site"));
        Assert.False(await cluster.Client.RemoveTableAsync("new_site"));
        Assert.Equal(ReasonCode.SenderMatch, await ReasonAsync("three"));
        Assert.Null((await AboutAsync()).Problem);

        async Task<ReasonCode> ReasonAsync(string id) =>
            (await cluster.DeliverAsync("ana@contoso.com", Mail($"{id}@fabrikam.com", "north@fabrikam.com", "ana@contoso.com"))).Reason;

        Task<ActAnswer> AboutAsync() => cluster.Client.ActAsync(new ActCall
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", Names = ["one@fabrikam.com"], Record = north,
        });
    }
}
