using System.Diagnostics;
using EmailTracking.Silo.Mime;
using EmailTracking.Tracking.Mail;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Unit.Mime;

/// <summary>Real mail, from a folder that is named from outside (<c>EMAILTRACKING_CORPORA</c>); without it there is nothing to do.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const double SecondsMax = 10;

    [Theory]
    [InlineData("torture")]
    [InlineData("autoreplies-bounces")]
    public async Task Every_file_is_read_or_refused_within_ten_seconds(string folder)
    {
        if (Environment.GetEnvironmentVariable("EMAILTRACKING_CORPORA") is not { Length: > 0 } corpora)
        {
            return;
        }

        var mapped = 0;
        var unmappable = new SortedDictionary<UnmappableReason, int>();
        var warnings = new SortedDictionary<MimeWarning, int>();
        var slowest = (Milliseconds: 0.0, File: "");
        var files = Directory.EnumerateFiles(Path.Combine(corpora, folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".eml" or ".mbox" or ".msg" or ".dat")
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            var start = Stopwatch.GetTimestamp();
            var result = AMail.Mapper().Map(bytes);
            var taken = Stopwatch.GetElapsedTime(start);
            slowest = taken.TotalMilliseconds > slowest.Milliseconds ? (taken.TotalMilliseconds, file) : slowest;

            Assert.True(taken.TotalSeconds < SecondsMax, file);
            Assert.Equal(AMail.Written(result), AMail.Written(await AMail.Mapper().MapAsync(new MemoryStream(bytes))));
            if (result is MimeResult.Mapped one)
            {
                mapped++;
                _ = FactsOfMail.Read(one.Headers);
                foreach (var warning in one.Warnings)
                {
                    warnings[warning] = warnings.GetValueOrDefault(warning) + 1;
                }
            }
            else
            {
                var reason = Assert.IsType<MimeResult.Unmappable>(result).Reason;
                unmappable[reason] = unmappable.GetValueOrDefault(reason) + 1;
                output.WriteLine($"{reason}: {file}");
                Assert.NotEqual(UnmappableReason.Failed, reason);
            }
        }

        var figure = FormattableString.Invariant(
            $"figure: {folder} {files.Length} files, {mapped} mapped, unmappable {List(unmappable)}, warnings {List(warnings)}, slowest {slowest.Milliseconds:f1} ms");
        output.WriteLine(figure);
        output.WriteLine(slowest.File);
        Console.WriteLine(figure);
    }

    private static string List<T>(SortedDictionary<T, int> counts)
        where T : struct => string.Join(' ', counts.Select(count => $"{count.Key}={count.Value}"));
}
