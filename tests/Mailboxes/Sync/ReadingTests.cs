using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What is read of a folder does not hang on where a round ended, and a folder that cannot be read is told.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class ReadingTests
{
    private static readonly DateTimeOffset Before = new(2020, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset After = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Old_mail_of_a_folder_that_gets_a_rule_is_left_also_when_its_first_read_is_interrupted()
    {
        var obstacles = new Obstacles();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            obstacles.Place(services);
            SyncCluster.Impatient(services);
            services.Configure<SyncOptions>(options => options.PageMax = 1);
        });
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        await ana.DeliverAsync("INBOX/Deals", Mail("new@x"), After);
        await ana.DeliverAsync("INBOX/Deals", Mail("old@x"), Before);
        await ana.DeliverAsync("INBOX/Deals", Mail("last@x"), After);
        var pages = 0;
        obstacles.Before = (question, folder) =>
        {
            if (question == nameof(IMailSession.ReadArrivalsAsync) && folder!.Name == "Inbox/Deals" && ++pages == 2)
            {
                throw new MailServerException(ServerProblemKind.Connection, "It broke off.", "Nothing.");
            }
        };
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await SyncCluster.UntilAsync(async () => pages >= 3 && (await cluster.TrackedAsync()).Count == 2);
        await ana.DeliverAsync("INBOX/Deals", Mail("filed@x"), Before);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("filed@x");
        Assert.DoesNotContain(await cluster.TrackedAsync(), row => row.Activity!.MessageId == "old@x");
    }

    [Fact]
    public async Task Old_mail_that_comes_into_a_folder_while_it_is_first_read_was_put_there()
    {
        var obstacles = new Obstacles();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            obstacles.Place(services);
            services.Configure<SyncOptions>(options => options.PageMax = 1);
        });
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await ana.DeliverAsync("INBOX/Deals", Mail("new@x"), After);
        await ana.DeliverAsync("INBOX/Deals", Mail("last@x"), After);
        var pages = 0;
        obstacles.Before = (question, folder) =>
        {
            if (question == nameof(IMailSession.ReadArrivalsAsync) && folder!.Name == "Inbox/Deals" && ++pages == 2)
            {
                Task.Run(() => ana.DeliverAsync("INBOX/Deals", Mail("filed@x"), Before)).GetAwaiter().GetResult();
            }
        };
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        await cluster.TrackedAsync("filed@x");
        Assert.Equal(3, (await cluster.TrackedAsync()).Count);
    }

    [Fact]
    public async Task A_folder_that_is_listed_and_cannot_be_opened_is_told_until_it_can_be_and_holds_up_no_other()
    {
        var obstacles = new Obstacles();
        await using var cluster = await SyncCluster.StartAsync(configure: obstacles.Place);
        var ana = await cluster.CreateAsync(FilterMethod.None);
        await ana.CreateFolderAsync("INBOX/Closed");
        await ana.CreateFolderAsync("INBOX/Open");
        await cluster.AddRuleAsync(ana, "Inbox/Closed");
        await cluster.AddRuleAsync(ana, "Inbox/Open");
        await ana.DeliverAsync("INBOX/Closed", Mail("closed@x"));
        await ana.DeliverAsync("INBOX/Open", Mail("open@x"));
        obstacles.Before = (question, folder) =>
        {
            if (folder?.Name == "Inbox/Closed")
            {
                throw new MailServerException(ServerProblemKind.FolderGone, "It does not exist.", "Nothing.");
            }
        };
        await cluster.ConnectAsync(ana);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("open@x");
        var alert = Assert.Single(await cluster.AlertsAsync());
        Assert.Contains("Inbox/Closed", alert.Cause, StringComparison.Ordinal);
        obstacles.Before = (_, _) => { };
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("closed@x");
        Assert.Empty(await cluster.AlertsAsync());
    }
}
