using System.Diagnostics;
using EmailTracking.Tests.Storage.Conformance;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>Rough figures, printed and not asserted.</summary>
public sealed class SqliteFigures(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int MailsCount = LongForm.Or(full: 20_000, brief: 2_000);
    private const int InFlightCount = 64;
    private const string Ana = "ana@contoso.com";

    private SqliteStoreDatabase Database { get; } = new();
    private StoreUnderTest _silo = null!;

    public async Task InitializeAsync()
    {
        _silo = await Database.OpenAsync(TimeProvider.System);
        await _silo.MailboxAsync(Ana);
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await Database.DisposeAsync();
    }

    [Fact]
    public async Task Mails_are_tracked_many_at_a_time()
    {
        await RunAsync("warm", 1_000);
        var cpuBefore = Environment.CpuUsage.TotalTime;
        var (elapsed, times) = await RunAsync("mail", MailsCount);
        var cpu = Environment.CpuUsage.TotalTime - cpuBefore;

        Array.Sort(times);
        output.WriteLine(
            $"figure: sqlite, {MailsCount} mails, {InFlightCount} in flight: {MailsCount / elapsed.TotalSeconds:f0} mails/s, "
            + $"p50 {times[times.Length / 2].TotalMilliseconds:f1} ms, p99 {times[times.Length * 99 / 100].TotalMilliseconds:f1} ms, "
            + $"{cpu.TotalMicroseconds / MailsCount:f0} us CPU a mail");
        Assert.Equal(MailsCount + 1_000, (await _silo.Queries.CountAsync(Deliveries.Organization)).Emails);
    }

    // Six of ten answer the mail before theirs in their row; each row is worked by one caller.
    private async Task<(TimeSpan Elapsed, TimeSpan[] Times)> RunAsync(string name, int count)
    {
        var times = new TimeSpan[count];
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlightCount).Select(row => Task.Run(async () =>
        {
            for (var i = row; i < count; i += InFlightCount)
            {
                var letter = new Letter($"{name}{i}@contoso.com")
                {
                    Answers = i >= InFlightCount && i / InFlightCount % 10 < 6 ? $"{name}{i - InFlightCount}@contoso.com" : null,
                    Minute = i,
                };
                var sighting = letter.In(Ana);
                var before = Stopwatch.GetTimestamp();
                await _silo.DeliverAsync(sighting);
                times[i] = Stopwatch.GetElapsedTime(before);
            }
        })));
        return (Stopwatch.GetElapsedTime(start), times);
    }
}
