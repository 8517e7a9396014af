using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tests.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>How far a folder was read never passes a message that was not dealt with, and always goes on.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class WatermarkTests
{
    // twentyhq/twenty#24826.
    [Fact]
    public async Task A_change_that_was_read_passes_no_message_that_was_not_read_yet()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        var ana = await cluster.CreateAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.DeliverAsync("INBOX", Mail("one@x"));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        var before = (await cluster.FolderAsync(ana)).Mark!;
        await ana.DeliverAsync("INBOX", Mail("two@x"));
        wire.Before("UID SEARCH", () =>
        {
            wire.Cut();
            return Task.CompletedTask;
        });
        Assert.Equal(MailboxState.Retrying, (await cluster.Of(ana).LookAsync()).State);
        var cut = (await cluster.FolderAsync(ana)).Mark!;
        Assert.True(cut.Change > before.Change);
        Assert.Equal(before.Next, cut.Next);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("two@x");
    }

    // twentyhq/twenty#25817.
    [Fact]
    public async Task A_page_of_which_nothing_is_wanted_is_passed()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        var ana = await cluster.CreateAsync(FilterMethod.Replies);
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 5).Select(i => Mail($"unwanted{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Equal(6u, (await cluster.FolderAsync(ana)).Mark!.Next);
        await cluster.Cluster.CreateMailboxAsync("ben@contoso.com");
        await cluster.Cluster.DeliverAsync("ben@contoso.com", Mail("first@x"));
        await ana.DeliverAsync("INBOX", Mail("answer@x", headers: "In-Reply-To: <first@x>\r\n"));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("answer@x");
    }

    // twentyhq/twenty#24034.
    [Fact]
    public async Task A_first_read_that_is_interrupted_shows_how_far_it_came_and_goes_on_there()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        var ana = await cluster.CreateAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 9).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        var pages = 0;
        wire.BeforeEach = sent =>
        {
            if (sent.Contains("UID SEARCH", StringComparison.Ordinal) && ++pages > 2)
            {
                wire.Cut();
            }

            return Task.CompletedTask;
        };
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ConnectAsync(ana, profile: wire.Of));
        Assert.Equal(5u, (await cluster.FolderAsync(ana)).Mark!.Next);
        Assert.Equal(4, (await cluster.TrackedAsync()).Count);
        var asked = wire.Commands.Length;
        wire.BeforeEach = _ => Task.CompletedTask;
        await cluster.LookAsync(ana);
        Assert.Equal(9, (await cluster.TrackedAsync()).Count);
        Assert.All(
            wire.Commands.Skip(asked).Where(command => command.Contains("UID SEARCH", StringComparison.Ordinal)),
            command => Assert.DoesNotContain("UID 1:", command, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_page_is_decided_the_next_one_is_read_and_none_behind_it()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            SyncCluster.Patient(services);
            PassingTrackingStore.Place(services, store => new WaitingStore(store, second.Task));
        });
        var ana = await cluster.CreateAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 7).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        var (pages, read) = (0, new List<long>());
        wire.BeforeEach = async sent =>
        {
            if (sent.Contains("UID SEARCH", StringComparison.Ordinal) && ++pages > 1)
            {
                second.TrySetResult();
                read.Add(await cluster.Cluster.CountAsync("select count(*) from mailbox_item"));
            }
        };
        await cluster.ConnectAsync(ana, profile: wire.Of);
        Assert.Equal(7, (await cluster.TrackedAsync()).Count);
        Assert.Equal([0, 2, 4], read);
    }

    // espocrm/espocrm#3654.
    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task A_mailbox_that_another_program_empties_is_read_on()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 3).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(ana);
        foreach (var (number, _, _) in await ana.LookAsync("INBOX"))
        {
            await ana.DeleteAsync("INBOX", number);
        }

        await ana.ChangeValidityAsync("INBOX", 4_000_000_000);
        await ana.DeliverAsync("INBOX", Mail("new@x"));
        await cluster.LookAsync(ana);
        Assert.Equal(4, (await cluster.TrackedAsync()).Count);
    }

    // The same with a server that begins to count again and says so by nothing but its next number.
    [Fact]
    public async Task A_server_that_counts_from_one_again_is_told_and_passes_no_mail_for_it()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        await using var server = new ReplayServer();
        server.FolderCodes.Add("[UIDNEXT 3]");
        server.Messages[1] = new ReplayServer.ReplayMessage(Mail("one@x"));
        server.Messages[2] = new ReplayServer.ReplayMessage(Mail("two@x", "Second"));
        var mailbox = await cluster.ConnectAsync(server);
        server.Messages.Clear();
        server.Messages[1] = new ReplayServer.ReplayMessage(Mail("three@x", "Third"));
        server.FolderCodes[1] = "[UIDNEXT 2]";
        var told = await mailbox.LookAsync();
        Assert.Equal(MailboxState.Retrying, told.State);
        Assert.Contains("UIDVALIDITY", told.NextStep, StringComparison.Ordinal);
        server.FolderCodes[0] = "[UIDVALIDITY 2]";
        Assert.Equal(MailboxState.Healthy, (await mailbox.LookAsync()).State);
        Assert.Equal(3, (await cluster.TrackedAsync()).Count);
    }

    // freescout-helpdesk/freescout#4624.
    [Fact]
    public async Task Mail_that_is_read_or_deleted_while_its_folder_is_paged_hides_none_behind_it()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        var ana = await cluster.CreateAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(1, 7).Select(i => Mail($"m{i}@x", $"Subject {i}")));

        // The third page is asked for when the first was dealt with: then its mail goes.
        var pages = 0;
        wire.BeforeEach = async sent =>
        {
            if (sent.Contains("UID SEARCH", StringComparison.Ordinal) && ++pages == 3)
            {
                await ana.DeleteAsync("INBOX", 1);
                await ana.DeleteAsync("INBOX", 2);
                await ana.ReadAsync("INBOX", 3);
                await ana.ReadAsync("INBOX", 5);
            }
        };
        await cluster.ConnectAsync(ana, profile: wire.Of);
        Assert.Equal(7, (await cluster.TrackedAsync()).Count);
    }

    [Fact]
    public async Task A_queue_that_deletes_what_it_has_processed_misses_nothing_while_its_folder_shrinks()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: SyncCluster.Patient);
        var queue = await cluster.CreateAsync(isQueue: true);
        await queue.DeliverManyAsync("INBOX", Enumerable.Range(1, 7).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(queue, connection => connection with { DeletesProcessed = true });
        Assert.Equal(7, (await cluster.TrackedAsync()).Count);
        Assert.Empty(await queue.LookAsync("INBOX"));
    }

    // frappe/frappe#42094.
    [Fact]
    public async Task How_far_one_folder_was_read_says_nothing_of_another()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Deals");
        await cluster.AddRuleAsync(ana, "Inbox/Deals");
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 5).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(ana);
        Assert.Equal(1u, await ana.DeliverAsync("INBOX/Deals", Mail("first@x")));
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("first@x");
        Assert.Equal((6u, 2u), ((await cluster.FolderAsync(ana)).Mark!.Next, (await cluster.FolderAsync(ana, "Inbox/Deals")).Mark!.Next));
    }

    // margince#3517.
    [Fact]
    public async Task A_first_read_that_fails_for_weeks_leaves_no_gap_and_says_since_when_it_fails()
    {
        await using var server = await DovecotServer.StartAsync();
        await using var cluster = await SyncCluster.StartAsync(configure: services =>
        {
            SyncCluster.Patient(services);
            services.Configure<SyncOptions>(options => options.PageMax = 256);
        });
        var ana = server.CreateUser();
        await cluster.Cluster.CreateMailboxAsync(ana.Address);
        foreach (var days in new[] { 40, 20, 1 })
        {
            await ana.DeliverAsync("INBOX", Mail($"days{days}@x", $"Subject {days}"), DateTimeOffset.UtcNow.AddDays(-days));
        }

        await server.StopAsync();
        var starts = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-30));
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ConnectAsync(ana, connection => connection with { StartsOn = starts }));
        await cluster.Of(ana).LookAsync();
        var failing = (await cluster.Of(ana).LookAsync())!;
        Assert.Equal((MailboxState.Retrying, null), (failing.State, failing.LastReadOn));
        Assert.Equal(failing.Problem, Assert.Single(await cluster.AlertsAsync()).Cause);
        await server.StartAsync();
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("days20@x");
        await cluster.TrackedAsync("days1@x");
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
        Assert.Empty(await cluster.AlertsAsync());
    }

    /// <summary>Decides nothing before something has happened.</summary>
    private sealed class WaitingStore(ITrackingStore store, Task happened) : PassingTrackingStore(store)
    {
        public override async Task<TrackingSnapshot> ReadFactsAsync(
            string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
        {
            await happened.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            return await base.ReadFactsAsync(organization, sightings, cancellationToken);
        }
    }
}
