using System.Globalization;
using EmailTracking.Silo.Storage.Sqlite;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>A process that is killed while it writes, and a second one that wants the same file.</summary>
public sealed class SqliteCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int KillsCount = LongForm.Or(full: 12, brief: 2);
    private const int Seed = 20260305;

    private SqliteStoreDatabase Database { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    public async Task Whatever_was_acknowledged_is_there_after_a_kill()
    {
        var (random, acknowledged, unanswered) = (new Random(Seed), new HashSet<int>(), 0);
        for (var kill = 0; kill < KillsCount; kill++)
        {
            acknowledged.UnionWith(await WriteAndKillAsync(first: kill * 1_000_000, afterCount: random.Next(1, 1_500)));

            await using var silo = await Database.OpenAsync(TimeProvider.System);
            Assert.Equal(0, Database.Scalar("select count(*) from pragma_integrity_check where integrity_check <> 'ok'"));
            foreach (var number in acknowledged)
            {
                Assert.Equal(Outcome.Tracked, (await silo.FindAsync(CrashChild.LetterOf(number)))?.Outcome);
            }

            // Whole changes only: an email has its decision, its sender and recipient, its own id.
            var counts = await silo.Queries.CountAsync(Deliveries.Organization);
            Assert.Equal(counts.Emails, counts.Decisions[Outcome.Tracked]);
            Assert.Equal(2 * counts.Emails, Database.Scalar("select count(*) from activity_party"));
            Assert.Equal(counts.Emails, Database.Scalar("select count(*) from thread_key where is_borne"));
            unanswered = (int)counts.Emails - acknowledged.Count;
        }

        output.WriteLine($"{KillsCount} kills, {acknowledged.Count} acknowledged, {unanswered} durable without an answer");
    }

    [Fact]
    public async Task A_file_has_one_process_and_is_free_when_that_is_killed()
    {
        using var owner = CrashChild.Start(Database.Path, first: 0);
        var acknowledged = int.Parse((await owner.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

        var refusal = await Assert.ThrowsAsync<StoreInUseException>(() => Database.OpenAsync(TimeProvider.System));
        Assert.Equal(Database.Path, refusal.File);

        owner.Kill();
        await owner.WaitForExitAsync();
        await using var silo = await Database.OpenAsync(TimeProvider.System);
        Assert.NotNull(await silo.FindAsync(CrashChild.LetterOf(acknowledged)));
    }

    [Fact]
    public async Task A_file_has_one_store_within_a_process_too()
    {
        await using var silo = await Database.OpenAsync(TimeProvider.System);

        await Assert.ThrowsAsync<StoreInUseException>(
            () => SqliteStoreDatabase.StartAsync(Database.Path, services => services.AddSingleton(TimeProvider.System)));

        await silo.MailboxAsync("ana@contoso.com");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_by_name()
    {
        await File.WriteAllTextAsync(Database.Path, new string('x', 5_000));

        var refusal = await Assert.ThrowsAsync<IOException>(() => Database.OpenAsync(TimeProvider.System));

        Assert.Contains(Database.Path, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<List<int>> WriteAndKillAsync(int first, int afterCount)
    {
        using var writer = CrashChild.Start(Database.Path, first);
        var acknowledged = new List<int>();
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged.Add(int.Parse(line, CultureInfo.InvariantCulture));
            if (acknowledged.Count == afterCount)
            {
                writer.Kill();
            }
        }

        await writer.WaitForExitAsync();
        Assert.True(acknowledged.Count >= afterCount, "The process ended by itself.");
        return acknowledged;
    }
}
