using EmailTracking.Client.Commands;
using Spectre.Console;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Runs the command line as a shell would, without a terminal.</summary>
internal static class Shell
{
    public static Task<Ran> RunAsync(FakeCluster cluster, params string[] args) =>
        RunAsync((_, _) => Task.FromResult(cluster.Client()), CancellationToken.None, args);

    /// <summary>Runs it with something on its standard input.</summary>
    public static Task<Ran> PipeAsync(FakeCluster cluster, Stream input, params string[] args) =>
        RunAsync((_, _) => Task.FromResult(cluster.Client()), input, args, CancellationToken.None);

    public static Task<Ran> RunAsync(Connect connect, CancellationToken stop, params string[] args) =>
        RunAsync(connect, Stream.Null, args, stop);

    private static async Task<Ran> RunAsync(Connect connect, Stream input, string[] args, CancellationToken stop)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(args, Terminal(output), Terminal(errors), connect, new SkippingTime(), () => input, stop);
        return new Ran(code, output.ToString(), errors.ToString());
    }

    private static IAnsiConsole Terminal(StringWriter writer)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        terminal.Profile.Width = 240;
        return terminal;
    }
}

/// <summary>What a command came to.</summary>
internal sealed record Ran(int Code, string Output, string Errors)
{
    /// <summary>The output with every run of blanks as one.</summary>
    public string Words => string.Join(' ', Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A folder that goes with its test.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("emailtracking-").FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>An mbox of mails with the subjects 1, 2, 3, …</summary>
    public string WriteMbox(int count) => Write("a.mbox", string.Concat(Enumerable.Range(1, count).Select(number =>
        $"From ana@contoso.com Mon Jan  5 10:00:00 2026\nFrom: ana@contoso.com\nSubject: {number}\n\nText.\n\n")));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
