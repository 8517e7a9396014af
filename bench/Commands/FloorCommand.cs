using System.CommandLine;
using EmailTracking.Bench.Floor;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Measuring;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Commands;

/// <summary>The floor alone: the pipeline runs once for its rows, then they are copied in again by several threads.</summary>
internal static class FloorCommand
{
    private const int InFlight = 512;

    public static Command Create()
    {
        var mails = new Option<int>("--mails") { Description = "Mails.", DefaultValueFactory = _ => 20_000 };
        var threads = new Option<int>("--threads") { Description = "The most threads.", DefaultValueFactory = _ => 4 };
        var command = new Command("floor", "MimeKit, then the pipeline's rows by COPY: the least that could be done.")
        {
            mails, threads,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(mails), parsed.GetValue(threads)));
        return command;
    }

    private static async Task<int> RunAsync(int count, int threadsMax)
    {
        var report = new Report();
        await using var server = await BenchServer.StartAsync();
        StoredRows rows;
        await using (var deployment = await Deployment.StartAsync(server))
        {
            report.Window("Pipeline", Show.Window(await deployment.BurstAsync(count, InFlight)));
            await deployment.CheckAsync();
            rows = await deployment.ReadRowsAsync(FloorRun.Together);
        }

        report.Window("Rows", Show.Rows(rows));
        var mails = await MailSource.OpenAsync();
        for (var threads = 1; threads <= threadsMax; threads++)
        {
            report.Window("Floor", [Show.Floor(await FloorRun.RunAsync(server, rows, mails, count, threads))]);
        }

        return 0;
    }
}
