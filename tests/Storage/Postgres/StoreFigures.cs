using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using EmailTracking.Tests.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>How fast the store takes new mail on this machine; a figure to read, not a limit.</summary>
public sealed class StoreFigures(ITestOutputHelper output)
{
    private const string Ana = "ana@contoso.com";
    private static readonly int Mails = LongForm.Or(full: 20_000, brief: 2_000);
    private const int Threads = 1_000;

    //          mails in flight / in one delivery
    [Theory]
    [InlineData(256, 1)]
    [InlineData(1_024, 16)]
    public async Task Mail_is_taken(int inFlight, int together)
    {
        await using var database = await PostgresStoreDatabase.CreateAsync();
        await using var silo = await database.OpenAsync(TimeProvider.System);
        await silo.MailboxAsync(Ana);
        await RunAsync(silo, "warm", 1_000, inFlight, together);

        using var listener = new MeterListener();
        var statements = 0L;
        var meters = silo.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "emailtracking.store.statements" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref statements, count));
        listener.Start();
        var transactions = await TransactionsAsync(database);
        var (watch, processor) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        await RunAsync(silo, "mail", Mails, inFlight, together);
        watch.Stop();
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        transactions = await TransactionsAsync(database) - transactions;

        var line = string.Create(CultureInfo.InvariantCulture,
            $"figure: PostgreSQL store, {Mails} new mails in {Threads} threads, {inFlight} in flight, {together} a delivery: "
            + $"{Mails / watch.Elapsed.TotalSeconds:0} mails/s, {processor.TotalMicroseconds / Mails:0} us of this process a mail, "
            + $"{(double)statements / Mails:0.0} statements and {(double)transactions / Mails:0.00} transactions a mail");
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.Equal(Mails + 1_000, (await silo.Queries.CountAsync(Deliveries.Organization)).Emails);
    }

    private static async Task RunAsync(StoreUnderTest silo, string name, int count, int inFlight, int together)
    {
        var batches = Enumerable.Range(0, count)
            .Select(i => new Letter($"{name}{i}@contoso.com")
            {
                Minute = i / Threads, Answers = i < Threads ? null : $"{name}{i - Threads}@contoso.com",
            }.In(Ana))
            .Chunk(together)
            .Select(chunk => chunk.ToImmutableArray());
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = inFlight / together },
            async (batch, _) => await silo.DeliverAsync(batch, attemptsMax: 100));
    }

    // The statistics are told at the end of a second at the latest, or when the session ends: a figure, not a proof.
    private static async Task<long> TransactionsAsync(PostgresStoreDatabase database)
    {
        await database.ScalarAsync("select pg_stat_clear_snapshot()");
        return (long)(await database.ScalarAsync("select xact_commit from pg_stat_database where datname = current_database()"))!;
    }
}
