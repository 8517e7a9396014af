using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Commands;

/// <summary><c>history</c>: what people did, who and when.</summary>
internal static class HistoryCommand
{
    public static Command Create(CommandHost host)
    {
        var name = new Argument<string?>("MAIL")
        {
            Description = "A Message-ID, activity id or conversation id: what was done with it or its conversation. Without it: the latest acts",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var top = CommandHost.Number("--top", "How many at most, when no email is named", "N", 1, 1_000, 50);
        var command = host.Command(
            "history",
            "Shows what people did by hand, who and when, and whether it still stands.",
            "emailtracking history",
            "emailtracking history '<20260131.1234@contoso.com>'");
        command.Add(name);
        command.Add(top);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name);
            var acts = await client.ReadHistoryAsync(asked, parsed.GetValue(top), token) ?? throw ExplainCommand.NotSeen(asked!);
            if (acts.IsEmpty)
            {
                host.Console.Line("Nobody did anything by hand here.");
                return ExitCodes.Done;
            }

            var table = Show.Table("when", "who", "what", "emails", "stands", "act (for undo)");
            foreach (var past in acts)
            {
                table.Row(
                    Words.Of(past.Act.On),
                    past.Act.By,
                    What(past.Act),
                    Words.Of(past.Act.Emails.Distinct().Count()),
                    past.UndoneBy is { } by ? $"undone by {by}, {Words.Of(past.UndoneOn)}" : "yes",
                    past.Act.Id.ToString());
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string What(Act act)
    {
        var kind = act.Kind.ToString().ToLowerInvariant();
        var who = act.Address is { } address ? $" {address} as" : "";
        var about = act.Record is { } record ? $" {record}{(act.ForThisMailOnly ? ", this mail only" : "")}" : "";
        return act.Undoes is { } undone ? $"{kind} {undone}" : kind + who + about;
    }
}
