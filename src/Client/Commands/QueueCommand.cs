using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>queue</c>: the emails in a queue.</summary>
internal static class QueueCommand
{
    public static Command Create(CommandHost host)
    {
        var address = new Argument<EmailAddress?>("ADDRESS") { Description = "The address of the queue's mailbox", CustomParser = ListCommand.Address };
        var top = CommandHost.Number("--top", "How many at most", "N", 1, 1_000, 50);
        var command = host.Command(
            "queue",
            "Lists the emails in a queue, newest first. Each email is in a queue once, however often it reached it.",
            "emailtracking queue support@contoso.com");
        command.Add(address);
        command.Add(top);
        host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = parsed.GetValue(address)!.Value;
            var owner = (await client.ReadMailboxesAsync(token)).FirstOrDefault(one => one.Address == mailbox)?.Owner;
            if (owner is not { LogicalName: Tables.Queue } queue)
            {
                throw new WrongInputException(
                    $"{mailbox} is no queue's mailbox. Load a queue with this address first: emailtracking records load FILE");
            }

            var items = await client.ReadQueueAsync(queue.Id, parsed.GetValue(top), token);
            if (items.IsEmpty)
            {
                host.Console.Line("The queue is empty.");
                return ExitCodes.Done;
            }

            var table = Show.Table("entered", "from", "subject", "activity", "owner");
            foreach (var item in items)
            {
                var activity = item.Email.Activity;
                table.Row(
                    Words.Of(item.EnteredOn), activity?.Sender?.Value, activity?.Subject, activity?.ActivityId.ToString(), activity?.Owner.OwnerId?.ToString());
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
