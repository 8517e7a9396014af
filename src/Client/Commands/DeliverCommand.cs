using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Intake;
using EmailTracking.Queries;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>deliver</c>: one message from standard input, for mail servers that hand mail to a command.</summary>
/// <remarks>
/// Its exit codes are those of sysexits.h, by which a mail server keeps a message, sends it back, or is done with it. Whatever is not
/// known to be wrong for good is to be tried again, so that no trouble of ours sends mail back.
/// </remarks>
internal sealed class DeliverCommand
{
    private readonly CommandHost _host;

    private DeliverCommand(CommandHost host) => _host = host;

    public static Command Create(CommandHost host) => new DeliverCommand(host).Create();

    private Command Create()
    {
        // Not checked while parsing: an address that is none is no mistake of the command line, but a user that does not exist.
        var mailbox = new Option<string>("--mailbox") { Description = "The mailbox where the message arrived", HelpName = "ADDRESS", Required = true };
        var folder = new Option<string>("--folder")
        {
            Description = "The folder where it arrived; 'Sent Items' holds sent mail", HelpName = "NAME", DefaultValueFactory = _ => "Inbox",
        };
        var operation = new Option<string?>("--operation")
        {
            Description = "Your name for this delivery: using it again for another message is refused. None is needed for a repetition to be safe",
            HelpName = "ID",
        };
        var command = _host.Command(
            "deliver",
            "Delivers one message from standard input, for mail servers that hand mail to a command. Safe to repeat. Exit code 0: it is " +
            "decided or kept, durably; 75: try again later; 65: it can never be taken (no mail, or too large); 67: there is no such mailbox.",
            "emailtracking deliver --mailbox support@contoso.com < message.eml",
            "emailtracking deliver --mailbox support@contoso.com --folder 'Sent Items' --operation 20260131-17 < message.eml");
        command.Add(mailbox);
        command.Add(folder);
        command.Add(operation);
        command.SetAction(async (parsed, token) =>
        {
            var delivery = new Delivery(
                parsed.GetValue(mailbox)!, parsed.GetValue(folder)!, parsed.GetValue(operation), _host.Time.GetUtcNow());
            try
            {
                return await DeliverAsync(parsed, delivery, token);
            }
            catch (Exception problem)
            {
                return Say(token.IsCancellationRequested ? "It was interrupted." : problem.Message, ExitCodes.TryAgain);
            }
        });
        return command;
    }

    private async Task<int> DeliverAsync(ParseResult parsed, Delivery delivery, CancellationToken token)
    {
        if (!EmailAddress.TryParse(delivery.Mailbox, out var mailbox))
        {
            return Say($"'{delivery.Mailbox}' is no mailbox address.", ExitCodes.NoUser);
        }

        await using var client = await _host.ConnectAsync(parsed, token);
        try
        {
            await using var input = _host.OpenInput();
            return Say(await client.DeliverAsync(delivery, input, token));
        }
        catch (DeliveryException problem)
        {
            return await ExistsAsync(client, mailbox, token)
                ? Say(problem.Message, ExitCodes.WrongData)
                : Say($"There is no mailbox {mailbox}. Create it: emailtracking mailbox set {mailbox} --filter 1", ExitCodes.NoUser);
        }
    }

    private static async Task<bool> ExistsAsync(EmailTrackingClient client, EmailAddress mailbox, CancellationToken token) =>
        (await client.ReadMailboxesAsync(token)).Any(one => one.Address == mailbox);

    private int Say(DeliveryAnswer answer)
    {
        var why = TraceWords.Of(answer.Reason);
        switch (answer.Outcome)
        {
            case Outcome.Tracked or Outcome.Skipped or Outcome.Waiting or Outcome.Deferred:
                var id = answer.ActivityId is { } activity ? $" ({activity})" : "";
                _host.Console.Line($"{Words.Of(answer.Outcome)}: {why}{id}");
                return ExitCodes.Done;
            case Outcome.Failed when answer.Reason is ReasonCode.NotMail or ReasonCode.TooLarge or ReasonCode.Poison:
                return Say($"{why}; it is kept, see: emailtracking dead-letters. {answer.Problem}".TrimEnd(), ExitCodes.WrongData);
            default:
                return Say(why, ExitCodes.TryAgain);
        }
    }

    private int Say(string problem, int code)
    {
        _host.Errors.Line(problem.ReplaceLineEndings(" "), Color.Red);
        return code;
    }
}
