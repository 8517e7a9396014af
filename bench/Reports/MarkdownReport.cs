using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EmailTracking.Bench.Reports;

/// <summary>A report as a file for people.</summary>
internal static class MarkdownReport
{
    private const double Gigabyte = 1L << 30;

    public static async Task WriteAsync(Report report, string path, string command, string load, string mails, string server)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllLinesAsync(path,
        [
            "# Benchmarks",
            "",
            $"Written by `{command}`; not edited by hand.",
            "",
            $"- Date: {DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC",
            $"- Commit: {Commit()}",
            $"- Machine: {Machine()}",
            $"- Load before and after (1, 5, 15 minutes): {load}; {Load()}",
            $"- .NET: {RuntimeInformation.FrameworkDescription}",
            $"- Database: {server}, with the settings of docker-compose.yml, fsync and synchronous_commit on",
            $"- Mail: replicas of {mails}, ids, references and bodies rewritten",
            "",
            "| figure | measured | aim | |",
            "|---|---:|---:|---|",
            .. report.Figures.Select(figure => $"| {figure.What} | {figure.Value} | {figure.Aim} | {Met(figure)} |"),
            "",
            "Processor time is user and system time as the kernel counts it, of the client process, every silo and every",
            "PostgreSQL process, over the measured window; making the mails is part of the client's. Figures of several windows",
            "are their median. Statements are the calls that pg_stat_statements counts, without those on Orleans' own tables.",
            "",
            "## Windows",
            "",
            "```",
            .. report.Windows,
            "```",
        ]);
    }

    public static string Met(Figure figure) => figure.IsMet switch { true => "met", false => "missed", null => "" };

    /// <summary>How busy the machine is: on a busy one, figures are worse than they need be.</summary>
    public static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static string Machine()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(IsName)?.Split(':')[1].Trim() ?? "unknown processor";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gigabyte;
        return Report.Text($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} x {processor}, {memory:f0} GB");

        static bool IsName(string line) => line.StartsWith("model name", StringComparison.Ordinal);
    }

    private static string Commit()
    {
        var start = new ProcessStartInfo("git", ["describe", "--always", "--dirty"]) { RedirectStandardOutput = true };
        using var git = Process.Start(start);
        return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
    }
}
