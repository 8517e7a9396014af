using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Queries;

namespace EmailTracking.Client.Commands;

/// <summary><c>dead-letters</c>: messages that could not be decided.</summary>
internal static class DeadLettersCommand
{
    public static Command Create(CommandHost host)
    {
        var top = CommandHost.Number("--top", "How many at most, newest first", "N", 1, 1_000, 100);
        var command = host.Command(
            "dead-letters",
            "Lists the messages that could not be decided, and what to do about each. They are kept, and stop nothing.",
            "emailtracking dead-letters",
            "emailtracking dead-letters --top 10");
        command.Add(top);
        host.Connected(command, async (parsed, client, token) =>
        {
            var letters = await client.ReadDeadLettersAsync(parsed.GetValue(top), token);
            if (letters.IsEmpty)
            {
                host.Console.Line("There are no dead letters.");
                return ExitCodes.Done;
            }

            var table = Show.Table("failed", "mailbox", "folder", "step", "why", "what to do", "raw mail (SHA-256)");
            foreach (var letter in letters)
            {
                table.Row(
                    Words.Of(letter.FailedOn),
                    letter.Place.Mailbox.Value,
                    letter.Place.Folder,
                    letter.Step,
                    TraceWords.Of(letter.Reason),
                    letter.Problem,
                    letter.ContentHash);
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
