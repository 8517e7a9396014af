using EmailTracking.Acts;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Mail is listed and found a moment after it is tracked, changed or untracked.</summary>
public sealed class ListingTests
{
    private static readonly ListQuery Everything = new() { Visible = [EmailLists.Everything(GrainKeys.DefaultOrganization)] };
    private static readonly RecordReference Case = new(Tables.Incident, Guid.NewGuid());
    private static readonly RecordReference Contact = new(Tables.Contact, Guid.NewGuid());

    [Fact]
    public async Task Mail_is_found_as_it_is_today()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("ana@contoso.com");
        await cluster.DeliverAsync("ana@contoso.com", Mail("one@fabrikam.com", "bo@fabrikam.com", "ana@contoso.com"));
        await FoundAsync(cluster, Everything with { Text = "bo@fabrikam.com" }, 1);

        await SaveAsync(cluster, Case);
        await ActAsync(cluster, ActKind.Regarding, Case);
        await FoundAsync(cluster, Everything with { Within = [EmailLists.OfRecord(GrainKeys.DefaultOrganization, Case)] }, 1);

        await SaveAsync(cluster, Contact, "bo@fabrikam.com");
        await FoundAsync(cluster, Everything with { Within = [EmailLists.OfRecord(GrainKeys.DefaultOrganization, Contact)] }, 1);

        await ActAsync(cluster, ActKind.Untrack);
        await FoundAsync(cluster, Everything, 0);
    }

    [Fact]
    public async Task What_a_silo_left_due_is_listed_by_another()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("ana@contoso.com");
        for (var i = 0; i < 20; i++)
        {
            await cluster.DeliverAsync("ana@contoso.com", Mail($"m{i}@fabrikam.com", "bo@fabrikam.com", "ana@contoso.com"));
        }

        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[1]);
        await cluster.DeliverAsync("ana@contoso.com", Mail("last@fabrikam.com", "bo@fabrikam.com", "ana@contoso.com"));
        await FoundAsync(cluster, Everything with { CountMax = 100 }, 21);
    }

    private static Task SaveAsync(TrackingCluster cluster, RecordReference record, params string[] addresses) => cluster.Client.SaveRecordsAsync(
        [new CrmRecord(new RecordFacts(record, true, null, DateTimeOffset.UnixEpoch), "N", [.. addresses.Select(TrackingCluster.Address)])]);

    private static async Task ActAsync(TrackingCluster cluster, ActKind kind, RecordReference? record = null) => Assert.Null((await cluster.Client.ActAsync(
        new ActCall { Id = Guid.NewGuid(), Kind = kind, By = "Ana", Names = ["one@fabrikam.com"], Record = record })).Problem);

    private static async Task FoundAsync(TrackingCluster cluster, ListQuery query, int count)
    {
        var listings = cluster.Silos.Silos[0].ServiceProvider.GetRequiredService<IListings>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await listings.ReadAsync(GrainKeys.DefaultOrganization, query, timeout.Token)).Emails.Length != count)
        {
            await Task.Yield();
        }
    }
}
