using System.Diagnostics.Metrics;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>A silo's writer over real PostgreSQL, its batches watched, and the means to hold it.</summary>
public abstract class WriterTest : IAsyncLifetime, IAsyncDisposable
{
    protected const string Organization = Deliveries.Organization;
    protected const string Ana = "ana@contoso.com";
    protected const string Bo = "bo@fabrikam.com";

    private readonly MeterListener _listener = new();
    private readonly List<int> _batches = [];
    private IMeterFactory? _meters;

    protected PostgresStoreDatabase Database { get; private set; } = null!;

    protected StoreUnderTest Silo { get; set; } = null!;

    protected IReadOnlyList<int> Batches => [.. _batches];

    public virtual async Task InitializeAsync()
    {
        Database = await PostgresStoreDatabase.CreateAsync();
        Silo = await OpenAsync(Database.ConnectionString);
        await Silo.MailboxAsync(Ana);
        await Silo.MailboxAsync(Bo);
    }

    public virtual async Task DisposeAsync()
    {
        _listener.Dispose();
        await Silo.DisposeAsync();
        await Database.DisposeAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return new ValueTask(DisposeAsync());
    }

    protected async Task<StoreUnderTest> OpenAsync(string connectionString, Action<IServiceCollection>? services = null)
    {
        var silo = await PostgresStoreDatabase.OpenAsync(connectionString, services ?? (_ => { }));
        _meters = silo.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "emailtracking.commit.batch" && ReferenceEquals(instrument.Meter.Scope, _meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, count, _, _) =>
        {
            lock (_batches)
            {
                _batches.Add(count);
            }
        });
        _listener.Start();
        return silo;
    }

    /// <summary>Commits changes of mails that have nothing in common, as one batch.</summary>
    protected async Task<CommitResult[]> CommitAtOnceAsync(params IReadOnlyList<TrackingChange> changes)
    {
        var plug = await Silo.DecideAsync(new Letter($"plug{Guid.NewGuid():N}@contoso.com").In(Ana));
        Task<CommitResult[]> commits;
        await using (await HoldAsync("lock table conversation in exclusive mode"))
        {
            var plugged = Silo.Store.CommitAsync(plug.Change);
            await UntilAsync(async () => await WaitingAsync() > 0);
            commits = Task.WhenAll(changes.Select(change => Silo.Store.CommitAsync(change)).Append(plugged));
        }

        return (await commits)[..^1];
    }

    protected async Task<TrackingChange[]> ChangesAsync(int count, int first = 0) => await Task.WhenAll(
        Enumerable.Range(first, count).Select(async i => (await Silo.DecideAsync(new Letter($"m{i}@contoso.com").In(Ana))).Change));

    /// <summary>Runs a statement in a transaction that stays open until the result is disposed.</summary>
    protected async Task<IAsyncDisposable> HoldAsync(string sql)
    {
        var connection = await Database.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new Held(connection, transaction);
    }

    /// <summary>How many sessions of this database wait for a lock.</summary>
    protected async Task<long> WaitingAsync() => (long)(await Database.ScalarAsync(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))!;

    /// <summary>Asks the database until it says so; the test run's own limit ends a wait in vain.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Yield();
        }
    }

    protected async Task<long> EmailsAsync() => (await Silo.Queries.CountAsync(Organization)).Emails;

    private sealed class Held(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.RollbackAsync();
            await connection.DisposeAsync();
        }
    }
}
