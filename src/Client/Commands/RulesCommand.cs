using System.CommandLine;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>rules list</c>, <c>show</c>, <c>set</c>, <c>remove</c> and <c>history</c>: which records mail in queues becomes.</summary>
internal static class RulesCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "rules",
            "Shows and sets the record creation rules of queues: which mail becomes a case, and whose. A queue has one rule at most.",
            "emailtracking rules list",
            "emailtracking rules set support.json --why \"support begins\"",
            "emailtracking rules show support@contoso.com",
            "emailtracking rules history support@contoso.com",
            "emailtracking rules remove support@contoso.com");
        command.Add(List(host));
        command.Add(ShowOne(host));
        command.Add(Set(host));
        command.Add(Remove(host));
        command.Add(History(host));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists the queues that have a rule.", "emailtracking rules list");
        host.Connected(command, async (_, client, token) =>
        {
            var rules = (await client.ReadRulesAsync(token)).Where(version => version.Rule is not null).ToArray();
            if (rules.Length == 0)
            {
                host.Console.Line("No queue has a rule: mail becomes no records. Set one: emailtracking rules set FILE");
                return ExitCodes.Done;
            }

            var table = Show.Table("queue", "rule", "version", "items", "creates", "changed", "by");
            foreach (var version in rules)
            {
                var items = version.Rule!.Items;
                table.Row(
                    version.Queue.Value,
                    version.Rule.Name,
                    Words.Of(version.Version),
                    Words.Of(items.Length),
                    string.Join(", ", items.Select(item => item.Creates).Distinct()),
                    Words.Of(version.ChangedOn),
                    version.ChangedBy);
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command ShowOne(CommandHost host)
    {
        var queue = Queue();
        var command = host.Command(
            "show", "Prints the rule of a queue as 'rules set' takes it, and nothing else.", "emailtracking rules show support@contoso.com > support.json");
        command.Add(queue);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(queue)!.Value;
            var rule = (await client.ReadRuleHistoryAsync(asked, 1, token)).FirstOrDefault()?.Rule ??
                throw new WrongInputException($"{asked} has no rule. See: emailtracking rules list");

            // As it is, unwrapped: it is for a file.
            await host.Console.Profile.Out.Writer.WriteLineAsync(RuleFile.Write(rule));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var (file, author) = (new Argument<string>("FILE") { Description = "A .json file with one rule; - for what is piped in" }, new AuthorOptions());
        var command = host.Command(
            "set",
            "Sets the rule of the queue that the file names, in place of the one it had. In force for mail that is first seen after it.",
            "emailtracking rules set support.json --why \"support begins\"",
            "emailtracking rules show support@contoso.com | emailtracking rules set -",
            "",
            "Such a file:",
            $"  {RuleFile.Example}");
        command.Add(file);
        author.AddTo(command);
        command.SetAction(async (parsed, token) =>
        {
            var rule = RuleFile.Read(parsed.GetValue(file)!);
            await using var client = await host.ConnectAsync(parsed, token);
            var answer = await client.SetRuleAsync(rule, author.Of(parsed), token);
            return Tell(
                host,
                answer,
                answer.IsChanged
                    ? $"Mail that is first seen in {rule.Queue} from now on goes by rule {rule.Name}, version {answer.Version}."
                    : $"{rule.Queue} has this rule already (version {answer.Version}). Nothing was changed.");
        });
        return command;
    }

    private static Command Remove(CommandHost host)
    {
        var (queue, author) = (Queue(), new AuthorOptions());
        var command = host.Command(
            "remove",
            "Removes the rule of a queue. Records that it created stay, and so does its history.",
            "emailtracking rules remove support@contoso.com --why \"support moves\"");
        command.Add(queue);
        author.AddTo(command);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(queue)!.Value;
            return Tell(host, await client.RemoveRuleAsync(asked, author.Of(parsed), token), $"{asked} has no rule now: its mail becomes no records.");
        });
        return command;
    }

    private static Command History(CommandHost host)
    {
        var (queue, top) = (Queue(), CommandHost.Number("--top", "How many versions at most", "N", 1, IOrganizationGrain.HistoryMax, 50));
        var command = host.Command(
            "history", "Shows who changed the rule of a queue, when and why.", "emailtracking rules history support@contoso.com");
        command.Add(queue);
        command.Add(top);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(queue)!.Value;
            var versions = await client.ReadRuleHistoryAsync(asked, parsed.GetValue(top), token);
            if (versions.IsEmpty)
            {
                throw new WrongInputException($"{asked} never had a rule. See: emailtracking rules list");
            }

            var table = Show.Table("version", "when", "who", "what", "why");
            foreach (var version in versions)
            {
                table.Row(Words.Of(version.Version), Words.Of(version.ChangedOn), version.ChangedBy, Said(version.Rule), version.Why);
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Said(CreationRule? rule) => rule is null
        ? "removed"
        : $"{rule.Name}: {string.Join(", ", rule.Items.Select(item => $"{item.Name} -> {item.Creates}"))}";

    private static int Tell(CommandHost host, RuleAnswer answer, string done)
    {
        if (answer.Problem is { } problem)
        {
            throw new WrongInputException(problem);
        }

        host.Console.Line(done);
        return ExitCodes.Done;
    }

    private static Argument<EmailAddress?> Queue() =>
        new("QUEUE") { Description = "The address of the queue's mailbox", CustomParser = ListCommand.Address };
}
