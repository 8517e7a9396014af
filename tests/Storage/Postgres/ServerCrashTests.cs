using System.Collections.Concurrent;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>The server dies and comes back while mail is delivered.</summary>
public sealed class ServerCrashTests
{
    private const string Organization = Deliveries.Organization;
    private const string Ana = "ana@contoso.com";
    private const int Mails = 3_000;
    private const int Deliverers = 32;
    private const int Crashes = 3;

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_and_nothing_is_doubled()
    {
        await using var server = await RestartablePostgres.StartAsync();
        await using var silo = await PostgresStoreDatabase.OpenAsync(server.ConnectionString, _ => { });
        await silo.MailboxAsync(Ana);
        var acknowledged = new ConcurrentBag<Letter>();
        var letters = new ConcurrentQueue<Letter>(Enumerable.Range(0, Mails).Select(i => new Letter($"m{i}@contoso.com")));
        var interrupted = 0;

        var delivering = Task.WhenAll(Enumerable.Range(0, Deliverers).Select(_ => Task.Run(async () =>
        {
            while (letters.TryDequeue(out var letter))
            {
                while (!await DeliveredAsync(letter))
                {
                    Interlocked.Increment(ref interrupted);
                    await Task.Yield();
                }

                acknowledged.Add(letter);
            }
        })));
        for (var crash = 1; crash <= Crashes; crash++)
        {
            var enough = Mails / (Crashes + 1) * crash;
            while (acknowledged.Count < enough)
            {
                await Task.Yield();
            }

            await server.CrashAsync();
        }

        await delivering;
        Assert.True(interrupted > 0, "No delivery met a crash.");

        // Opened anew: connections of before the crash fail once.
        await using var other = await PostgresStoreDatabase.OpenAsync(server.ConnectionString, _ => { });
        var counts = await other.Queries.CountAsync(Organization);
        Assert.Equal((Mails, Mails, Mails), (counts.Emails, counts.Conversations, counts.Decisions[Outcome.Tracked]));
        Assert.Equal((0, 0), (counts.DeadLetters, counts.Outbox));
        await using var database = new PostgresStoreDatabase(server.ConnectionString, owner: null);
        Assert.Equal((long)Mails, await database.ScalarAsync("select sum(version)::bigint from conversation"));

        async Task<bool> DeliveredAsync(Letter letter)
        {
            try
            {
                await silo.DeliverAsync(letter.In(Ana));
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
    }
}
