using System.Runtime.InteropServices;
using EmailTracking.Client.Commands;
using Spectre.Console;

namespace EmailTracking.Client;

/// <summary>The <c>emailtracking</c> program.</summary>
internal static class Program
{
    // Tables in files and pipes have no window to fit into.
    private const int PipeWidth = 200;

    public static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var code = await CommandLine.RunAsync(
            args,
            Terminal(Console.Out, Console.IsOutputRedirected),
            Terminal(Console.Error, Console.IsErrorRedirected),
            (options, token) => EmailTrackingClient.ConnectAsync(options, token),
            TimeProvider.System,
            Console.OpenStandardInput,
            stop.Token);
        await Console.Out.FlushAsync();
        return code;

        // The first signal lets the command end well; the second ends the process.
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static IAnsiConsole Terminal(TextWriter writer, bool isRedirected)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            terminal.Profile.Width = PipeWidth;
        }

        return terminal;
    }
}
