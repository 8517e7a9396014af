using System.CommandLine;
using EmailTracking.Bench.Measuring;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Commands;

/// <summary>Growth alone.</summary>
internal static class GrowthCommand
{
    public static Command Create()
    {
        var small = Option("--small", "Activities at first.", Sizes.Full.Small);
        var large = Option("--large", "Activities at last.", Sizes.Full.Large);
        var next = Option("--next", "Mails that are measured.", Sizes.Full.Next);
        var rounds = Option("--rounds", "Rounds.", Sizes.Full.GrowthRounds);
        var command = new Command("growth", "What the next mails cost at two sizes.") { small, large, next, rounds };
        command.SetAction((parsed, _) => RunAsync(Sizes.Full with
        {
            Small = parsed.GetValue(small),
            Large = parsed.GetValue(large),
            Next = parsed.GetValue(next),
            GrowthRounds = parsed.GetValue(rounds),
        }));
        return command;
    }

    private static Option<int> Option(string name, string description, int preset) =>
        new(name) { Description = description, DefaultValueFactory = _ => preset };

    private static async Task<int> RunAsync(Sizes sizes)
    {
        var report = new Report();
        await using var server = await BenchServer.StartAsync();
        await new GrowthBench(report, sizes).RunAsync(server);
        foreach (var figure in report.Figures)
        {
            Console.WriteLine($"figure: {figure.What}: {figure.Value}");
        }

        return 0;
    }
}
