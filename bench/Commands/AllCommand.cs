using System.CommandLine;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Measuring;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Commands;

/// <summary>Every benchmark, and a report.</summary>
internal static class AllCommand
{
    public static Command Create()
    {
        var full = new Option<bool>("--full")
        {
            Description = "Takes 40 minutes; without it, a minute, for figures that say little.",
        };
        var path = new Option<string?>("--report") { Description = "Where the report goes, for example docs/reports/bench.md." };
        var command = new Command("all", "The pipeline over both stores, the floor, growth, and records.") { full, path };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(full), parsed.GetValue(path)));
        return command;
    }

    private static async Task<int> RunAsync(bool isFull, string? path)
    {
        var (sizes, report, mails) = (isFull ? Sizes.Full : Sizes.Brief, new Report(), await MailSource.OpenAsync());
        var load = MarkdownReport.Load();
        await using var server = await BenchServer.StartAsync();
        var pipeline = new PipelineBench(report, sizes, mails);
        await pipeline.RunAsync(server);
        await pipeline.RunAsync(null);
        await new GrowthBench(report, sizes).RunAsync(server);
        var records = new RecordsBench(report, sizes, mails);
        await records.RunAsync(server);
        await records.RunAsync(null);
        if (!isFull)
        {
            // In full it takes longer than all others, and has a report of its own: the command reads.
            var reads = new ReadsBench(report, sizes, mails);
            await reads.RunAsync(server);
            await reads.RunAsync(null);
        }

        Console.WriteLine();
        foreach (var figure in report.Figures)
        {
            Console.WriteLine(isFull
                ? $"figure: {figure.What}: {figure.Value}{Aim(figure)}"
                : $"figure: brief, cold; {figure.What}: {figure.Value}");
        }

        if (path is not null)
        {
            var command = $"dotnet run -c Release --project bench -- all{(isFull ? " --full" : "")} --report {path}";
            await MarkdownReport.WriteAsync(report, path, command, load, mails.Name, server.Version);
        }

        return 0;
    }

    private static string Aim(Figure figure) => figure.Aim.Length > 0 ? $" ({figure.Aim}: {MarkdownReport.Met(figure)})" : "";
}
