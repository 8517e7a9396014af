using EmailTracking.Bench.Commands;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Records;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Measuring;

/// <summary>Loading many records by the command line, and what the next mails cost when so many are there.</summary>
internal sealed class RecordsBench(Report report, Sizes sizes, MailSource mails)
{
    private const double SecondsMax = 300;
    private const double MegabytesMax = 500;
    private const double TimesMax = 1.3;
    private const int InFlight = 512;

    /// <summary>Measures one store.</summary>
    /// <param name="server">The PostgreSQL server; null for SQLite, of which only the load is measured.</param>
    public async Task RunAsync(BenchServer? server)
    {
        var folder = Directory.CreateTempSubdirectory("emailtracking-records-");
        try
        {
            var file = Path.Combine(folder.FullName, "records.csv");
            var addresses = await RecordFileMaker.WriteAsync(file, sizes.Records, mails);
            await using var full = await Deployment.StartAsync(server, isSettled: true);
            await LoadAsync(full, server is null ? "SQLite" : "PostgreSQL", file, addresses);
            if (server is not null)
            {
                await using var empty = await Deployment.StartAsync(server, isSettled: true);
                await CompareAsync(empty, full);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task LoadAsync(Deployment deployment, string store, string file, int addresses)
    {
        var loaded = await deployment.LoadRecordsAsync(file, sizes.Records, addresses);
        var what = Report.Text($"Records, {store}: loading {sizes.Records:n0} with {addresses:n0} addresses");
        report.Window(what,
        [
            Report.Text($"{loaded.Seconds:f1} s, {sizes.Records / loaded.Seconds:f0} records a second"),
            Report.Text($"processor {loaded.Processor.All:f3} ms a record: client {loaded.Processor.Client:f3}, ")
                + Report.Text($"silos {loaded.Processor.Silos:f3}, server {loaded.Processor.Server:f3}"),
            Report.Text($"peak memory of the loading process {loaded.PeakMegabytes:f0} MB"),
        ]);
        report.Add(what, $"{loaded.Seconds:f1} s", $"under {SecondsMax:f0} s", loaded.Seconds < SecondsMax);
        report.Add($"Records, {store}: processor time a record", $"{loaded.Processor.All:f3} ms");
        report.Add(
            $"Records, {store}: peak memory of the loading process",
            $"{loaded.PeakMegabytes:f0} MB",
            $"under {MegabytesMax:f0} MB",
            loaded.PeakMegabytes < MegabytesMax);
    }

    private async Task CompareAsync(Deployment empty, Deployment full)
    {
        foreach (var deployment in new[] { empty, full })
        {
            await deployment.BurstAsync(sizes.RecordsWarm, InFlight);
            await deployment.MaintainAsync("vacuum analyze");
        }

        var (without, with) = (new List<Measured>(), new List<Measured>());
        for (var round = 1; round <= sizes.GrowthRounds; round++)
        {
            // In turn, and each first every other time: what else the machine does falls on both.
            var first = round % 2 == 0 ? full : empty;
            foreach (var deployment in new[] { first, first == full ? empty : full })
            {
                var measured = await deployment.BurstAsync(sizes.Next, InFlight);
                var what = deployment == full ? $"{sizes.Records} records" : "an empty directory";
                report.Window($"Records, {sizes.Next} mails with {what}, round {round}", Show.Window(measured));
                (deployment == full ? with : without).Add(measured);
            }
        }

        await empty.CheckAsync();
        await full.CheckAsync();
        var times = Report.Median(without.Zip(with, (one, other) => other.Processor.All / one.Processor.All));
        Processor("an empty directory", without);
        Processor(Report.Text($"{sizes.Records:n0} records, every participant among them"), with);
        report.Add("Records: processor time a mail, times", $"{times:f2}", $"at most {TimesMax:f1}", times <= TimesMax);

        void Processor(string what, List<Measured> measured) => report.Add(
            $"Records: processor time a mail with {what}", $"{Report.Median(measured.Select(one => one.Processor.All)):f3} ms");
    }
}
