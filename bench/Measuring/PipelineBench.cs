using EmailTracking.Bench.Commands;
using EmailTracking.Bench.Floor;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Measuring;

/// <summary>Raw mail from a client process to durable rows: saturation, the floor beside it, and a rate that is held.</summary>
internal sealed class PipelineBench(Report report, Sizes sizes, MailSource mails)
{
    private const string Postgres = "PostgreSQL";
    private const string Sqlite = "SQLite";
    private const double MillisecondsMax = 0.40;
    private const double StatementsMax = 0.2;
    private const double OfFloorMin = 0.40;
    private const double SteadyPart = 0.8;
    private const double P99Max = 100;
    private const int ThreadsMax = 4;

    /// <summary>Measures one store.</summary>
    /// <param name="server">The PostgreSQL server; null for SQLite.</param>
    public async Task RunAsync(BenchServer? server)
    {
        var store = server is null ? Sqlite : Postgres;
        await using var deployment = await Deployment.StartAsync(server);
        report.Window($"{store}, warming up", Show.Window(await deployment.BurstAsync(sizes.Warm, sizes.InFlight[0])));
        var floor = server is null ? null : await PrepareFloorAsync(server, deployment);

        var inFlight = await SaturateAsync(store, deployment);
        var (rounds, floors) = (new List<Measured>(), new List<FloorResult>());
        for (var round = 1; round <= sizes.Rounds; round++)
        {
            rounds.Add(await deployment.BurstAsync(sizes.Mails, inFlight));
            report.Window($"{store}, {inFlight} in flight, round {round}", Show.Window(rounds[^1]));
            if (floor is not null)
            {
                floors.Add(await floor());
                report.Window($"Floor, round {round}", [Show.Floor(floors[^1])]);
            }
        }

        if (rounds[^1].Statements.Calls > 0)
        {
            report.Window($"{store}, statements of the last round", Show.Statements(rounds[^1]));
        }

        Saturated(store, rounds, inFlight);
        if (floors.Count > 0)
        {
            OverFloor(rounds, floors);
        }

        await HoldAsync(store, deployment, (int)(Report.Median(rounds.Select(round => round.Rate)) * SteadyPart));
        await deployment.CheckAsync();
    }

    // The rows of the warming up are the floor's; the fastest number of threads is found once.
    private async Task<Func<Task<FloorResult>>> PrepareFloorAsync(BenchServer server, Deployment deployment)
    {
        await deployment.CheckAsync();
        var rows = await deployment.ReadRowsAsync(FloorRun.Together);
        report.Window("Floor: rows of the mails so far", Show.Rows(rows));
        var tried = new List<FloorResult>();
        for (var threads = 1; threads <= ThreadsMax; threads++)
        {
            tried.Add(await FloorRun.RunAsync(server, rows, mails, sizes.Warm, threads));
        }

        report.Window("Floor, by threads", tried.Select(Show.Floor));
        var best = tried.MaxBy(result => result.Rate)!.Threads;
        return () => FloorRun.RunAsync(server, rows, mails, sizes.Warm, best);
    }

    private async Task<int> SaturateAsync(string store, Deployment deployment)
    {
        if (sizes.InFlight.Length == 1)
        {
            return sizes.InFlight[0];
        }

        var tried = new List<(int InFlight, double Rate)>();
        foreach (var inFlight in sizes.InFlight)
        {
            var measured = await deployment.BurstAsync(sizes.Mails / 2, inFlight);
            report.Window($"{store}, {inFlight} in flight", Show.Window(measured));
            tried.Add((inFlight, measured.Rate));
            if (measured.Statements.Calls > 0)
            {
                report.Add($"{store}: statements a mail, trying {inFlight} in flight", $"{measured.StatementsPerMail:f3}");
            }
        }

        return tried.MaxBy(one => one.Rate).InFlight;
    }

    private void Saturated(string store, List<Measured> rounds, int inFlight)
    {
        report.Add($"{store}: saturation, {inFlight} in flight", $"{Median(round => round.Rate):f0} mails/s");
        var processor = Median(round => round.Processor.All);
        var what = $"{store}: processor time a mail";
        if (store == Postgres)
        {
            report.Add(what, $"{processor:f3} ms", $"at most {MillisecondsMax:f2} ms", processor <= MillisecondsMax);
        }
        else
        {
            report.Add(what, $"{processor:f3} ms");
        }

        report.Add($"{store}: of it client", $"{Median(round => round.Processor.Client):f3} ms");
        report.Add($"{store}: of it silo", $"{Median(round => round.Processor.Silos):f3} ms");
        report.Add($"{store}: of it database server", $"{Median(round => round.Processor.Server):f3} ms");
        if (rounds[0].Statements.Calls > 0)
        {
            var statements = Median(round => round.StatementsPerMail);
            what = $"{store}: statements a mail, {inFlight} in flight";
            report.Add(what, $"{statements:f3}", $"at most {StatementsMax:f1}", statements <= StatementsMax);
        }

        double Median(Func<Measured, double> figure) => Report.Median(rounds.Select(figure));
    }

    // Each round against the floor beside it: what else the machine did was the same for both.
    private void OverFloor(List<Measured> rounds, List<FloorResult> floors)
    {
        var part = Report.Median(rounds.Zip(floors, (round, floor) => round.Rate / floor.Rate));
        var floorRate = Report.Median(floors.Select(floor => floor.Rate));
        report.Add("Floor: MimeKit, then the same rows by COPY", $"{floorRate:f0} mails/s");
        report.Add("Floor: processor time a mail", $"{Report.Median(floors.Select(floor => floor.Milliseconds)):f3} ms");
        report.Add("PostgreSQL: part of the floor's rate", $"{part:p0}", $"at least {OfFloorMin:p0}", part >= OfFloorMin);
    }

    private async Task HoldAsync(string store, Deployment deployment, int rate)
    {
        var held = await deployment.SteadyAsync(rate, sizes.SteadySeconds);
        report.Window($"{store}, {rate} a second for {sizes.SteadySeconds} s", Show.Window(held));
        var what = $"{store}: 99 of 100 mails durable, {rate} mails/s held for {sizes.SteadySeconds} s";
        var isHeld = held.Sent.Sent == rate * sizes.SteadySeconds;
        var value = isHeld
            ? (FormattableString)$"{held.Sent.P99:f0} ms"
            : $"not held: broken off after {held.Sent.Sent / rate} s";
        if (store == Sqlite)
        {
            report.Add(what, value);
            return;
        }

        report.Add(what, value, $"under {P99Max:f0} ms", isHeld && held.Sent.P99 < P99Max);
    }
}
