using System.CommandLine;
using EmailTracking.Client.PastEmails;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Mail;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>records emails</c>: the emails that a Dynamics 365 tracked before, so that answers to them find their conversation.</summary>
internal static class PastEmailsCommand
{
    private const int FailuresShownMax = 50;

    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "An export of the table email: .csv with a header line, or .jsonl; UTF-8" };
        var mailbox = new Option<EmailAddress?>("--mailbox")
        {
            Description = "The mailbox that they count as seen in, best one of their own; created as a queue's that takes all mail",
            HelpName = "ADDRESS",
            Required = true,
            CustomParser = ListCommand.Address,
        };
        var command = host.Command(
            "emails",
            "Loads emails that a Dynamics 365 tracked: their headers and what they are about, so that answers and tokens find them. " +
            "The whole file is checked first: with one wrong line nothing is loaded. Safe to repeat. Load records before, and set the " +
            "TrackingPrefix that was in use. Fields: logicalname (email), messageid, inreplyto, conversationindex, trackingtoken, subject, " +
            "senton or createdon, sender or from, torecipients or to, ccrecipients or cc (a list, or separated by semicolons), " +
            "regardingobjectid (TABLE/ID), directioncode (true: sent by us). Exit code 2: some emails failed, and are listed.",
            "emailtracking records emails emails.jsonl --mailbox past@contoso.com",
            "",
            "A .jsonl file:",
            "  {\"logicalname\":\"email\",\"messageid\":\"<1@contoso.com>\",\"subject\":\"Desks\",\"trackingtoken\":\"CRM:0001001\",\"senton\":\"2025-01-31T08:00:00Z\",\"sender\":\"ana@contoso.com\",\"torecipients\":\"bo@fabrikam.com;\",\"directioncode\":true,\"regardingobjectid\":\"incident/3f2504e0-4f89-11d3-9a0c-0305e82c3301\"}");
        command.Add(file);
        command.Add(mailbox);
        command.SetAction((parsed, token) => RunAsync(host, parsed, parsed.GetValue(file)!, parsed.GetValue(mailbox)!.Value, token));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, ParseResult parsed, string file, EmailAddress mailbox, CancellationToken token)
    {
        // What is no such file is said without a cluster.
        _ = RecordFile.Read(file);
        await using var client = await host.ConnectAsync(parsed, token);
        var loader = new PastEmailLoader(client, mailbox, host.Time);
        var check = await LoadProgress.ShowAsync(host.Errors, host.Time, async progress =>
        {
            var settings = await client.ReadSettingsAsync(token);
            var lines = new PastEmailLines(new KnownTables(await client.ReadTablesAsync(token)), settings.TokenPrefixes);
            var found = PastEmailCheck.Of(RecordFile.Read(file, progress.Part("Checking")), lines);
            if (found.ProblemCount > 0)
            {
                return found;
            }

            await PastMailbox.EnsureAsync(client, mailbox, settings, found.HasOutgoing, token);
            await loader.DeliverAsync(file, lines, progress.Count("Delivering", found.Count, "emails"), token);
            await loader.SayRegardingAsync(progress.Count("What they are about", loader.AboutCount, "emails"), token);
            return found;
        });
        if (check.ProblemCount > 0)
        {
            host.WriteWrongLines(file, check.Problems, check.ProblemCount);
            return ExitCodes.WrongInput;
        }

        return Write(host, file, check, loader.Counts);
    }

    private static int Write(CommandHost host, string file, PastEmailCheck check, PastEmailCounts counts)
    {
        host.Console.Line(
            $"Loaded {Words.Of(counts.Delivered)} emails: {Words.Of(counts.New)} are new, the others were there. " +
            $"{Words.Of(counts.About)} are about a record.");
        if (!check.IgnoredFields.IsEmpty)
        {
            host.Console.Line($"Fields that are not read: {string.Join(", ", check.IgnoredFields)}");
        }

        if (counts.Failed == 0)
        {
            return ExitCodes.Done;
        }

        foreach (var failure in counts.Failures.Take(FailuresShownMax))
        {
            host.Errors.Line($"{file}, {failure}", Color.Red);
        }

        host.Errors.Line($"{Words.Of(counts.Failed)} emails failed, wholly or in what they are about. Put right what is said, and load the file again.");
        return ExitCodes.SomeFailed;
    }
}
