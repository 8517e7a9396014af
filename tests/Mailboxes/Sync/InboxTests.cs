using EmailTracking.Erasing;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What lies in the Inbox is decided once, whoever reads, flags or moves it.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class InboxTests
{
    [Fact]
    public async Task Mail_is_tracked_once_in_all_mailboxes_that_have_it_and_other_mail_is_read_by_its_headers_alone()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var (ana, ben) = (await cluster.CreateAsync(), await cluster.CreateAsync(FilterMethod.None));
        await ana.DeliverAsync("INBOX", Mail("first@x"));
        await ben.DeliverAsync("INBOX", Mail("first@x"));
        await ben.DeliverAsync("INBOX", Mail("private@x", body: new string('p', 5_000) + "\r\n"));
        await cluster.ConnectAsync(ana);
        await cluster.ConnectAsync(ben);
        var row = await cluster.TrackedAsync("first@x");
        Assert.Equal(2, row.Mailboxes.Length);
        Assert.Single(await cluster.TrackedAsync());
        Assert.Equal(1, await cluster.Cluster.CountAsync("select count(*) from content"));
        Assert.Equal([new("Inbox", 2, 2, 1, SyncCluster.Because(ReasonCode.FilterNone), 0)], await cluster.AuditAsync(ben), SyncCluster.SameFolder);
    }

    [Fact]
    public async Task Mail_that_comes_later_is_pushed_and_read_without_being_asked()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await cluster.ConnectAsync(ana);
        await ana.DeliverAsync("INBOX", Mail("pushed@x"));
        await SyncCluster.UntilAsync(async () => (await cluster.TrackedAsync()).Count == 1);
    }

    [Fact]
    public async Task To_read_or_flag_mail_elsewhere_changes_nothing()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        Assert.False(Assert.Single(await ana.LookAsync("INBOX")).IsRead);
        await ana.ReadAsync("INBOX", number);
        await ana.LabelAsync("INBOX", number, ["Blue"]);
        await cluster.LookAsync(ana);
        Assert.Single(await cluster.TrackedAsync());
        var (_, isRead, labels) = Assert.Single(await ana.LookAsync("INBOX"));
        Assert.True(isRead);
        Assert.Equal(["Blue"], labels);
    }

    [Fact]
    public async Task Mail_from_before_the_start_date_is_left_and_comes_with_a_back_fill()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("old@x"), new DateTimeOffset(2020, 5, 1, 12, 0, 0, TimeSpan.Zero));
        await ana.DeliverAsync("INBOX", Mail("new@x"), new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        await cluster.TrackedAsync("new@x");
        var old = Assert.Single(await cluster.AuditAsync(ana));
        Assert.Equal((2, 1), (old.Observed, old.Decided));
        var filled = await cluster.Of(ana).CompareAsync(new ComparisonRequest(new DateOnly(2019, 1, 1), IsBackfill: true, DecideMax: 100));
        Assert.Equal((0, 1), (filled.Missing, Assert.Single(filled.Folders).DecidedNow));
        await cluster.TrackedAsync("old@x");
        Assert.Equal(0, Assert.Single((await cluster.Of(ana).CompareAsync(
            new ComparisonRequest(new DateOnly(2019, 1, 1), IsBackfill: true, DecideMax: 100))).Folders).DecidedNow);
    }

    [DovecotFact("Cyrus takes no mail whose headers are broken.")]
    public async Task Mail_that_cannot_be_decided_does_not_keep_a_back_fill_from_the_mail_behind_it()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: services => services.Configure<SyncOptions>(options => options.MessageBytesMax = 20_000));
        var ana = await cluster.CreateAsync();
        var before = new DateTimeOffset(2020, 5, 1, 12, 0, 0, TimeSpan.Zero);
        await ana.DeliverAsync("INBOX", "no header at all\r\n\r\n\r\n", before);
        await ana.DeliverAsync("INBOX", Mail("large@x", body: new string('l', 100_000) + "\r\n"), before);
        await ana.DeliverAsync("INBOX", Mail("old@x"), before);
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        var request = new ComparisonRequest(new DateOnly(2019, 1, 1), IsBackfill: true, DecideMax: 2);
        var first = Assert.Single((await cluster.Of(ana).CompareAsync(request)).Folders);
        var second = Assert.Single((await cluster.Of(ana).CompareAsync(request with { After = request.After.Add(first.Folder, first.Last) })).Folders);
        Assert.Equal((0, 2, 1, 1), (first.DecidedNow, first.TriedNow, second.DecidedNow, second.TriedNow));
        await cluster.TrackedAsync("old@x");
        var letters = await cluster.Cluster.Client.ReadDeadLettersAsync(10);
        Assert.Equal(2, letters.Length);
        Assert.All(letters, letter => Assert.Equal((before, true), (letter.ReceivedOn, letter.IsBackfill)));
    }

    [Fact]
    public async Task Old_mail_that_is_moved_into_the_Inbox_later_is_left_and_into_a_tracked_folder_is_tracked()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Plain");
        await cluster.AddRuleAsync(ana, "Inbox/Plain");
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        var before = new DateTimeOffset(2020, 5, 1, 12, 0, 0, TimeSpan.Zero);
        await ana.DeliverAsync("INBOX", Mail("back@x"), before);
        await ana.DeliverAsync("INBOX/Plain", Mail("filed@x"), before);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("filed@x");
        Assert.Single(await cluster.TrackedAsync());
    }

    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task A_folder_that_is_numbered_anew_is_read_again_and_doubles_nothing()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverManyAsync("INBOX", Enumerable.Range(0, 10).Select(i => Mail($"m{i}@x", $"Subject {i}")));
        await cluster.ConnectAsync(ana);
        Assert.Equal(10, (await cluster.TrackedAsync()).Count);
        await ana.ChangeValidityAsync("INBOX", 4_000_000_000);
        await ana.DeliverAsync("INBOX", Mail("m10@x", "Subject 10"));
        await cluster.LookAsync(ana);
        Assert.Equal(11, (await cluster.TrackedAsync()).Count);
        Assert.Equal((11, 11), (Assert.Single(await cluster.AuditAsync(ana)).Observed, Assert.Single(await cluster.AuditAsync(ana)).Decided));
    }

    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task A_folder_that_is_numbered_anew_is_read_back_to_the_start_date_and_its_audit_is_clean()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("old@x"), new DateTimeOffset(2025, 12, 31, 12, 0, 0, TimeSpan.Zero));
        await ana.DeliverAsync("INBOX", Mail("new@x"), new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        await cluster.ConnectAsync(ana, connection => connection with { StartsOn = new DateOnly(2026, 1, 1) });
        await ana.ChangeValidityAsync("INBOX", 4_000_000_000);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("new@x");
        Assert.Single(await cluster.TrackedAsync());
        var audit = await cluster.Of(ana).CompareAsync(new ComparisonRequest(new DateOnly(2026, 1, 1), IsBackfill: false, DecideMax: 100));
        var inbox = Assert.Single(audit.Folders);
        Assert.Equal((0, 1, 1), (audit.Missing, inbox.Observed, inbox.Decided));
    }

    [DovecotFact("Cyrus has no command that numbers a folder anew.")]
    public async Task Erased_mail_stays_away_when_its_folder_is_numbered_anew_and_when_old_mail_is_read()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("m@x");
        await cluster.Cluster.Client.EraseAsync(new ErasureCall(Guid.NewGuid(), "ana@fabrikam.com", "test", null));

        // It is answered when it is settled what goes, and goes then.
        await SyncCluster.UntilAsync(async () => (await cluster.TrackedAsync()).Count == 0);
        await cluster.Cluster.DrainAsync();

        await ana.ChangeValidityAsync("INBOX", 4_000_000_000);
        await cluster.LookAsync(ana);
        await cluster.Of(ana).CompareAsync(new ComparisonRequest(new DateOnly(2000, 1, 1), IsBackfill: true, DecideMax: 100));
        await cluster.Cluster.DrainAsync();
        Assert.Empty(await cluster.TrackedAsync());
        Assert.Equal(0, await cluster.Cluster.CountAsync("select count(*) from content"));
    }

    [Fact]
    public async Task The_body_of_mail_that_is_not_tracked_never_leaves_its_server()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await using var wire = new Wire(cluster.Server.PlainPort);
        var ana = await cluster.CreateAsync(FilterMethod.Replies);
        await ana.DeliverAsync("INBOX", Mail("private@x", body: "kingfisher\r\n"));
        await ana.DeliverAsync("INBOX", Mail("answer@x", headers: "In-Reply-To: <first@x>\r\n", body: "heron\r\n"));
        await cluster.ConnectAsync(ana, profile: wire.Of);
        Assert.Empty(await cluster.TrackedAsync());
        Assert.DoesNotContain("heron", wire.Answered, StringComparison.Ordinal);

        var ben = await cluster.CreateAsync();
        await ben.DeliverAsync("INBOX", Mail("first@x"));
        await cluster.ConnectAsync(ben, profile: wire.Of);
        await cluster.LookAsync(ana);
        await cluster.TrackedAsync("answer@x");
        await cluster.AuditAsync(ana);
        Assert.Contains("heron", wire.Answered, StringComparison.Ordinal);
        Assert.DoesNotContain("kingfisher", wire.Answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sent_answer_is_tracked_with_the_conversation_that_it_answers_and_no_other_sent_mail_is()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("AutoTrackSentFolderItems", "true");
        var (ana, ben) = (await cluster.CreateAsync(FilterMethod.Replies), await cluster.CreateAsync());
        await ben.DeliverAsync("INBOX", Mail("first@x"));
        await cluster.ConnectAsync(ben);
        await ana.DeliverAsync("Sent", Mail("answer@x", headers: "In-Reply-To: <first@x>\r\n"));
        await ana.DeliverAsync("Sent", Mail("private@x", "Dinner"));
        await cluster.ConnectAsync(ana);
        var answer = (await cluster.TrackedAsync("answer@x")).Activity!;
        Assert.True(answer.State.IsOutgoing);
        Assert.Equal((await cluster.TrackedAsync("first@x")).Activity!.State.ConversationId, answer.State.ConversationId);
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
    }

    [DovecotFact("Cyrus takes no mail whose headers are broken.")]
    public async Task Mail_that_cannot_be_read_is_a_dead_letter_and_does_not_stop_the_next()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", "no header at all\r\n\r\n\r\n");
        await ana.DeliverAsync("INBOX", Mail("next@x"));
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("next@x");
        var letter = Assert.Single(await cluster.Cluster.Client.ReadDeadLettersAsync(10));
        Assert.Equal("Inbox", letter.Place.Folder);
    }

    [Fact]
    public async Task Mail_that_is_larger_than_is_read_is_a_dead_letter_and_does_not_stop_the_next()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: services => services.Configure<SyncOptions>(options => options.MessageBytesMax = 20_000));
        var ana = await cluster.CreateAsync();
        await ana.DeliverAsync("INBOX", Mail("large@x", body: new string('l', 100_000) + "\r\n"));
        await ana.DeliverAsync("INBOX", Mail("next@x"));
        await cluster.ConnectAsync(ana);
        await cluster.TrackedAsync("next@x");
        Assert.Equal("fetch", Assert.Single(await cluster.Cluster.Client.ReadDeadLettersAsync(10)).Step);
    }

    [Fact]
    public async Task Mail_that_is_larger_than_its_server_announces_is_a_dead_letter_and_does_not_stop_the_next()
    {
        await using var cluster = await SyncCluster.StartAsync(configure: services => services.Configure<SyncOptions>(
            options => (options.MessageBytesMax, options.BatchBytes) = (20_000, 10_000)));
        await using var server = new ReplayServer();
        server.Messages[1] = new ReplayServer.ReplayMessage(Mail("large@x", body: new string('l', 100_000) + "\r\n"), size: 1_000);
        server.Messages[2] = new ReplayServer.ReplayMessage(Mail("next@x", "Next"));
        await cluster.ConnectAsync(server);
        await cluster.TrackedAsync("next@x");
        var letter = Assert.Single(await cluster.Cluster.Client.ReadDeadLettersAsync(10));
        Assert.Equal(("fetch", "Inbox"), (letter.Step, letter.Place.Folder));
    }

    [Fact]
    public async Task A_queue_that_deletes_what_it_has_processed_deletes_what_is_tracked_and_nothing_else()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var queue = await cluster.CreateAsync(FilterMethod.Replies, isQueue: true);
        var other = await cluster.CreateAsync();
        await other.DeliverAsync("INBOX", Mail("first@x"));
        await cluster.ConnectAsync(other);
        await queue.DeliverAsync("INBOX", Mail("answer@x", headers: "In-Reply-To: <first@x>\r\n"));
        var kept = await queue.DeliverAsync("INBOX", Mail("noise@x"));
        await cluster.ConnectAsync(queue, connection => connection with { DeletesProcessed = true });
        await cluster.TrackedAsync("answer@x");
        Assert.Equal(kept, Assert.Single(await queue.LookAsync("INBOX")).Number);
    }

    [Fact]
    public async Task Sent_mail_is_read_when_it_is_wanted_and_is_one_email_with_the_received_copy()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var (ana, ben) = (await cluster.CreateAsync(), await cluster.CreateAsync());
        var mail = Mail("sent@x").Replace("ana@fabrikam.com", ana.Address, StringComparison.Ordinal);
        await ana.DeliverAsync("Sent", mail);
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await cluster.SetAsync("AutoTrackSentFolderItems", "true");
        await ben.DeliverAsync("INBOX", mail);
        await cluster.ConnectAsync(ben);
        await cluster.LookAsync(ana);
        Assert.Equal(2, (await cluster.TrackedAsync("sent@x")).Mailboxes.Length);
        Assert.Single(await cluster.TrackedAsync());
    }

    [Fact]
    public async Task An_answer_that_came_before_what_it_answers_is_read_whole_once_that_is_tracked()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var (ana, ben) = (await cluster.CreateAsync(FilterMethod.Replies), await cluster.CreateAsync());
        await ana.DeliverAsync("INBOX", Mail("answer@x", headers: "In-Reply-To: <first@x>\r\n"));
        await cluster.ConnectAsync(ana);
        Assert.Empty(await cluster.TrackedAsync());
        await ben.DeliverAsync("INBOX", Mail("first@x"));
        await cluster.ConnectAsync(ben);
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
        Assert.Equal(2, await cluster.Cluster.CountAsync("select count(*) from content"));
    }

    [Fact]
    public async Task A_mailbox_whose_server_does_not_answer_keeps_no_other_from_what_is_to_be_decided_again()
    {
        var (obstacles, open) = (new Obstacles(), new TaskCompletionSource());
        await using var cluster = await SyncCluster.StartAsync(configure: obstacles.Place);
        var (ana, ben, cleo) = (await cluster.CreateAsync(FilterMethod.Replies), await cluster.CreateAsync(FilterMethod.Replies), await cluster.CreateAsync());
        await ana.DeliverAsync("INBOX", Mail("answer1@x", headers: "In-Reply-To: <first@x>\r\n"));
        await ben.DeliverAsync("INBOX", Mail("answer2@x", headers: "In-Reply-To: <second@x>\r\n"));
        await cluster.ConnectAsync(ana);
        await cluster.ConnectAsync(ben);
        await cluster.ConnectAsync(cleo);
        var reached = new TaskCompletionSource();
        obstacles.Opening = user =>
        {
            if (user != ana.Login.UserName)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return open.Task;
        };
        await cleo.DeliverAsync("INBOX", Mail("first@x"));
        await cluster.Of(cleo).LookAsync();
        await reached.Task;
        await cleo.DeliverAsync("INBOX", Mail("second@x"));
        await cluster.Of(cleo).LookAsync();
        await SyncCluster.UntilAsync(async () => (await cluster.TrackedAsync()).Exists(row => row.Activity!.MessageId == "answer2@x"));
        Assert.Equal(3, (await cluster.TrackedAsync()).Count);
        open.SetResult();
        await cluster.Cluster.DrainAsync();
        await cluster.TrackedAsync("answer1@x");
    }
}
