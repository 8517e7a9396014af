using System.CommandLine;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Measuring;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Commands;

/// <summary>Reads alone.</summary>
internal static class ReadsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--activities") { Description = "Activities that are there.", DefaultValueFactory = _ => Sizes.Full.Read };
        var seconds = new Option<int>("--seconds") { Description = "How long is read.", DefaultValueFactory = _ => Sizes.Full.ReadSeconds };
        var store = new Option<string>("--store") { Description = "postgres, sqlite or both.", DefaultValueFactory = _ => "both" };
        store.AcceptOnlyFromAmong("postgres", "sqlite", "both");
        var path = new Option<string?>("--report") { Description = "Where the report goes, for example docs/reports/reads.md." };
        var command = new Command("reads", "How long people wait for what they look at, while mail comes in.") { count, seconds, store, path };
        command.SetAction((parsed, _) => RunAsync(
            Sizes.Full with { Read = parsed.GetValue(count), ReadSeconds = parsed.GetValue(seconds) },
            parsed.GetValue(store)!,
            parsed.GetValue(path)));
        return command;
    }

    private static async Task<int> RunAsync(Sizes sizes, string store, string? path)
    {
        var (report, mails, load) = (new Report(), await MailSource.OpenAsync(), MarkdownReport.Load());
        await using var server = await BenchServer.StartAsync();
        var bench = new ReadsBench(report, sizes, mails);
        if (store != "sqlite")
        {
            await bench.RunAsync(server);
        }

        if (store != "postgres")
        {
            await bench.RunAsync(null);
        }

        foreach (var figure in report.Figures)
        {
            Console.WriteLine($"figure: {figure.What}: {figure.Value} ({figure.Aim})");
        }

        if (path is not null)
        {
            await MarkdownReport.WriteAsync(report, path, $"dotnet run -c Release --project bench -- reads --report {path}", load, mails.Name, server.Version);
        }

        return 0;
    }
}
