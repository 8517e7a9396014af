using System.CommandLine;
using EmailTracking.Client.Previewing;
using EmailTracking.Client.Readers;
using EmailTracking.Client.Rendering;
using EmailTracking.Preview;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>preview</c>: what each filter would make of mail, without tracking any of it.</summary>
internal static class PreviewCommand
{
    public static Command Create(CommandHost host)
    {
        var path = new Argument<string>("PATH") { Description = "An mbox file, a maildir, an .eml file, or a folder of them; .gz too" };
        path.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !File.Exists(given) && !Directory.Exists(given))
            {
                result.AddError($"There is no file or folder {given}. Check the path.");
            }
        });
        var mailbox = new Option<EmailAddress?>("--mailbox")
        {
            Description = "The mailbox in whose inbox the mail is imagined [default: the address that most of the first mails were sent to]",
            HelpName = "ADDRESS",
            CustomParser = ListCommand.Address,
        };
        var queue = new Option<bool>("--queue") { Description = "The mailbox is a queue's, unless it is there already" };
        var top = CommandHost.Number("--top", "How many mails are listed", "N", 1, PreviewQuery.CountCeiling, 20);
        var mail = new Option<string?>("--mail")
        {
            Description = "Say of this mail alone why each filter tracks it or leaves it out, and show its thread",
            HelpName = "MESSAGE-ID",
        };
        var command = host.Command(
            "preview",
            "Shows what would be tracked and left out of your mail, and why, for each of the filters 0 to 4. Nothing is written.",
            "emailtracking preview archive.mbox",
            "emailtracking preview Maildir --mailbox ana@contoso.com --top 50",
            "emailtracking preview archive.mbox.gz --mail '<20260131.1234@contoso.com>'");
        command.Add(path);
        foreach (var option in new Option[] { mailbox, queue, top, mail })
        {
            command.Add(option);
        }

        host.Connected(command, async (parsed, client, token) =>
        {
            try
            {
                var request = new PreviewRequest(parsed.GetValue(mailbox), parsed.GetValue(queue));
                await using var preview = await client.OpenPreviewAsync(request, token);
                var summary = await FeedAsync(host, preview, parsed.GetValue(path)!, token);
                return parsed.GetValue(mail) is { } id
                    ? await ExplainAsync(host, preview, id, token)
                    : await ListAsync(host, preview, summary, parsed.GetValue(top), token);
            }
            catch (PreviewException problem)
            {
                throw new WrongInputException(problem.Message);
            }
        });
        return command;
    }

    private static async Task<PreviewSummary> FeedAsync(CommandHost host, MailPreview preview, string path, CancellationToken token)
    {
        var size = FolderWalk.Files(path)
            .Where(file => file.Problem is null)
            .Select(file => new FileInfo(file.FullPath))
            .Sum(file => file.Exists ? file.Length : 0);
        preview.CheckSize(size);
        var summary = await PreviewProgressLine.ShowAsync(
            host.Errors, size, host.Time, progress => preview.FeedAsync(MailFiles.Read(path, cancellationToken: token), progress, token));
        foreach (var problem in summary.Problems)
        {
            host.Errors.Line($"{problem.Source}: {problem.Advice}", Spectre.Console.Color.Yellow);
        }

        return summary.Progress.Decided > 0
            ? summary
            : throw new WrongInputException($"There is no mail in {path}. Nothing was changed.");
    }

    private static async Task<int> ListAsync(
        CommandHost host, MailPreview preview, PreviewSummary summary, int top, CancellationToken token)
    {
        PreviewTables.WriteSummary(host.Console, summary);
        var mails = await preview.ReadMailsAsync(new PreviewQuery(0, top, summary.Differing > 0, null), token);
        PreviewTables.WriteMails(host.Console, summary, mails);
        return ExitCodes.Done;
    }

    private static async Task<int> ExplainAsync(CommandHost host, MailPreview preview, string id, CancellationToken token)
    {
        var bare = MessageId.TryParse(id.Contains('<', StringComparison.Ordinal) ? id : $"<{id}>", out var parsed) ? parsed.Value : id;
        var found = await preview.ReadMailsAsync(new PreviewQuery(0, 1, false, bare), token);
        if (found.IsEmpty)
        {
            throw new WrongInputException($"No mail with the id {bare} was looked at. Copy the Message-ID from the mail's headers.");
        }

        foreach (var filter in Enum.GetValues<FilterMethod>().Order())
        {
            if (await preview.ExplainAsync(found[0].Number, filter, token) is { } explanation)
            {
                PreviewTables.WriteExplanation(host.Console, explanation);
            }
        }

        return ExitCodes.Done;
    }
}
