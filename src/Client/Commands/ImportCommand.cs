using System.CommandLine;
using EmailTracking.Client.Importing;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>import</c>: mail out of files into a mailbox.</summary>
internal static class ImportCommand
{
    private const int FolderLengthMax = 256;

    public static Command Create(CommandHost host)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "mbox files, maildirs, .eml files, and folders of them; .gz too",
            Arity = ArgumentArity.OneOrMore,
        };
        paths.Validators.Add(result =>
        {
            foreach (var path in result.Tokens.Select(token => token.Value).Where(path => !File.Exists(path) && !Directory.Exists(path)))
            {
                result.AddError($"There is no file or folder {path}. Check the path.");
            }
        });
        var mailbox = new Option<EmailAddress?>("--mailbox")
        {
            Description = "The mailbox where the mail was seen; created when there is none",
            HelpName = "ADDRESS",
            Required = true,
            CustomParser = ListCommand.Address,
        };
        var queue = new Option<bool>("--queue") { Description = "A mailbox that is created becomes a queue's" };
        var filter = MailboxCommand.Filter("Which mail a mailbox that is created tracks");
        var folder = new Option<string>("--folder")
        {
            Description = "The folder where the mail was seen; 'Sent Items' holds sent mail",
            HelpName = "NAME",
            DefaultValueFactory = _ => "Inbox",
        };
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && (name.Length is 0 or > FolderLengthMax || name.Any(char.IsControl)))
            {
                result.AddError($"--folder takes a name of 1 to {FolderLengthMax} characters.");
            }
        });
        var inFlight = CommandHost.Number(
            "--in-flight", "How many mails are on their way at once", "N", 1, ImportRequest.InFlightCeiling, 64);
        var restart = new Option<bool>("--restart") { Description = "Begin at the beginning, though an interrupted import could be gone on with" };
        var command = host.Command(
            "import",
            "Delivers the mail of files into a mailbox. Safe to repeat: mail that is there already stays as it is. " +
            "An import that is interrupted goes on where it was when the same command is given again. " +
            "Exit code 2: some messages failed, and are listed; 130: interrupted.",
            "emailtracking import ana.mbox --mailbox ana@contoso.com",
            "emailtracking import archive/ more.mbox.gz --mailbox support@contoso.com --queue",
            "emailtracking import Maildir/.Sent --mailbox ana@contoso.com --folder 'Sent Items' --filter 1");
        command.Add(paths);
        foreach (var option in new Option[] { mailbox, queue, filter, folder, inFlight, restart })
        {
            command.Add(option);
        }

        host.Connected(command, (parsed, client, token) =>
        {
            var request = new ImportRequest
            {
                Paths = [.. parsed.GetValue(paths)!],
                Mailbox = parsed.GetValue(mailbox)!.Value,
                Folder = parsed.GetValue(folder)!,
                IsQueue = parsed.GetValue(queue),
                Filter = (FilterMethod?)parsed.GetValue(filter),
                InFlightMax = parsed.GetValue(inFlight),
                Restarts = parsed.GetValue(restart),
            };
            return RunAsync(host, new Importer(client, request, host.Time), request, token);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, Importer importer, ImportRequest request, CancellationToken token)
    {
        var began = host.Time.GetTimestamp();
        var result = await ImportProgress.ShowAsync(host.Errors, importer.Tally, host.Time, () => importer.RunAsync(token));
        ImportSummary.Write(host.Console, request, result, host.Time.GetElapsedTime(began));
        if (result.Failure is { } failure)
        {
            throw failure;
        }

        return result.IsInterrupted ? ExitCodes.Interrupted
            : result.Counts.Failed > 0 || result.Counts.Deferred > 0 ? ExitCodes.SomeFailed
            : ExitCodes.Done;
    }
}
