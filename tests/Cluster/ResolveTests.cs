using EmailTracking.Acts;
using EmailTracking.Linking;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>An unresolved address that a person resolves, in one mail and in all, through two silos.</summary>
public sealed class ResolveTests
{
    private const string Bo = "bo@fabrikam.com";
    private static readonly RecordReference Contact = new("contact", Guid.NewGuid());
    private static readonly RecordReference Account = new("account", Guid.NewGuid());

    // Nothing is decided while records change.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task One_mail_and_then_all_similar_ones_are_resolved_and_the_single_word_is_taken_back()
    {
        await using var cluster = await TrackingCluster.StartAsync(
            2, services => services.Configure<TrackingOptions>(options => options.LinkGrace = Grace));
        await cluster.CreateMailboxAsync("sales@contoso.com");
        await cluster.Client.SaveRecordsAsync([Record(Contact, "Bo Berg"), Record(Account, "Fabrikam")]);
        for (var i = 1; i <= 3; i++)
        {
            await cluster.DeliverAsync("sales@contoso.com", Mail($"m{i}@fabrikam.com", Bo, "sales@contoso.com", subject: $"Order {i}"));
        }

        var resolve = new ActCall
        {
            Id = Guid.NewGuid(),
            Kind = ActKind.Resolve,
            By = "Ana",
            Names = ["m1@fabrikam.com"],
            Record = Contact,
            Address = TrackingCluster.Address(Bo),
        };
        var refused = await cluster.Client.ActAsync(resolve with { Address = TrackingCluster.Address("cy@tailspin.com") });
        Assert.Contains("has no party cy@tailspin.com", refused.Problem, StringComparison.Ordinal);
        refused = await cluster.Client.ActAsync(resolve with { Record = new RecordReference("contact", Guid.NewGuid()) });
        Assert.Contains("There is no record", refused.Problem, StringComparison.Ordinal);

        await cluster.Client.SaveTableAsync(new TableDefinition
        {
            LogicalName = "account", EmailColumns = ["emailaddress1"], NameColumn = "name", IsActivityEnabled = false,
        });
        refused = await cluster.Client.ActAsync(resolve with { Record = Account });
        Assert.Contains("take no activities", refused.Problem, StringComparison.Ordinal);
        var choice = new RecordChoice(TrackingCluster.Address(Bo), Account, "Ben", "It is their order desk");
        Assert.Contains("take no activities", (await cluster.Client.ChooseRecordAsync(choice)).Problem, StringComparison.Ordinal);
        Assert.Contains("who does it", (await cluster.Client.ChooseRecordAsync(choice with { By = "" })).Problem, StringComparison.Ordinal);
        await cluster.Client.RemoveTableAsync("account");

        Assert.Null((await cluster.Client.ActAsync(resolve)).Problem);
        await LinkedAsync(cluster);
        Assert.Equal([Contact, null, null], await SendersAsync(cluster, 3));
        Assert.Contains(
            (await cluster.Client.ExplainAsync("m1@fabrikam.com"))!.Sentences,
            sentence => sentence.StartsWith("Ana said on ", StringComparison.Ordinal) &&
                sentence.EndsWith($"that in this mail {Bo} is contact Bo Berg.", StringComparison.Ordinal));

        Assert.Equal(3, (await cluster.Client.PreviewChoiceAsync(choice.Address)).Count);
        Assert.True((await cluster.Client.ChooseRecordAsync(choice)).IsChanged);
        await LinkedAsync(cluster);
        await cluster.DeliverAsync("sales@contoso.com", Mail("m4@fabrikam.com", Bo, "sales@contoso.com", subject: "Order 4"));
        Assert.Equal([Contact, Account, Account, Account], await SendersAsync(cluster, 4));
        Assert.Contains(
            (await cluster.Client.ExplainAsync("m4@fabrikam.com"))!.Sentences,
            sentence => sentence.StartsWith($"Ben chose account Fabrikam for {Bo} on ", StringComparison.Ordinal));
        Assert.Equal("It is their order desk", Assert.Single((await cluster.Client.ReadRecordAsync(Account))!.Choices).Why);

        Assert.Null((await cluster.Client.ActAsync(new ActCall
        {
            Id = Guid.NewGuid(), Kind = ActKind.Undo, By = "Ben", Names = [resolve.Id.ToString()],
        })).Problem);
        await LinkedAsync(cluster);
        Assert.Equal([Account, Account, Account, Account], await SendersAsync(cluster, 4));

        Assert.True((await cluster.Client.ChooseRecordAsync(choice with { Record = null })).IsChanged);
        await LinkedAsync(cluster);
        Assert.Equal([null, null, null, null], await SendersAsync(cluster, 4));
    }

    // A change is there until every email has seen it.
    private static async Task LinkedAsync(TrackingCluster cluster)
    {
        var directory = cluster.Silos.Silos[0].ServiceProvider.GetRequiredService<IDirectory>();
        var links = cluster.Silos.Client.GetGrain<ILinkGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization));
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await directory.ReadChangesAsync(GrainKeys.DefaultOrganization, 0, 1, timeout.Token)).IsEmpty)
        {
            await links.WakeAsync(timeout.Token);
            await Task.Yield();
        }
    }

    private static CrmRecord Record(RecordReference reference, string name) =>
        new(new RecordFacts(reference, IsActive: true, null, DateTimeOffset.UnixEpoch), name, []);

    private static async Task<List<RecordReference?>> SendersAsync(TrackingCluster cluster, int count)
    {
        var senders = new List<RecordReference?>();
        for (var i = 1; i <= count; i++)
        {
            senders.Add((await cluster.Client.ExplainAsync($"m{i}@fabrikam.com"))!.Parties[0].Record);
        }

        return senders;
    }
}
