using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Sending;
using EmailTracking.Client;

namespace EmailTracking.Bench.Commands;

/// <summary>The separate client process: orders on standard input, a result for each on standard output.</summary>
internal static class ClientCommand
{
    /// <summary>Said once, when the client is connected and its mails are read.</summary>
    public const string Ready = "ready";

    public static Command Create()
    {
        var gateways = new Option<string[]>("--gateway") { Description = "A silo's gateway, host:port.", Required = true };
        var command = new Command("client", "Sends mails when told to. Used by the other commands.") { gateways };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(gateways)!));
        return command;
    }

    private static async Task<int> RunAsync(string[] gateways)
    {
        var mails = await MailSource.OpenAsync();
        await using var client = await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = gateways });
        var sender = new Sender(client, mails);
        await sender.CreateMailboxesAsync();
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is { } order)
        {
            var words = order.Split(' ');
            var result = words[0] == "burst"
                ? await sender.BurstAsync(Number(words[1]), Number(words[2]), Number(words[3]))
                : await sender.SteadyAsync(Number(words[1]), Number(words[2]), Number(words[3]));
            Console.WriteLine(JsonSerializer.Serialize(result));
        }

        return 0;
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
