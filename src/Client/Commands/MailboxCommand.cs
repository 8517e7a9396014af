using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>mailbox list</c> and <c>mailbox set</c>, and how mailboxes are read.</summary>
internal static class MailboxCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "mailbox",
            "Shows and sets which mail of a mailbox is tracked, and how it is read from its server.",
            "emailtracking mailbox list",
            "emailtracking mailbox set support@contoso.com --filter 0 --queue",
            "emailtracking mailbox connect support@contoso.com --profile office --secret env:SUPPORT_PASSWORD",
            "emailtracking mailbox approve support@contoso.com",
            "emailtracking mailbox test support@contoso.com --enable",
            "emailtracking mailbox status");
        command.Add(List(host));
        command.Add(Set(host));
        command.Add(DelegateCommand.Create(host));
        foreach (var one in MailboxConnectionCommands.Create(host))
        {
            command.Add(one);
        }

        return command;
    }

    /// <summary>The option that names a filter.</summary>
    public static Option<int?> Filter(string description)
    {
        var filter = new Option<int?>("--filter")
        {
            Description = $"{description} (0 all, 1 answers to tracked mail, 2 from leads, contacts and accounts, 3 from any record, 4 none)",
            HelpName = "0..4",
        };
        filter.Validators.Add(result => CommandHost.CheckRange(result, "--filter", 0, 4));
        return filter;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists the mailboxes with their filters and tracked folders.", "emailtracking mailbox list");
        host.Connected(command, async (_, client, token) =>
        {
            var mailboxes = await client.ReadMailboxesAsync(token);
            if (mailboxes.IsEmpty)
            {
                host.Console.Line("There are no mailboxes. An import creates one, and so does: emailtracking mailbox set ADDRESS --filter 0");
                return ExitCodes.Done;
            }

            var table = Show.Table("address", "kind", "filter", "owner", "tracked folders");
            foreach (var mailbox in mailboxes)
            {
                table.Row(
                    mailbox.Address.Value,
                    mailbox.IsQueue ? "queue" : "user",
                    Words.Of(mailbox.Filter),
                    mailbox.Owner?.ToString(),
                    string.Join(", ", mailbox.Folders.Select(one => one.Regarding is { } record ? $"{one.Name} ({record})" : one.Name)));
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var address = new Argument<EmailAddress?>("ADDRESS") { Description = "The mailbox's address", CustomParser = ListCommand.Address };
        var filter = Filter("Which of its mail is tracked");
        var (author, yes) = (new AuthorOptions(), MailboxOptions.Yes());
        var queue = new Option<bool?>("--queue") { Description = "Whether it is a queue's; '--queue false' makes it a user's" };
        var command = host.Command(
            "set",
            "Sets a mailbox's filter and kind; creates it when it does not exist. What is not given stays. Decisions made before stay too.",
            "emailtracking mailbox set ana@contoso.com --filter 1",
            "emailtracking mailbox set support@contoso.com --filter 0 --queue");
        command.Add(address);
        command.Add(filter);
        command.Add(queue);
        author.AddTo(command);
        command.Add(yes);
        command.Validators.Add(result =>
        {
            if (result.GetResult(filter) is null && result.GetResult(queue) is null)
            {
                result.AddError("Say what to set: --filter 0..4, --queue, or both.");
            }
        });
        host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = parsed.GetValue(address)!.Value;
            var standing = (await client.ReadMailboxesAsync(token)).FirstOrDefault(one => one.Address == mailbox);
            var before = standing ?? new MailboxFacts(mailbox, null, IsQueue: false, FilterMethod.All, []);
            var after = before with
            {
                IsQueue = parsed.GetResult(queue) is null ? before.IsQueue : parsed.GetValue(queue) ?? true,
                Filter = (FilterMethod?)parsed.GetValue(filter) ?? before.Filter,
            };

            // The filter of a mailbox that stands is an option of its own: who changes it is remembered, and told what it adds.
            if (standing is not null && after.Filter != before.Filter)
            {
                var value = ((int)after.Filter).ToString(System.Globalization.CultureInfo.InvariantCulture);
                var code = await MailboxOptions.SetAsync(
                    host, client, mailbox, MailboxOption.Filter, value, author.Of(parsed), parsed.GetValue(yes), token);
                if (code != ExitCodes.Done)
                {
                    return code;
                }
            }

            if (standing is null || after.IsQueue != before.IsQueue)
            {
                await client.SaveMailboxAsync(after, token);
            }

            var kind = after.IsQueue ? "a queue's" : "a user's";
            host.Console.Line($"Mailbox {mailbox} {(standing is null ? "is created" : "is set")}: {kind}; filter {Words.Of(after.Filter)}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
