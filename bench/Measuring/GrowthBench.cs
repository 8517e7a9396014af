using EmailTracking.Bench.Commands;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Measuring;

/// <summary>What the next mails cost when few activities are there, and when twenty times as many are.</summary>
internal sealed class GrowthBench(Report report, Sizes sizes)
{
    private const double GrowthMax = 1.2;
    private const int InFlight = 512;

    public async Task RunAsync(BenchServer server)
    {
        await using var small = await FillAsync(server, sizes.Small);
        await using var large = await FillAsync(server, sizes.Large);
        var (few, many) = (new List<Measured>(), new List<Measured>());
        for (var round = 1; round <= sizes.GrowthRounds; round++)
        {
            // In turn, and each first every other time: what else the machine does falls on both.
            if (round % 2 == 0)
            {
                many.Add(await MeasureAsync(large, round));
                few.Add(await MeasureAsync(small, round));
            }
            else
            {
                few.Add(await MeasureAsync(small, round));
                many.Add(await MeasureAsync(large, round));
            }
        }

        await small.CheckAsync();
        await large.CheckAsync();
        var processor = Report.Median(few.Zip(many, (one, other) => other.Processor.All / one.Processor.All));
        var rate = Report.Median(few.Zip(many, (one, other) => one.Rate / other.Rate));
        Processor(sizes.Small, few);
        Processor(sizes.Large, many);
        report.Add("Growth: processor time, times", $"{processor:f2}", $"at most {GrowthMax:f1}", processor <= GrowthMax);
        report.Add("Growth: time at saturation, times", $"{rate:f2}", $"at most {GrowthMax:f1}", rate <= GrowthMax);
    }

    private void Processor(int size, List<Measured> measured) => report.Add(
        Report.Text($"Growth: processor time a mail at {size:n0} activities"),
        $"{Report.Median(measured.Select(one => one.Processor.All)):f3} ms");

    private async Task<Deployment> FillAsync(BenchServer server, int size)
    {
        var deployment = await Deployment.StartAsync(server, isSettled: true);
        report.Window($"Growth, filling to {size} activities", Show.Window(await deployment.BurstAsync(size, InFlight)));
        await deployment.MaintainAsync("vacuum analyze");
        return deployment;
    }

    private async Task<Measured> MeasureAsync(Deployment deployment, int round)
    {
        var before = deployment.Sent;
        var measured = await deployment.BurstAsync(sizes.Next, InFlight);
        report.Window($"Growth, the next {sizes.Next} mails at {before} activities, round {round}", Show.Window(measured));
        return measured;
    }
}
