using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Cluster;

public sealed class PreviewFigures(PreviewSilo silo, ITestOutputHelper output) : IClassFixture<PreviewSilo>
{
    private const int FigureBytes = 50 * 1024 * 1024;

    [Fact]
    public async Task Fifty_megabytes_are_previewed_in_seconds()
    {
        var file = Path.Combine(silo.Data, "..", $"{Path.GetFileName(silo.Data)}.mbox");
        WriteMbox(file, FigureBytes);
        try
        {
            var size = new FileInfo(file).Length;
            var watch = Stopwatch.StartNew();
            var id = await silo.OpenAsync(size);
            using var content = new StreamContent(File.OpenRead(file));
            using var answer = await silo.Page.PutAsync(new Uri($"preview/sessions/{id}/file?name=a.mbox", UriKind.Relative), content);
            var page = watch.Elapsed;
            var told = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            await silo.Page.DeleteAsync(new Uri($"preview/sessions/{id}", UriKind.Relative));
            Assert.Equal(size, (long)told["bytes"]!);
            Assert.True((bool)told["isEnded"]!);

            watch.Restart();
            using var command = Process.Start(SiloProcess.Dotnet("emailtracking.dll", ["preview", file, "--gateway", silo.Gateway]))!;
            var said = await command.StandardOutput.ReadToEndAsync() + await command.StandardError.ReadToEndAsync();
            await command.WaitForExitAsync();
            Assert.True(command.ExitCode == 0, said);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"figure: preview of an mbox of 50 MB, {(int)told["decided"]!} mails by five filters: page {page.TotalSeconds:f1} s, command line {watch.Elapsed.TotalSeconds:f1} s"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void WriteMbox(string file, long bytes)
    {
        using var writer = new StreamWriter(file);
        var body = string.Concat(Enumerable.Repeat("A line of a letter about desks, chairs and what else there is.\n", 60));
        for (var i = 0; writer.BaseStream.Length < bytes; i++)
        {
            var answers = i % 3 == 0 ? "" : $"In-Reply-To: <{i - 1}@big>\nReferences: <{i - (i % 3)}@big>\n";
            writer.Write(
                $"From a@x Mon Jan  5 10:00:00 2026\nFrom: p{i % 700}@fabrikam{i % 40}.com\nTo: ana@contoso.com\nSubject: Letter {i / 3}\n" +
                $"Message-ID: <{i}@big>\nDate: Mon, 5 Jan 2026 10:{i / 60 % 60:00}:{i % 60:00} +0000\n{answers}\n{body}\n");
        }
    }
}
