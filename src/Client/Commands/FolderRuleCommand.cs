using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>folder-rule list</c>, <c>set</c> and <c>remove</c>: folders whose mail is tracked, whatever the filter says.</summary>
internal static class FolderRuleCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "folder-rule",
            "Shows and sets the folders whose mail is tracked, whatever the mailbox's filter says, and what it is about.",
            "emailtracking folder-rule list",
            "emailtracking folder-rule set ana@contoso.com Inbox/Fabrikam --regarding account/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "emailtracking folder-rule remove ana@contoso.com Inbox/Fabrikam");
        command.Add(List(host));
        command.Add(Set(host));
        command.Add(Remove(host));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var mailbox = Mailbox();
        mailbox.Arity = ArgumentArity.ZeroOrOne;
        var command = host.Command(
            "list", "Lists the folder rules, of one mailbox or of all.", "emailtracking folder-rule list", "emailtracking folder-rule list ana@contoso.com");
        command.Add(mailbox);
        host.Connected(command, async (parsed, client, token) =>
        {
            var meant = parsed.GetValue(mailbox);
            var mailboxes = (await client.ReadMailboxesAsync(token)).Where(one => meant is null || one.Address == meant).ToList();
            if (meant is not null && mailboxes.Count == 0)
            {
                throw new WrongInputException($"There is no mailbox {meant}. See: emailtracking mailbox list");
            }

            var table = Show.Table("mailbox", "folder", "regarding", "from", "until", "state");
            foreach (var (address, rule) in mailboxes.SelectMany(one => one.Folders.Select(rule => (one.Address, Rule: rule))))
            {
                table.Row(
                    address.Value, rule.Name, rule.Regarding?.ToString(), Days.Text(rule.From), Days.Text(rule.Until), MailboxWords.Of(rule.State));
            }

            if (table.Rows.Count == 0)
            {
                host.Console.Line("There are no folder rules. Make one: emailtracking folder-rule set MAILBOX FOLDER");
                return ExitCodes.Done;
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private const int ExistingMax = 100;

    private static Command Set(CommandHost host)
    {
        var (mailbox, folder) = (Mailbox(), Folder());
        var regarding = new Option<RecordReference?>("--regarding")
        {
            Description = "What its mail is about", HelpName = "TABLE/ID", CustomParser = Record,
        };
        var noRegarding = new Option<bool>("--no-regarding") { Description = "Its mail is tracked, and about nothing by itself" };
        var from = Days.Option("--from", "The first day (UTC) on which mail was received that it is for");
        var until = Days.Option("--until", "The first day (UTC) that it is not in force any more");
        var resume = new Option<bool>("--resume") { Description = "The folder that has the name now is the one that is meant: a rule that is paused goes on" };
        var existing = new Option<bool>("--existing")
        {
            Description = "Tracked mail that lies in the folder already is about the record as well, not only what comes from now on",
        };
        var yes = new Option<bool>("--yes") { Description = $"Do not stop at more than {ExistingMax} mails" };
        var command = host.Command(
            "set",
            "Makes a rule for a folder below the Inbox, or changes it; mail that comes into the folder from now on goes by it. What is not given " +
            "stays as it is.",
            "emailtracking folder-rule set ana@contoso.com Inbox/Fabrikam --regarding account/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "emailtracking folder-rule set ana@contoso.com Inbox/Fair --from 2026-03-01 --until 2026-04-01",
            "emailtracking folder-rule set ana@contoso.com Inbox/Fabrikam --regarding account/3f2504e0-4f89-11d3-9a0c-0305e82c3302 --existing",
            "emailtracking folder-rule set ana@contoso.com Inbox/Fabrikam --resume");
        command.Add(mailbox);
        command.Add(folder);
        foreach (var option in new Option[] { regarding, noRegarding, from, until, resume, existing, yes })
        {
            command.Add(option);
        }

        var author = new AuthorOptions();
        author.AddTo(command);

        command.Validators.Add(result =>
        {
            if (result.GetResult(regarding) is not null && result.GetResult(noRegarding) is not null)
            {
                result.AddError("Give --regarding or --no-regarding, not both.");
            }

            if (result.GetValue(existing) && result.GetValue(noRegarding))
            {
                result.AddError("--existing gives mail a record; with --no-regarding what it is about stays.");
            }
        });
        host.Connected(command, async (parsed, client, token) =>
        {
            var (address, name) = (parsed.GetValue(mailbox)!.Value, parsed.GetValue(folder)!);
            var rules = (await client.ReadMailboxesAsync(token)).FirstOrDefault(one => one.Address == address)?.Folders ?? [];
            var standing = rules.FirstOrDefault(one => one.Name == name);
            var before = standing ?? new TrackingFolder(name, null);
            var after = before with
            {
                Regarding = parsed.GetValue(noRegarding) ? null : parsed.GetValue(regarding) ?? before.Regarding,
                From = Days.Of(parsed, from, before.From),
                Until = Days.Of(parsed, until, before.Until),
                State = parsed.GetValue(resume) ? FolderRuleState.Active : before.State,
            };
            var isOther = standing is not null && after.Regarding is not null && after.Regarding != before.Regarding;
            var count = parsed.GetValue(existing) || isOther ? await client.CountFolderAsync(address, name, token) : 0;
            if (parsed.GetValue(existing))
            {
                if (count > ExistingMax && !parsed.GetValue(yes))
                {
                    throw new WrongInputException($"{count} mails would be about {after.Regarding}. To do that, add --yes; for new mail only, leave --existing out.");
                }

                host.Console.Line($"{count} tracked mails lie in {name}; they will be about {after.Regarding}.");
            }

            if (await client.SetFolderRuleAsync(address, after, author.Of(parsed), parsed.GetValue(existing), token) is { } problem)
            {
                throw new WrongInputException(problem);
            }

            var about = after.Regarding is { } record ? $"; it is about {record}" : "";
            host.Console.Line(
                $"Folder {name} of {address} {(standing is null ? "has a rule now" : "has its rule changed")}: its mail is tracked{about}. State: {MailboxWords.Of(after.State)}.");
            if (parsed.GetValue(existing))
            {
                host.Console.Line($"{await client.RelinkFolderAsync(address, name, token)} mails in it are about it now.");
            }

            else if (count > 0)
            {
                host.Console.Line(
                    $"{count} tracked mails lie in it and stay about what they are. To make them about it too: emailtracking folder-rule set {address} {name} --existing");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove(CommandHost host)
    {
        var (mailbox, folder) = (Mailbox(), Folder());
        var command = host.Command(
            "remove", "Removes a folder's rule. Mail that was tracked stays.", "emailtracking folder-rule remove ana@contoso.com Inbox/Fabrikam");
        var author = new AuthorOptions();
        command.Add(mailbox);
        command.Add(folder);
        author.AddTo(command);
        host.Connected(command, async (parsed, client, token) =>
        {
            var (address, name) = (parsed.GetValue(mailbox)!.Value, parsed.GetValue(folder)!);
            if (await client.RemoveFolderRuleAsync(address, name, author.Of(parsed), token) is { } problem)
            {
                throw new WrongInputException(problem);
            }

            host.Console.Line($"Folder {name} of {address} has no rule any more. Mail that was tracked stays.");
            return ExitCodes.Done;
        });
        return command;
    }

    // TABLE:ID is taken as well as TABLE/ID.
    private static RecordReference? Record(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (RecordReference.TryParse(result.Tokens[0].Value.Replace(':', '/'), out var record))
        {
            return record;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no record. Give TABLE/ID, for example contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301.");
        return null;
    }

    private static Argument<EmailAddress?> Mailbox() =>
        new("MAILBOX") { Description = "The mailbox's address", CustomParser = ListCommand.Address };

    private static Argument<string> Folder() => new("FOLDER") { Description = "The folder, its path from the top: Inbox/Projects" };
}
