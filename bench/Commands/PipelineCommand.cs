using System.CommandLine;
using EmailTracking.Bench.Measuring;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reports;

namespace EmailTracking.Bench.Commands;

/// <summary>Raw mail from a client process through the gateway to durable rows.</summary>
internal static class PipelineCommand
{
    private static readonly Option<string> Store = new("--store")
    {
        Description = "postgres or sqlite.", DefaultValueFactory = _ => "postgres",
    };

    private static readonly Option<int> Mails = Option("--mails", "Mails a round.", 20_000);
    private static readonly Option<int> Warm = Option("--warm", "Mails before that.", 5_000);
    private static readonly Option<int> Rounds = Option("--rounds", "Rounds.", 1);
    private static readonly Option<int> InFlight = Option("--in-flight", "Mails at a time.", 512);
    private static readonly Option<int> Silos = Option("--silos", "Silos.", 1);
    private static readonly Option<int> Rate = Option("--rate", "Mails a second; 0: as fast as they are answered.", 0);
    private static readonly Option<int> For = Option("--for", "How long that rate is held, in seconds.", 300);

    public static Command Create()
    {
        var command = new Command("pipeline", "Raw mail from a client process through the gateway to durable rows.")
        {
            Store, Mails, Warm, Rounds, InFlight, Silos, Rate, For,
        };
        Store.AcceptOnlyFromAmong("postgres", "sqlite");
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static Option<int> Option(string name, string description, int preset) =>
        new(name) { Description = description, DefaultValueFactory = _ => preset };

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var report = new Report();
        await using var server = parsed.GetValue(Store) == "postgres" ? await BenchServer.StartAsync() : null;
        await using var deployment = await Deployment.StartAsync(server, parsed.GetValue(Silos));
        await deployment.BurstAsync(parsed.GetValue(Warm), parsed.GetValue(InFlight));
        for (var round = 0; round < parsed.GetValue(Rounds); round++)
        {
            var measured = parsed.GetValue(Rate) is > 0 and var rate
                ? await deployment.SteadyAsync(rate, parsed.GetValue(For))
                : await deployment.BurstAsync(parsed.GetValue(Mails), parsed.GetValue(InFlight));
            report.Window($"Round {round + 1}", [.. Show.Window(measured), .. Show.Statements(measured)]);
        }

        await deployment.CheckAsync();
        return 0;
    }
}
