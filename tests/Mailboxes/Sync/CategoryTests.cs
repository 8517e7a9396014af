using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tests.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>The label <c>$Tracked</c> stands for the category: people set and remove it, and we write what the email is.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class CategoryTests
{
    private static readonly string[] None = [];
    private static readonly string[] Tracked = [Labels.Tracked];

    [Fact]
    public async Task To_set_the_label_tracks_and_to_remove_it_untracks()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        Assert.Equal(ReasonCode.TrackedByHand, (await cluster.TrackedAsync("m@x")).Reason);
        await ana.LabelAsync("INBOX", number, None, Labels.Tracked);
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Equal(3, (await cluster.ActsAsync()).Length);
    }

    [Fact]
    public async Task What_is_tracked_by_itself_gets_the_label_in_all_mailboxes_and_our_label_is_nobodys_act()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var (ana, ben) = (await cluster.CreateAsync(), await cluster.CreateAsync(FilterMethod.None));
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        var copy = await ben.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.ConnectAsync(ben);
        await cluster.LookAsync(ana, ben, ana, ben);
        Assert.Equal(Tracked, Assert.Single(await ana.LookAsync("INBOX")).Labels);
        Assert.Equal(Tracked, Assert.Single(await ben.LookAsync("INBOX")).Labels);
        Assert.Empty(await cluster.ActsAsync());
        await ben.LabelAsync("INBOX", copy, None, Labels.Tracked);
        await cluster.LookAsync(ben, ana);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Empty(Assert.Single(await ana.LookAsync("INBOX")).Labels);
        await cluster.LookAsync(ana, ben);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Single(await cluster.ActsAsync());

        // A copy that comes to a mailbox that takes all mail is no reason either.
        var cleo = await cluster.CreateAsync();
        await cleo.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(cleo);
        await cluster.LookAsync(cleo, ana, ben);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Empty(Assert.Single(await cleo.LookAsync("INBOX")).Labels);

        // Of two people who disagree the later is followed.
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana, ben);
        await cluster.TrackedAsync("m@x");
        Assert.Equal(Tracked, Assert.Single(await ben.LookAsync("INBOX")).Labels);
    }

    [Fact]
    public async Task Copies_in_other_mailboxes_are_labelled_at_once_by_what_somebody_does()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var (ana, ben) = (await cluster.CreateAsync(FilterMethod.None), await cluster.CreateAsync(FilterMethod.None));
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await ben.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.ConnectAsync(ben);
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        Assert.Equal(Tracked, Assert.Single(await ben.LookAsync("INBOX")).Labels);
        await ana.LabelAsync("INBOX", number, None, Labels.Tracked);
        await cluster.LookAsync(ana);
        Assert.Empty(Assert.Single(await ben.LookAsync("INBOX")).Labels);
        var email = Assert.Single(await cluster.Cluster.ExportAsync());
        var events = await cluster.Service<IOutbox>().ReadEventsAsync(
            GrainKeys.DefaultOrganization, email.Activity!.State.ConversationId, 0, 10);
        Assert.Equal([(1L, EmailEventKind.Tracked), (2L, EmailEventKind.Untracked)], events.Select(one => (one.Number, one.Event.Kind)));
    }

    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task A_label_that_goes_along_with_a_move_or_a_new_numbering_is_nobodys_act()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Plain");
        await cluster.AddRuleAsync(ana, "Inbox/Plain");
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await ana.DeliverAsync("INBOX", Mail("n@x"));
        await cluster.ConnectAsync(ana);
        await ana.MoveAsync("INBOX", number, "INBOX/Plain");
        await cluster.LookAsync(ana);
        await ana.ChangeValidityAsync("INBOX", 4_000_000_000);
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.ActsAsync());
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
        Assert.Equal(Tracked, Assert.Single(await ana.LookAsync("INBOX/Plain")).Labels);
    }

    [Fact]
    public async Task Labels_mean_nothing_until_the_organization_switches_them_on()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"), null, Labels.Tracked);
        await cluster.ConnectAsync(ana);
        await cluster.SetAsync("TrackCategorizedItems", "true");
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.ActsAsync());
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Empty(Assert.Single(await ana.LookAsync("INBOX")).Labels);
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
    }

    [Fact]
    public async Task Switched_off_again_labels_mean_nothing_and_stay_where_they_are()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var (ana, ben) = (await cluster.CreateAsync(), await cluster.CreateAsync(FilterMethod.None));
        var (number, other) = (await ana.DeliverAsync("INBOX", Mail("m@x")), await ana.DeliverAsync("INBOX", Mail("n@x")));
        var untracked = await ben.DeliverAsync("INBOX", Mail("o@x"));
        await cluster.ConnectAsync(ana);
        await cluster.ConnectAsync(ben);
        Assert.All(await ana.LookAsync("INBOX"), message => Assert.Equal(Tracked, message.Labels));
        await cluster.SetAsync("TrackCategorizedItems", "false");
        await ana.LabelAsync("INBOX", number, None, Labels.Tracked);
        await ben.LabelAsync("INBOX", untracked, Tracked);
        await ana.DeliverAsync("INBOX", Mail("p@x"));
        await cluster.LookAsync(ana, ben);
        Assert.Empty(await cluster.ActsAsync());
        Assert.Equal(["m@x", "n@x", "p@x"], (await cluster.TrackedAsync()).Select(row => row.Activity!.MessageId!).Order(StringComparer.Ordinal));
        Assert.Equal([other], (await ana.LookAsync("INBOX")).Where(message => message.Labels.Length > 0).Select(message => message.Number));
        Assert.Equal(Tracked, Assert.Single(await ben.LookAsync("INBOX")).Labels);
    }

    [Fact]
    public async Task A_label_that_was_acted_on_before_a_crash_is_one_act()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Impatient);
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.ExecuteAsync(
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not written down'; end $$;
            create trigger refuse before update on mailbox_item for each row execute function refuse();
            """);
        await ana.LabelAsync("INBOX", number, Tracked);
        await SyncCluster.UntilAsync(async () => (await cluster.Of(ana).ReadStatusAsync())!.Health.Failures > 2);
        await cluster.ExecuteAsync("drop trigger refuse on mailbox_item");
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Single(await cluster.ActsAsync());
    }

    [Fact]
    public async Task What_cannot_be_tracked_is_tried_in_five_rounds_then_labelled_and_told_until_it_can_be()
    {
        var (obstacles, refusals) = (new Obstacles(), new Refusals());
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            obstacles.Place(services);
            PassingTrackingStore.Place(services, store => new RefusingStore(store, refusals));
            services.Configure<SyncOptions>(options => options.LabelRetryMin = TimeSpan.Zero);
        });
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        obstacles.Before = (question, _) => refusals.Round += question == nameof(IMailSession.ListFoldersAsync) ? 1 : 0;
        refusals.IsOn = true;
        await ana.LabelAsync("INBOX", number, Tracked);
        for (var look = 0; look < 5; look++)
        {
            await cluster.LookAsync(ana);
        }

        Assert.Equal(5, refusals.Rounds.Count);
        Assert.Equal(5, refusals.Rounds.Distinct().Count());
        Assert.Equal([Labels.Undeliverable], Assert.Single(await ana.LookAsync("INBOX")).Labels);
        Assert.Contains("cannot be tracked", Assert.Single(await cluster.AlertsAsync()).Cause, StringComparison.Ordinal);
        await cluster.LookAsync(ana);
        Assert.Equal(5, refusals.Rounds.Count);

        refusals.IsOn = false;
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("m@x");
        Assert.Equal(Tracked, Assert.Single(await ana.LookAsync("INBOX")).Labels);
        Assert.Empty(await cluster.AlertsAsync());
        Assert.Single(await cluster.ActsAsync());
    }

    [Fact]
    public async Task A_label_of_a_message_that_is_gone_is_tried_as_often_and_is_nobodys_trouble()
    {
        var refusals = new Refusals();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            PassingTrackingStore.Place(services, store => new RefusingStore(store, refusals));
            services.Configure<SyncOptions>(options => options.LabelRetryMin = TimeSpan.Zero);
        });
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync(FilterMethod.None);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        refusals.IsOn = true;
        await ana.LabelAsync("INBOX", number, Tracked);
        await cluster.LookAsync(ana);
        await ana.DeleteAsync("INBOX", number);
        for (var look = 0; look < 6; look++)
        {
            await cluster.LookAsync(ana);
        }

        Assert.Equal(5, refusals.Rounds.Count);
        Assert.Empty(await cluster.AlertsAsync());
    }

    [Fact]
    public async Task All_labels_are_written_in_one_round_and_a_folder_that_takes_none_holds_up_no_other_and_is_told()
    {
        var obstacles = new Obstacles();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            obstacles.Place(services);
            services.Configure<SyncOptions>(options => options.PageMax = 1);
        });
        await cluster.SetAsync("TrackCategorizedItems", "true");
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        var deals = await ana.DeliverAsync("INBOX/Deals", Mail("deal@x"));
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 3).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        obstacles.Before = (question, folder) =>
        {
            if (question == nameof(IMailSession.LabelAsync) && folder!.Name == "Inbox/Deals")
            {
                throw new MailServerException(ServerProblemKind.Configuration, "It takes no labels.", "Allow them.");
            }
        };
        await cluster.ConnectAsync(ana);
        Assert.All(await ana.LookAsync("INBOX"), message => Assert.Equal(Tracked, message.Labels));
        Assert.Contains("It takes no labels.", Assert.Single(await cluster.AlertsAsync()).Cause, StringComparison.Ordinal);

        // Nothing is to be labelled there any more.
        await ana.DeleteAsync("INBOX/Deals", deals);
        await cluster.LookAsync(ana);
        Assert.Empty(await cluster.AlertsAsync());
    }

    /// <summary>Whether acts are refused, and in which rounds they were.</summary>
    private sealed class Refusals
    {
        public bool IsOn { get; set; }

        public int Round { get; set; }

        public List<int> Rounds { get; } = [];
    }

    private sealed class RefusingStore(ITrackingStore store, Refusals refusals) : PassingTrackingStore(store)
    {
        public override Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
        {
            if (!refusals.IsOn || change.Acts.IsEmpty)
            {
                return base.CommitAsync(change, cancellationToken);
            }

            refusals.Rounds.Add(refusals.Round);
            return Task.FromResult<CommitResult>(new CommitResult.Poison("Nobody may."));
        }
    }
}
