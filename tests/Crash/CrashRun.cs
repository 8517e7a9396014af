using System.Data.Common;
using EmailTracking.Client;
using EmailTracking.Tests.Crash.Checker;
using EmailTracking.Tests.Crash.Host;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Crash;

/// <summary>Silos and a client under load; one round after the other something is killed and started again.</summary>
internal sealed class CrashRun(string store, int seed, string folder, CrashSilo[] silos, ITestOutputHelper output) : IAsyncDisposable
{
    // A client that is killed has so many calls on their way at most; what it had sent is sent again by the next one.
    private const int ProgressAfterRestart = 60;
    private const int RandomDelayMaxMilliseconds = 600;
    private const int RecentCount = 60;
    private static readonly TimeSpan PointMax = TimeSpan.FromSeconds(120);

    private readonly Random _random = new(seed);
    private readonly CrashLoad _load = new(folder, seed);
    private readonly Dictionary<Point, int> _kills = [];
    private Queue<Point> _points = new();
    private int _serverKills;

    /// <summary>How often silos were killed, one or all of them.</summary>
    public int Kills => _kills.Values.Sum();

    /// <summary>How often a killed silo had handed a change to its store and had no answer yet.</summary>
    public int KillsWithOpenCommit { get; private set; }

    private string[] Gateways => [.. silos.Select(silo => silo.Gateway)];

    public async Task StartAsync()
    {
        await Task.WhenAll(silos.Select(silo => silo.StartAsync()));
        await _load.StartAsync(Gateways);
        await ContinueAsync();
    }

    /// <summary>Kills at random times, two in five, and at one point after the other, in an order of the seed.</summary>
    public async Task KillAsync(int kills)
    {
        var rounds = Enumerable.Range(0, kills).Select(i => i % 5 < 2 ? Point.None : NextPoint()).ToArray();
        _random.Shuffle(rounds);
        for (var i = 0; i < rounds.Length; i++)
        {
            await KillAsync(rounds[i], withClient: i % 5 == 2);
        }
    }

    /// <summary>Kills what the silos store in, and has it started again.</summary>
    public async Task KillServerAsync(Func<Task> killAndStart)
    {
        await Task.Delay(_random.Next(RandomDelayMaxMilliseconds));
        await killAndStart();
        _serverKills++;
        Note("server killed and started again");
        await ContinueAsync();
    }

    /// <summary>Ends the load, waits until nothing is left to be done, and checks everything.</summary>
    public async Task CheckAsync(Func<DbConnection> open)
    {
        var blocks = await _load.FinishAsync();
        Note($"finished {blocks} blocks");
        await using (var client = await ConnectAsync())
        {
            await CrashCheck.DrainAsync(client);
            Note("drained");
            var check = new CrashCheck(client, new MailMaker(seed), blocks, _load.Acknowledged);
            await check.AllAsync();
            await using var rows = new StoredRows(open());
            await rows.CheckSendersAsync(check.Senders);
            Note("linked");
        }

        await Task.WhenAll(silos.Select(async silo => await silo.DisposeAsync()));
        await using var left = new StoredRows(open());
        await left.CheckStagedPartsAsync();
        Report();
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await Task.WhenAll(silos.Select(async silo => await silo.DisposeAsync()));
    }

    private void Note(string text) =>
        File.AppendAllText(Path.Combine(folder, "rounds.log"), $"{DateTime.UtcNow:HH:mm:ss.fff} {text}\n");

    private Point NextPoint()
    {
        if (_points.Count == 0)
        {
            var points = Enum.GetValues<Point>().Where(point => point != Point.None).ToArray();
            _random.Shuffle(points);
            _points = new Queue<Point>(points);
        }

        return _points.Dequeue();
    }

    private async Task KillAsync(Point point, bool withClient)
    {
        var dead = await (point == Point.None ? KillAtRandomAsync(withClient) : KillAtAsync(point, withClient));
        Note($"{dead.Length} dead: {point}");
        Assert.All(dead, silo => Assert.Equal(point, silo.State.Died));
        _kills[point] = _kills.GetValueOrDefault(point) + 1;
        KillsWithOpenCommit += dead.Any(silo => silo.State.OpenCommits > 0) ? 1 : 0;
        await RestartAsync(dead, withClient);
    }

    private async Task<CrashSilo[]> KillAtRandomAsync(bool withClient)
    {
        var chosen = _random.Next(silos.Length + 1);
        var victims = chosen == silos.Length ? silos : [silos[chosen]];
        await Task.Delay(_random.Next(RandomDelayMaxMilliseconds));
        if (withClient)
        {
            _load.Kill();
        }

        Array.ForEach(victims, silo => silo.Kill());
        await Task.WhenAll(victims.Select(silo => silo.Exited));
        return victims;
    }

    // Whoever comes to the point first; another that comes there at the same moment dies too.
    private async Task<CrashSilo[]> KillAtAsync(Point point, bool withClient)
    {
        var hits = _random.Next(1, IsPassedByEveryMail(point) ? 60 : 4);
        Array.ForEach(silos, silo => silo.State.Arm(point, hits));
        await Task.WhenAny(silos.Select(silo => silo.Exited)).WaitAsync(PointMax);
        if (withClient)
        {
            _load.Kill();
        }

        Array.ForEach(silos, silo => silo.State.Arm(Point.None, 0));
        var dead = silos.Where(silo => silo.State.Died != Point.None).ToArray();
        await Task.WhenAll(dead.Select(silo => silo.Exited));
        return dead;
    }

    private static bool IsPassedByEveryMail(Point point) =>
        point is Point.IntakeBefore or Point.ContentBefore or Point.ContentAfter or Point.AnswerBefore;

    private async Task RestartAsync(CrashSilo[] dead, bool withClient)
    {
        var recent = _load.Acknowledged.TakeLast(RecentCount).ToArray();
        var restarting = Task.WhenAll(dead.Select(silo => silo.StartAsync()));
        if (withClient)
        {
            await _load.StartAsync(Gateways);
        }

        _load.Lighten();
        await restarting;
        _load.Fill();
        Note("started again");
        await Task.WhenAll(ContinueAsync(), CheckAsync(recent));
    }

    private async Task CheckAsync(Acknowledgement[] recent)
    {
        await using var client = await ConnectAsync();
        await CrashCheck.RecentAsync(client, new MailMaker(seed), recent);
        Note("checked");
    }

    private async Task ContinueAsync()
    {
        await _load.WaitForMoreAsync(ProgressAfterRestart);
        Note("under load again");
    }

    private Task<EmailTrackingClient> ConnectAsync() => EmailTrackingClient.ConnectAsync(
        new EmailTrackingClientOptions { Gateways = Gateways, ConnectTimeout = TimeSpan.FromMinutes(1) });

    private void Report()
    {
        var byPoint = string.Join(", ", _kills.OrderBy(one => one.Key).Select(one =>
            $"{(one.Key == Point.None ? "at random" : one.Key)} {one.Value}"));
        output.WriteLine($"figure: {store}: {Kills} kills of silos ({byPoint}); {KillsWithOpenCommit} with an open commit");
        output.WriteLine(
            $"figure: {store}: {_load.Acknowledged.Count} deliveries acknowledged, none lost, none doubled; " +
            $"the client killed {_load.Restarts} times, the server {_serverKills} times");
    }
}
