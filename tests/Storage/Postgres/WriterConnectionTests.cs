using EmailTracking.Silo.Storage;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>What the writer does when the way to the database breaks.</summary>
public sealed class WriterConnectionTests : WriterTest
{
    private FaultyProxy _proxy = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Silo.DisposeAsync();
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        _proxy = new FaultyProxy(settings.Host!, settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", _proxy.Port);
        Silo = await OpenAsync(settings.ConnectionString, services => services.Configure<TrackingStoreOptions>(
            options => options.CommandTimeout = TimeSpan.FromSeconds(2)));
        await Silo.DeliverAsync(new Letter("first@contoso.com").In(Ana));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    //                                              was it written?
    [Theory]
    [InlineData(FaultyProxy.Fault.CutAnswer,        true)]
    [InlineData(FaultyProxy.Fault.FreezeAnswer,     true)]
    [InlineData(FaultyProxy.Fault.FreezeQuestion,   false)]
    public async Task A_commit_of_unknown_outcome_is_a_conflict_and_the_next_read_tells(FaultyProxy.Fault fault, bool written)
    {
        var letter = new Letter("m0@contoso.com");
        var change = (await ChangesAsync(1))[0];

        _ = _proxy.Arm(fault);
        Assert.IsType<CommitResult.Conflict>(await Silo.Store.CommitAsync(change));

        Assert.Equal(written, await Silo.FindAsync(letter) is not null);
        Assert.Equal(written, (await Silo.DeliverAsync(letter.In(Ana))).Change.IsEmpty);
        Assert.Equal(2, await EmailsAsync());
        Assert.Empty(await Silo.Queries.ReadDeadLettersAsync(Organization, 1));
    }

    [Fact]
    public async Task A_commit_whose_session_was_ended_is_a_conflict_and_was_not_written()
    {
        var change = (await ChangesAsync(1))[0];
        Task<CommitResult> commit;
        await using (await HoldAsync("lock table conversation in exclusive mode"))
        {
            commit = Silo.Store.CommitAsync(change);
            await UntilAsync(async () => await WaitingAsync() > 0);
            await Database.ScalarAsync("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """);
            Assert.IsType<CommitResult.Conflict>(await commit);
        }

        Assert.Null(await Silo.FindAsync(new Letter("m0@contoso.com")));
        Assert.IsType<CommitResult.Durable>(await Silo.Store.CommitAsync(change));
    }

    [Fact]
    public async Task What_is_queued_behind_a_frozen_server_is_written_when_it_is_given_up()
    {
        var changes = await ChangesAsync(20);
        var frozen = _proxy.Arm(FaultyProxy.Fault.FreezeQuestion);
        var first = Silo.Store.CommitAsync(changes[0]);
        await frozen;

        var results = await Task.WhenAll(changes[1..].Select(change => Silo.Store.CommitAsync(change)));

        Assert.IsType<CommitResult.Conflict>(await first);
        Assert.All(results, result => Assert.IsType<CommitResult.Durable>(result));
        Assert.Equal(20, await EmailsAsync());
    }
}
