using System.CommandLine;
using EmailTracking.Client.Rendering;

namespace EmailTracking.Client.Commands;

/// <summary><c>pending</c>: what people tracked and is not here yet.</summary>
internal static class PendingCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "pending", "Lists mail that people tracked and that is not here yet, with who, when, why not, and what to do.", "emailtracking pending");
        host.Connected(command, async (_, client, token) =>
        {
            var pending = await client.ReadPendingAsync(token);
            if (pending.IsEmpty)
            {
                host.Console.Line("Nothing is pending.");
                return ExitCodes.Done;
            }

            var table = Show.Table("when", "who", "mail", "mailbox", "tries", "what is in the way", "what to do", "act (for undo)");
            foreach (var track in pending)
            {
                table.Row(
                    Words.Of(track.CreatedOn),
                    track.By,
                    $"<{track.MessageId}>",
                    track.Mailbox.Value,
                    Words.Of(track.Tries),
                    track.Problem ?? "",
                    track.NextStep ?? "",
                    track.Act.ToString());
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
