using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Storage;

namespace EmailTracking.Client.Commands;

/// <summary><c>review</c>: what a person should look at.</summary>
internal static class ReviewCommand
{
    public static Command Create(CommandHost host)
    {
        var top = CommandHost.Number("--top", "How many at most", "N", 1, 1_000, 100);
        var command = host.Command(
            "review",
            $"Lists ids of mail that nobody has shown us and that mail of more than {CrowdedId.DomainsMax} domains names: somebody may be tying threads together.",
            "emailtracking review",
            "emailtracking review --top 10");
        command.Add(top);
        host.Connected(command, async (parsed, client, token) =>
        {
            var ids = await client.ReadCrowdedIdsAsync(parsed.GetValue(top), token);
            if (ids.IsEmpty)
            {
                host.Console.Line("There is nothing to review.");
                return ExitCodes.Done;
            }

            var table = Show.Table("domains", "emails", "first email (for explain, split)", "id");
            foreach (var id in ids)
            {
                table.Row(Words.Of(id.Domains), Words.Of(id.Emails), id.First.ToString(), id.Key.ToString());
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
