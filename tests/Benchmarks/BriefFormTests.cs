using System.Diagnostics;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Benchmarks;

/// <summary>The benchmarks run to their end: their brief form, which says little of speed.</summary>
public sealed class BriefFormTests(ITestOutputHelper output)
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_benchmark_ends_with_each_mail_in_the_database_once()
    {
        var report = Path.Combine(Path.GetTempPath(), $"bench-{Guid.NewGuid():N}.md");
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "EmailTracking.Bench.dll"), "all", "--report", report])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };

        // Made-up mail is quicker to read than a corpus.
        start.Environment.Remove("EMAILTRACKING_CORPORA");
        using var bench = Process.Start(start)!;
        using var patience = new CancellationTokenSource(RunMax);
        using var registration = patience.Token.Register(() => bench.Kill(entireProcessTree: true));
        var (said, problems) = (bench.StandardOutput.ReadToEndAsync(), bench.StandardError.ReadToEndAsync());
        await bench.WaitForExitAsync();

        Assert.True(bench.ExitCode == 0, $"{await said}\n{await problems}");
        var figures = (await said).Split('\n').Where(line => line.StartsWith("figure: ", StringComparison.Ordinal)).ToArray();
        foreach (var figure in figures)
        {
            output.WriteLine(figure);
        }

        Assert.Contains(figures, figure => figure.Contains("PostgreSQL: processor time a mail", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("SQLite: processor time a mail", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("Floor: ", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("Growth: ", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("Records, PostgreSQL: loading 5,000 with 6,000 addresses", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("Records, SQLite: loading", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("Records: processor time a mail, times", StringComparison.Ordinal));
        Assert.Equal(2 * 7, figures.Count(figure => figure.Contains("of 1,000 activities", StringComparison.Ordinal)));
        Assert.Contains("| figure | measured | aim | |", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        File.Delete(report);
    }
}
