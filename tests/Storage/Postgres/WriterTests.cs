using EmailTracking.Silo.Storage;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>What the writer does when the database refuses a batch.</summary>
public sealed class WriterTests : WriterTest
{
    private const int Many = 100;

    [Fact]
    public async Task What_waits_goes_into_one_commit()
    {
        var changes = await ChangesAsync(Many);

        Assert.All(await CommitAtOnceAsync(changes), result => Assert.IsType<CommitResult.Durable>(result));

        Assert.Equal([1, Many], Batches);
    }

    [Fact]
    public async Task Of_a_batch_of_many_only_the_outdated_conflict()
    {
        var changes = await ChangesAsync(Many);
        await Silo.DeliverAsync(new Letter("m7@contoso.com").In(Ana));
        await Silo.DeliverAsync(new Letter("m50@contoso.com").In(Bo));

        var results = await CommitAtOnceAsync(changes);

        Assert.Equal([7, 50], results.Index().Where(one => one.Item is CommitResult.Conflict).Select(one => one.Index));
        Assert.Equal(Many - 2, results.Count(result => result is CommitResult.Durable));
        Assert.Equal(Many + 1, await EmailsAsync());
    }

    [Fact]
    public async Task Two_changes_of_one_conversation_are_not_in_one_commit()
    {
        await Silo.DeliverAsync(new Letter("m0@contoso.com").In(Ana));
        var changes = await Task.WhenAll(Enumerable.Range(0, 3).Select(async i =>
            (await Silo.DecideAsync(new Letter($"r{i}@fabrikam.com") { From = Bo, To = Ana, Answers = "m0@contoso.com" }.In(Bo))).Change));

        var results = await CommitAtOnceAsync(changes);

        Assert.Equal(1, results.Count(result => result is CommitResult.Durable));
        Assert.Equal(2, results.Count(result => result is CommitResult.Conflict));
    }

    //          character
    [Theory]
    [InlineData(0)]             // The server refuses it.
    [InlineData(0xd800)]        // Half a character: the driver refuses it.
    public async Task Of_a_batch_of_many_only_the_poison_is_buried(int character)
    {
        var changes = await ChangesAsync(Many);
        changes[33] = Poisoned(changes[33], $"a{(char)character}b");

        var results = await CommitAtOnceAsync(changes);

        Assert.NotEmpty(Assert.IsType<CommitResult.Poison>(results[33]).Problem);
        Assert.Equal(Many - 1, results.Count(result => result is CommitResult.Durable));
        var letter = Assert.Single(await Silo.Queries.ReadDeadLettersAsync(Organization, 10));
        Assert.Equal(changes[33].Decisions[0].Sighting.Place, letter.Place);
        Assert.Equal(("commit", ReasonCode.Poison), (letter.Step, letter.Reason));
        Assert.Equal(Many, await EmailsAsync());
        Assert.Null(await Silo.FindAsync(new Letter("m33@contoso.com")));
    }

    [Fact]
    public async Task A_violated_check_is_poison()
    {
        await Database.ScalarAsync("alter table email add check (subject <> 'Offer')");
        var change = (await ChangesAsync(1))[0];

        Assert.Contains("check", Assert.IsType<CommitResult.Poison>(await Silo.Store.CommitAsync(change)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sighting_in_a_mailbox_that_does_not_exist_is_poison()
    {
        var change = (await ChangesAsync(1))[0];
        var lost = change with { Decisions = [change.Decisions[0] with { Sighting = new Letter("m0@contoso.com").In("nobody@contoso.com") }] };

        Assert.IsType<CommitResult.Poison>(await Silo.Store.CommitAsync(lost));
        Assert.Equal("nobody@contoso.com", Assert.Single(await Silo.Queries.ReadDeadLettersAsync(Organization, 10)).Place.Mailbox.Value);
    }

    [Fact]
    public async Task Only_who_needs_a_lock_that_another_holds_conflicts()
    {
        await Silo.DeliverAsync(new Letter("locked@contoso.com").In(Ana));
        var blocked = (await Silo.DecideAsync(
            new Letter("reply@fabrikam.com") { From = Bo, To = Ana, Answers = "locked@contoso.com" }.In(Bo))).Change;
        var changes = await ChangesAsync(10);

        CommitResult[] results;
        await using (await HoldAsync("select from conversation for update"))
        {
            results = await Task.WhenAll(changes.Append(blocked).Select(change => Silo.Store.CommitAsync(change)));
        }

        Assert.Equal([10], results.Index().Where(one => one.Item is CommitResult.Conflict).Select(one => one.Index));
        Assert.Equal(11, await EmailsAsync());
    }

    [Fact]
    public async Task A_fault_that_nobody_thought_of_stops_the_writer()
    {
        var changes = await ChangesAsync(2);
        await Database.ScalarAsync("drop table sighting");

        var stopped = await Assert.ThrowsAsync<WriterStoppedException>(() => Silo.Store.CommitAsync(changes[0]));
        Assert.Contains("sighting", stopped.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WriterStoppedException>(() => Silo.Store.CommitAsync(changes[1]));
    }

    [Fact]
    public async Task A_writer_that_stops_writes_what_is_queued()
    {
        var changes = await ChangesAsync(Many);
        await using var other = await Database.OpenAsync(TimeProvider.System);
        Task<CommitResult[]> commits;
        Task stopping;
        await using (await HoldAsync("lock table conversation in exclusive mode"))
        {
            commits = Task.WhenAll(changes.Select(change => Silo.Store.CommitAsync(change)));
            stopping = Silo.DisposeAsync().AsTask();
        }

        await stopping;
        Assert.All(await commits, result => Assert.IsType<CommitResult.Durable>(result));
        await Assert.ThrowsAsync<WriterStoppedException>(() => Silo.Store.CommitAsync(changes[0]));
        Silo = other;
        Assert.Equal(Many, await EmailsAsync());
    }

    [Fact]
    public async Task Who_finds_the_queue_full_waits_and_may_give_up()
    {
        await Silo.DisposeAsync();
        Silo = await OpenAsync(Database.ConnectionString, services => services.Configure<TrackingStoreOptions>(
            options => options.QueuedChangesMax = 1));
        var changes = await ChangesAsync(4);
        using var patience = new CancellationTokenSource();
        Task<CommitResult> first, second, third;
        await using (await HoldAsync("lock table conversation in exclusive mode"))
        {
            first = Silo.Store.CommitAsync(changes[0]);
            await UntilAsync(async () => await WaitingAsync() > 0);
            second = Silo.Store.CommitAsync(changes[1]);
            third = Silo.Store.CommitAsync(changes[2], patience.Token);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        }

        Assert.All(await Task.WhenAll(first, second), result => Assert.IsType<CommitResult.Durable>(result));
        Assert.IsType<CommitResult.Durable>(await Silo.Store.CommitAsync(changes[2]));
    }

    private static TrackingChange Poisoned(TrackingChange change, string subject)
    {
        var content = change.Emails[0].Content!;
        var sighting = content.Sighting with { Facts = content.Sighting.Facts with { Subject = subject } };
        return change with { Emails = [change.Emails[0] with { Content = content with { Sighting = sighting } }] };
    }
}
