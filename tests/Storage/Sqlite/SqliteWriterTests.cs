using EmailTracking.Silo.Storage;
using EmailTracking.Silo.Storage.Sqlite;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>What the one writing thread does with its queue.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    private const string Organization = Deliveries.Organization;
    private const string Ana = "ana@contoso.com";
    private const int Held = 3101;
    private const int Refused = 3102;
    private const int Stopped = 3103;

    private SqliteStoreDatabase Database { get; } = new();
    private RecordedLog Log { get; } = new();
    private StoreUnderTest _silo = null!;

    public async Task InitializeAsync()
    {
        _silo = await Database.OpenAsync(services => services
            .AddSingleton<ILoggerProvider>(Log)
            .Configure<TrackingStoreOptions>(options => options.QueuedChangesMax = 4));
        await _silo.MailboxAsync(Ana);
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await Database.DisposeAsync();
    }

    [Fact]
    public async Task A_conflict_undoes_its_own_change_only()
    {
        var stale = await DecideAsync("twice@contoso.com");
        await _silo.DeliverAsync(Mail("twice@contoso.com"));

        var results = await InOneBatchAsync(await DecideAsync("a@contoso.com"), stale, await DecideAsync("b@contoso.com"));

        Assert.Equal(
            [new CommitResult.Durable(0), new CommitResult.Conflict(), new CommitResult.Durable(0)], results);
        Assert.Equal(3, (await _silo.Queries.CountAsync(Organization)).Emails);
    }

    [Fact]
    public async Task Of_two_changes_of_one_batch_that_touch_the_same_the_first_counts()
    {
        var (one, other) = (await DecideAsync("a@contoso.com"), await DecideAsync("a@contoso.com"));

        var results = await InOneBatchAsync(one, other);

        Assert.Equal([new CommitResult.Durable(0), new CommitResult.Conflict()], results);
    }

    //          the hash of the raw mail: no hexadecimal digits; too few, which the table's check refuses
    [Theory]
    [InlineData("no hash")]
    [InlineData("00ff")]
    public async Task Data_that_is_refused_is_a_dead_letter_and_the_others_go_on(string hash)
    {
        var poison = await _silo.DecideAsync(Mail("poison@contoso.com") with { ContentHash = hash });

        var results = await InOneBatchAsync(
            await DecideAsync("a@contoso.com"), poison.Change, await DecideAsync("b@contoso.com"));

        Assert.IsType<CommitResult.Durable>(results[0]);
        Assert.IsType<CommitResult.Poison>(results[1]);
        Assert.IsType<CommitResult.Durable>(results[2]);
        Assert.Equal(LogLevel.Error, await Log.NextAsync(Refused));
        var letter = Assert.Single(await _silo.Queries.ReadDeadLettersAsync(Organization, 10));
        Assert.Equal(("commit", ReasonCode.Poison), (letter.Step, letter.Reason));
        Assert.Equal(Mail("poison@contoso.com").Place, letter.Place);
        Assert.Equal(2, (await _silo.Queries.CountAsync(Organization)).Emails);
    }

    [Fact]
    public async Task A_write_that_fails_tells_its_caller_and_touches_no_other()
    {
        var nowhere = new Letter("m@x").In("nobody@contoso.com");
        var (gate, results) = (Gate(), new List<Task>());
        results.Add(_silo.MailboxAsync("new@contoso.com"));
        var failing = _silo.Outbox.DeferAsync(Organization, [nowhere], DateTimeOffset.UnixEpoch);
        gate.Set();

        await Assert.ThrowsAsync<RefusedDataException>(() => failing);
        await Task.WhenAll(results);
        Assert.Equal(2, (await _silo.Directory.ReadMailboxesAsync(Organization)).Length);
    }

    [Fact]
    public async Task A_full_disk_holds_what_is_written_until_there_is_room()
    {
        // As much as the file has now, and not a page more, until somebody makes room.
        await EditAsync(session => session.Execute("create table ballast (body blob)"));
        await EditAsync(session => session.Execute("insert into ballast values (zeroblob(4000000))"));
        var pages = Database.Scalar("pragma page_count");
        await EditAsync(session => session.Number($"pragma max_page_count = {pages}"));
        var content = new byte[1_000_000];
        new Random(1).NextBytes(content);

        var put = _silo.Content.PutAsync(Organization, content, null);
        var change = _silo.Store.CommitAsync(await DecideAsync("a@contoso.com"));
        Assert.Equal(LogLevel.Warning, await Log.NextAsync(Held));
        Assert.False(put.IsCompleted);
        using (var connection = Database.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "drop table ballast";
            command.ExecuteNonQuery();
        }

        Assert.Equal(content, (await _silo.Content.GetAsync(Organization, (await put).Hash))!.Value.ToArray());
        Assert.IsType<CommitResult.Durable>(await change);
        Assert.Empty(await _silo.Queries.ReadDeadLettersAsync(Organization, 10));
    }

    [Fact]
    public async Task A_file_that_somebody_else_locks_holds_what_is_written()
    {
        var decided = await DecideAsync("a@contoso.com");
        Task<CommitResult> change;
        using (var connection = Database.Connect())
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            change = _silo.Store.CommitAsync(decided);
            Assert.Equal(LogLevel.Warning, await Log.NextAsync(Held));
            Assert.False(change.IsCompleted);
        }

        Assert.IsType<CommitResult.Durable>(await change);
    }

    [Fact]
    public async Task Whatever_nobody_thought_of_stops_the_writer_and_nothing_of_its_batch_is_written()
    {
        var (gate, decided) = (Gate(), await DecideAsync("a@contoso.com"));
        var before = _silo.Store.CommitAsync(decided);
        var broken = EditAsync<int>(_ => throw new InvalidOperationException("Never thought of."));
        gate.Set();

        Assert.Contains("Never thought of", (await Assert.ThrowsAsync<WriterStoppedException>(() => before)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WriterStoppedException>(() => broken);
        await Assert.ThrowsAsync<WriterStoppedException>(() => _silo.Store.CommitAsync(decided));
        Assert.Equal(LogLevel.Critical, await Log.NextAsync(Stopped));
        Assert.Equal(0, (await _silo.Queries.CountAsync(Organization)).Emails);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_they_may_give_up()
    {
        var gate = Gate();
        var queued = Enumerable.Range(0, 4).Select(i => _silo.MailboxAsync($"m{i}@contoso.com")).ToArray();
        using var impatience = new CancellationTokenSource();
        var waiting = _silo.Directory.SaveMailboxAsync(
            Organization, new MailboxFacts(Letter.Address("late@contoso.com"), null, false, FilterMethod.All, []), impatience.Token);
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        await Task.WhenAll(queued);
        Assert.Equal(5, (await _silo.Directory.ReadMailboxesAsync(Organization)).Length);
    }

    [Fact]
    public async Task Who_stops_writes_what_is_queued_and_takes_no_more()
    {
        var (gate, decided) = (Gate(), await DecideAsync("a@contoso.com"));
        var queued = _silo.Store.CommitAsync(decided);
        var stopping = Writer.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<WriterStoppedException>(() => _silo.Store.CommitAsync(decided));
        gate.Set();

        Assert.IsType<CommitResult.Durable>(await queued);
        await stopping;
    }

    private SqliteWriter Writer => _silo.Services.GetRequiredService<SqliteWriter>();

    private static Sighting Mail(string id) => new Letter(id).In(Ana);

    private async Task<TrackingChange> DecideAsync(string id) => (await _silo.DecideAsync(Mail(id))).Change;

    private Task<T> EditAsync<T>(Func<SqliteSession, T> edit) => Writer.EditAsync(edit, CancellationToken.None);

    // The writer is in a write until the gate opens: what is queued meanwhile is its next batch.
    private ManualResetEventSlim Gate()
    {
        var (gate, entered) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        _ = EditAsync(_ =>
        {
            entered.Set();
            gate.Wait();
            return 0;
        });
        entered.Wait();
        return gate;
    }

    private async Task<CommitResult[]> InOneBatchAsync(params TrackingChange[] changes)
    {
        var gate = Gate();
        var results = changes.Select(change => _silo.Store.CommitAsync(change)).ToArray();
        gate.Set();
        return await Task.WhenAll(results);
    }
}
