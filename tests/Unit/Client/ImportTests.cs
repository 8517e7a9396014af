using System.Text;
using EmailTracking.Client.Importing;
using EmailTracking.Client.Readers;
using EmailTracking.Imports;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

public sealed class ImportTests : IDisposable
{
    private readonly FakeCluster _cluster = new();
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_import_ends_with_a_table_of_what_its_mails_came_to()
    {
        _cluster.Answer = (_, content) => Task.FromResult(Subject(content) switch
        {
            1 => FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll, isFirst: true),
            2 or 3 => FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll),
            4 => FakeCluster.Answered(Outcome.Skipped, ReasonCode.NoCorrelationMatch),
            5 => FakeCluster.Answered(Outcome.Skipped, ReasonCode.SentItemsOff),
            6 => FakeCluster.Answered(Outcome.Waiting, ReasonCode.WaitsForParent),
            _ => FakeCluster.Answered(Outcome.Failed, ReasonCode.NotMail, problem: "Export it as .eml."),
        });

        var ran = await ImportAsync(_folder.WriteMbox(7));

        Assert.Equal(2, ran.Code);
        Assert.Contains("seen 7 tracked 1 already tracked 2", ran.Words, StringComparison.Ordinal);
        Assert.Contains("skipped: the mailbox wants only answers to tracked mail, and this answers none 1", ran.Words, StringComparison.Ordinal);
        Assert.Contains("skipped: sent mail is not tracked here 1 waiting 1 deferred 0 failed 1", ran.Words, StringComparison.Ordinal);
        Assert.Contains("a.mbox#7 failed Export it as .eml.", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_is_created_and_the_summary_says_so()
    {
        var ran = await ImportAsync(_folder.WriteMbox(1), "--queue", "--filter", "1");

        Assert.Equal(0, ran.Code);
        Assert.Contains("Created mailbox ana@contoso.com (queue, filter 1: email messages in response to tracked email).", ran.Output, StringComparison.Ordinal);
        Assert.Equal((true, FilterMethod.Replies), (_cluster.Mailboxes.Values.Single().IsQueue, _cluster.Mailboxes.Values.Single().Filter));
    }

    [Fact]
    public async Task A_mailbox_that_exists_keeps_its_filter_and_the_summary_says_so()
    {
        var mailbox = new MailboxFacts(Rows.Address("ana@contoso.com"), null, false, FilterMethod.None, []);
        _cluster.Mailboxes[mailbox.Address] = mailbox;

        var ran = await ImportAsync(_folder.WriteMbox(1), "--filter", "0");

        Assert.Contains("--filter 0 was not applied", ran.Output, StringComparison.Ordinal);
        Assert.Equal(mailbox, _cluster.Mailboxes[mailbox.Address]);
    }

    [Fact]
    public async Task Files_without_mail_are_counted_as_failed_and_listed_and_the_others_are_delivered()
    {
        _folder.Write("in/1.eml", "From: ana@contoso.com\nSubject: 1\n\nText.\n");
        _folder.Write("in/2.bin", "\0\u0001\u0002 nothing\n");

        var ran = await ImportAsync(System.IO.Path.Combine(_folder.Path, "in"));

        Assert.Equal(2, ran.Code);
        Assert.Contains("seen 2 tracked 1", ran.Words, StringComparison.Ordinal);
        Assert.Contains("in/2.bin failed The file is neither an mbox nor an email.", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_was_cut_is_delivered_and_listed()
    {
        var path = _folder.Write("a.mbox", "From ana@contoso.com Mon Jan  5 10:00:00 2026\nFrom: ana@contoso.com\nSubject: 1\n\nTex");

        var ran = await ImportAsync(path);

        Assert.Equal(0, ran.Code);
        Assert.Single(_cluster.Delivered);
        Assert.Contains("a.mbox#1 incomplete Delivered as far as it goes.", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deferred_mail_is_asked_for_again_until_it_is_decided()
    {
        _cluster.Answer = (call, _) => Task.FromResult(call <= 4
            ? FakeCluster.Answered(Outcome.Deferred, ReasonCode.Contended)
            : FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll, isFirst: true));

        var ran = await ImportAsync(_folder.WriteMbox(2));

        Assert.Equal(0, ran.Code);
        Assert.Contains("tracked 2 already tracked 0 waiting 0 deferred 0", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_that_stays_deferred_is_told_by_the_exit_code()
    {
        _cluster.Answer = (_, _) => Task.FromResult(FakeCluster.Answered(Outcome.Deferred, ReasonCode.Contended));

        var ran = await ImportAsync(_folder.WriteMbox(2));

        Assert.Equal(2, ran.Code);
        Assert.Contains("deferred 2", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_mail_that_cannot_be_delivered_does_not_stop_those_behind_it()
    {
        _cluster.Answer = (_, content) => Subject(content) == 2
            ? throw new InvalidOperationException("It broke.")
            : Task.FromResult(FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll, isFirst: true));

        var ran = await ImportAsync(_folder.WriteMbox(3));

        Assert.Equal(2, ran.Code);
        Assert.Contains("tracked 2", ran.Words, StringComparison.Ordinal);
        Assert.Contains("a.mbox#2 failed It broke.", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_stopped_remembers_the_last_mail_before_the_first_gap()
    {
        using var stop = new CancellationTokenSource();
        _cluster.Answer = async (_, content) =>
        {
            if (Subject(content) == 5)
            {
                await stop.CancelAsync();
            }

            // The third never answers.
            return Subject(content) == 3
                ? throw new OperationCanceledException()
                : FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll, isFirst: true);
        };
        var path = _folder.WriteMbox(9);

        var stopped = await Shell.RunAsync((_, _) => Task.FromResult(_cluster.Client()), stop.Token, Args(path));

        Assert.Equal(130, stopped.Code);
        Assert.Equal(2, _cluster.Positions.Values.Single()!.Ordinal);
        Assert.Contains("give the same command again to go on", stopped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_goes_on_where_it_was_and_forgets_the_position_at_its_end()
    {
        var path = _folder.WriteMbox(5);
        await RememberAsync(path, 3);

        var ran = await ImportAsync(path);

        Assert.Equal([4, 5], _cluster.Delivered.Select(one => Subject(one.Content)).Order());
        Assert.Contains("Gone on with an interrupted import.", ran.Output, StringComparison.Ordinal);
        Assert.Null(Assert.Single(_cluster.Positions.Values));
    }

    [Fact]
    public async Task A_restart_begins_at_the_beginning()
    {
        var path = _folder.WriteMbox(5);
        await RememberAsync(path, 3);

        await ImportAsync(path, "--restart");

        Assert.Equal(5, _cluster.Delivered.Count);
    }

    [Fact]
    public async Task Other_contents_under_the_same_name_begin_at_the_beginning()
    {
        await RememberAsync(_folder.WriteMbox(5), 3);

        await ImportAsync(_folder.WriteMbox(6));

        Assert.Equal(6, _cluster.Delivered.Count);
    }

    [Fact]
    public async Task A_cluster_that_goes_away_stops_the_import_and_is_told_by_the_exit_code()
    {
        _cluster.Answer = (_, content) => Subject(content) == 2
            ? throw new TimeoutException()
            : Task.FromResult(FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll, isFirst: true));

        var ran = await ImportAsync(_folder.WriteMbox(3), "--in-flight", "1");

        Assert.Equal(75, ran.Code);
        Assert.Equal(1, _cluster.Positions.Values.Single()!.Ordinal);
        Assert.Contains("safe to send again", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_position_never_passes_a_mail_that_is_not_answered()
    {
        var sources = Enumerable.Range(1, 4).Select(number => new MailSource("a", number, number)).ToArray();
        var cursor = new ImportCursor(null);
        var steps = sources.Select(cursor.Begin).ToArray();

        cursor.Finish(steps[1]);
        cursor.Finish(steps[3]);
        Assert.Null(cursor.Position);

        cursor.Finish(steps[0]);
        Assert.Equal(sources[1], cursor.Position);

        cursor.Finish(steps[2]);
        Assert.Equal(sources[3], cursor.Position);
    }

    [Fact]
    public async Task What_is_larger_than_all_the_room_goes_alone()
    {
        var inFlight = new InFlight(countMax: 3, bytesMax: 10);
        await inFlight.EnterAsync(4, CancellationToken.None);
        var large = inFlight.EnterAsync(100, CancellationToken.None);
        Assert.False(large.IsCompleted);

        inFlight.Leave(4);

        await large;
        Assert.False(inFlight.EnterAsync(1, CancellationToken.None).IsCompleted);
    }

    private Task<Ran> ImportAsync(string path, params string[] options) => Shell.RunAsync(_cluster, [.. Args(path), .. options]);

    private static string[] Args(string path) => ["import", path, "--mailbox", "ana@contoso.com"];

    private Task RememberAsync(string path, long ordinal) => _cluster.Client().SaveImportPositionAsync(
        ImportName.Of(path, Rows.Address("ana@contoso.com"), "Inbox"), new ImportPosition("a.mbox", ordinal, 0));

    private static int Subject(byte[] content) =>
        int.Parse(Encoding.ASCII.GetString(content).Split("Subject: ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
}
