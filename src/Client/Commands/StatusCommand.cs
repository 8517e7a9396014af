using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>status</c>: whether the cluster answers, and how much there is.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "status",
            "Tells whether the cluster answers, and how much there is. Exit code 75: it does not answer.",
            "emailtracking status",
            "emailtracking status --gateway crm1:30000,crm2:30000");
        host.Connected(command, async (_, client, token) =>
        {
            var counts = await client.CountAsync(token);
            var table = Show.Table("what", "count")
                .Row("emails tracked", Words.Of(counts.Emails))
                .Row("conversations", Words.Of(counts.Conversations));
            foreach (var outcome in Enum.GetValues<Outcome>())
            {
                table.Row($"sightings {Words.Of(outcome)}", Words.Of(counts.Decisions.GetValueOrDefault(outcome)));
            }

            table.Row("to be decided again (outbox)", Words.Of(counts.Outbox)).Row("dead letters", Words.Of(counts.DeadLetters));
            table.Columns[1].Alignment = Justify.Right;
            host.Console.Line($"The cluster answers. Organization: {client.Organization}");
            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
