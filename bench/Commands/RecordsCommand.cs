using System.CommandLine;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Measuring;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Commands;

/// <summary>Records alone.</summary>
internal static class RecordsCommand
{
    public static Command Create()
    {
        var store = new Option<string>("--store") { Description = "postgres or sqlite.", DefaultValueFactory = _ => "postgres" };
        store.AcceptOnlyFromAmong("postgres", "sqlite");
        var records = new Option<int>("--records") { Description = "Records.", DefaultValueFactory = _ => Sizes.Full.Records };
        var next = new Option<int>("--next") { Description = "Mails of a round.", DefaultValueFactory = _ => Sizes.Full.Next };
        var rounds = new Option<int>("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => Sizes.Full.GrowthRounds };
        var path = new Option<string?>("--report") { Description = "Where a report of it goes, for example docs/reports/records.md." };
        var command = new Command("records", "Loading many records, and what mails cost with them.")
        {
            store, records, next, rounds, path,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(store) == "postgres",
            parsed.GetValue(path),
            Sizes.Full with { Records = parsed.GetValue(records), Next = parsed.GetValue(next), GrowthRounds = parsed.GetValue(rounds) }));
        return command;
    }

    private static async Task<int> RunAsync(bool isPostgres, string? path, Sizes sizes)
    {
        var (report, mails, load) = (new Report(), await MailSource.OpenAsync(), MarkdownReport.Load());
        await using var server = isPostgres ? await BenchServer.StartAsync() : null;
        await new RecordsBench(report, sizes, mails).RunAsync(server);
        foreach (var figure in report.Figures)
        {
            Console.WriteLine($"figure: {figure.What}: {figure.Value}");
        }

        if (path is not null)
        {
            var command = $"dotnet run -c Release --project bench -- records --report {path}";
            await MarkdownReport.WriteAsync(report, path, command, load, mails.Name, server?.Version ?? "SQLite");
        }

        return 0;
    }
}
