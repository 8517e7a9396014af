using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Mailboxes.Sync;

namespace EmailTracking.Client.Commands;

/// <summary><c>alerts</c>: what people should know of, and what to do.</summary>
internal static class AlertsCommand
{
    public static Command Create(CommandHost host)
    {
        var all = new Option<bool>("--all") { Description = "Also what is over" };
        var count = CommandHost.Number("--count", "How many at most", "N", 1, IServersGrain.AlertsMax, 100);
        var command = host.Command(
            "alerts",
            "Lists what people should know of, and what to do about each: what stands first, then the latest.",
            "emailtracking alerts",
            "emailtracking alerts --all --count 20");
        command.Add(all);
        command.Add(count);
        host.Connected(command, async (parsed, client, token) =>
        {
            var isAll = parsed.GetValue(all);
            var alerts = await client.ReadAlertsAsync(onlyStanding: !isAll, parsed.GetValue(count), token);
            if (alerts.IsEmpty)
            {
                host.Console.Line(isAll ? "There were no alerts." : "There are no alerts. Those that are over: emailtracking alerts --all");
                return ExitCodes.Done;
            }

            var table = Show.Table("level", "what", "since", "over", "what happened", "what to do");
            foreach (var alert in alerts)
            {
                table.Row(
                    MailboxWords.Of(alert.Level),
                    alert.Subject,
                    Words.Of(alert.RaisedOn),
                    alert.ClearedOn is { } over ? Words.Of(over) : "",
                    alert.Cause,
                    alert.NextStep);
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
