using EmailTracking.Intake;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Settings that people set while mail arrives, through the cluster.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task A_setting_decides_the_next_mail_and_what_makes_no_sense_changes_nothing()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("ana@contoso.com");
        Task<DeliveryAnswer> SendAsync(string id) => cluster.Client.DeliverAsync(
            new Delivery("ana@contoso.com", "Sent Items", OperationId: null, ReceivedOn: null),
            System.Text.Encoding.UTF8.GetBytes(Mail(id, "ana@contoso.com", "bo@fabrikam.com")));

        Assert.Equal(ReasonCode.SentItemsOff, (await SendAsync("one@contoso.com")).Reason);
        var set = await cluster.Client.SetSettingAsync("autotracksentfolderitems", "true", new Author("Ana"));
        Assert.Equal((1L, "false", "true", null), (set.Version, set.Before, set.After, set.Problem));
        Assert.Equal(Outcome.Tracked, (await SendAsync("two@contoso.com")).Outcome);

        Assert.Equal(1, (await cluster.Client.SetSettingAsync("AutoTrackSentFolderItems", "true", new Author("Ben"))).Version);
        Assert.Contains("There is no setting", (await cluster.Client.SetSettingAsync("NoSuch", "true", new Author("Ana"))).Problem, StringComparison.Ordinal);
        Assert.Contains("true or false", (await cluster.Client.SetSettingAsync("AutoTrackSentFolderItems", "2", new Author("Ana"))).Problem, StringComparison.Ordinal);
        Assert.Contains("Say who", (await cluster.Client.SetSettingAsync("AutoTrackSentFolderItems", "false", new Author(""))).Problem, StringComparison.Ordinal);
        Assert.Equal("Ana", Assert.Single(await cluster.Client.ReadSettingsHistoryAsync()).ChangedBy);
    }
}
