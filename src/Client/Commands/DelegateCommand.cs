using System.CommandLine;
using EmailTracking.Access;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>mailbox delegate</c>: who sees and tracks mail of a mailbox for its owner.</summary>
internal static class DelegateCommand
{
    public static Command Create(CommandHost host)
    {
        var address = new Argument<EmailAddress?>("ADDRESS") { Description = "The mailbox's address", CustomParser = ListCommand.Address };
        var add = new Option<Guid?>("--add") { Description = "Lets this user (systemuser) see and track its mail for its owner", HelpName = "USER" };
        var remove = new Option<Guid?>("--remove") { Description = "Lets this user do that no longer; what they tracked stays", HelpName = "USER" };
        var by = AccessOptions.By();
        var command = host.Command(
            "delegate",
            "Shows and says who sees and tracks mail of a mailbox for its owner.",
            "emailtracking mailbox delegate ana@contoso.com",
            "emailtracking mailbox delegate ana@contoso.com --add 11111111-2222-3333-4444-555555555555");
        command.Add(address);
        foreach (var option in new Option[] { add, remove, by })
        {
            command.Add(option);
        }

        host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = parsed.GetValue(address)!.Value;
            if (parsed.GetValue(add) is { } added &&
                await client.AddDelegateAsync(new Delegation(mailbox, added, parsed.GetValue(by)!, default), token) is { } problem)
            {
                throw new WrongInputException(problem);
            }

            if (parsed.GetValue(remove) is { } removed && !await client.RemoveDelegateAsync(mailbox, removed, token))
            {
                throw new WrongInputException($"User {removed} is no delegate of {mailbox}.");
            }

            var table = Show.Table("user", "since", "by");
            var delegates = await client.ReadDelegatesAsync(mailbox, token);
            foreach (var one in delegates)
            {
                table.Row(one.SystemUser.ToString(), Words.Of(one.AddedOn), one.AddedBy);
            }

            if (delegates.IsEmpty)
            {
                host.Console.Line($"Mailbox {mailbox} has no delegates.");
                return ExitCodes.Done;
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
